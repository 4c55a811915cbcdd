// The fields of every kind as types that can be walked: the generated tables, read one definition at a time when it is first asked for.
import { definitionLines, resourceLines } from './fields.ts';
import { ciliumDefinitions, ciliumResources } from './cilium-fields.ts';
import { gatewayDefinitions, gatewayResources } from './gateway-fields.ts';
import { policyDefinitions, policyResources } from './policy-fields.ts';

export type Scalar = 'string' | 'int32' | 'int64' | 'number' | 'boolean' | 'quantity' | 'int-or-string' | 'time' | 'bytes';

/** How a strategic merge patch joins two lists: by a key of their items, or as sets of values. */
export type Merge = { readonly by: 'key'; readonly key: string } | { readonly by: 'value' } | null;

export type Shape =
  | { readonly is: 'scalar'; readonly type: Scalar }
  | { readonly is: 'any' }
  | { readonly is: 'list'; readonly of: Shape; readonly merge: Merge }
  | { readonly is: 'map'; readonly of: Shape }
  /** `retainsKeys`: a union, of which an apply keeps only the fields that it names. */
  | { readonly is: 'struct'; readonly definition: number; readonly retainsKeys: boolean };

export interface Definition {
  /** As messages of the API server write it: `v1.ServicePort`. */
  readonly goType: string;
  /** `ServicePort`. */
  readonly goName: string;
  /** By name; `*` where any other field may stand too. */
  readonly fields: ReadonlyMap<string, Shape>;
}

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly definition: number;
  /** Of a CustomResourceDefinition, whose wrong types are refused in other words. */
  readonly custom?: true;
}

// The lab's own kind, in the same form as the generated tables.
const ownResource = 'k8snet-lab/v1 Cluster clusters c v1.Cluster';
const ownDefinitions = [
  'v1.Cluster apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v1.ClusterSpec',
  'v1.ClusterSpec bgp:@v1.ClusterBGP cni:@v1.ClusterCNI kubeProxy:@v1.ClusterKubeProxy network:@v1.ClusterNetwork nodes:[@v1.ClusterNode!name underlay:@v1.ClusterUnderlay',
  'v1.ClusterBGP asNumber:l routeReflectors:{s',
  'v1.ClusterCNI *:a mode:s mtu:i plugin:s', // a plugin's own options are judged in their room
  'v1.ClusterKubeProxy mode:s',
  'v1.ClusterNetwork domain:s pods:s services:s',
  'v1.ClusterNode announces:s asNumber:l clusterDNS:[s cniInstalled:b conntrack:@v1.ClusterConntrack forwardPolicy:s hairpinMode:b interfaces:[@v1.ClusterInterface!name ipForward:b kubeProxy:@v1.ClusterNodeProxy maxPods:i missingRoutes:[s mtu:i name:s resolvConf:s rpFilter:s wireguard:b',
  'v1.ClusterNodeProxy running:b stale:[@v1.ClusterStaleService!service',
  'v1.ClusterStaleService endpoints:[s service:s',
  'v1.ClusterConntrack max:l used:l',
  'v1.ClusterInterface address:s name:s',
  'v1.ClusterUnderlay fragmentationNeeded:s hosts:[@v1.ClusterHost loadBalancers:a mtu:i securityGroups:[@v1.ClusterSecurityGroup!name segments:[[s sourceDestinationCheck:b',
  'v1.ClusterHost addresses:[s name:s ports:[@v1.ClusterHostPort',
  'v1.ClusterHostPort hosts:[s port:i protocol:s tls:[s',
  'v1.ClusterSecurityGroup egress:[@v1.ClusterSecurityRule ingress:[@v1.ClusterSecurityRule name:s nodes:[s pods:@v1.ClusterSecurityGroupPods',
  'v1.ClusterSecurityGroupPods matchLabels:{s namespace:s',
  'v1.ClusterSecurityRule peer:s ports:x protocol:s',
] as const;

const sharedNames: ReadonlySet<string> = new Set(['v1.ObjectMeta', 'v1.LabelSelector', 'v1.Condition']);

const scalars: Readonly<Record<string, Scalar>> = {
  s: 'string', i: 'int32', l: 'int64', f: 'number', b: 'boolean', q: 'quantity', x: 'int-or-string', t: 'time', y: 'bytes',
};

interface Tables {
  readonly lines: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly resources: readonly Resource[];
  readonly byVersionAndKind: ReadonlyMap<string, Resource>;
  readonly definitions: Map<number, Definition>;
}

let tables: Tables | undefined;

// Built on first use: whoever only prints a version must not pay for it.
function allTables(): Tables {
  if (tables !== undefined) return tables;
  const generated = definitionLines.trim().split('\n');
  const lines = [...generated, ...ownDefinitions, ...policyDefinitions, ...gatewayDefinitions, ...ciliumDefinitions];
  const numbers = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const name = line.slice(0, line.indexOf(' '));
    // Go's names repeat between groups; only what was added here, and a few that it needs, are asked for by name.
    if (index >= generated.length || sharedNames.has(name)) numbers.set(name, index);
  }
  const resources = [...resourceLines.trim().split('\n'), ownResource, ...policyResources, ...gatewayResources, ...ciliumResources].map((line): Resource => {
    const [apiVersion = '', kind = '', plural = '', scope = '', definition = ''] = line.split(' ');
    return { apiVersion, kind, plural, namespaced: scope === 'n', definition: numbers.get(definition) ?? Number(definition), ...(/^((policy|gateway)\.networking\.k8s\.io|cilium\.io)\//.test(apiVersion) ? { custom: true } : {}) };
  });
  const byVersionAndKind = new Map(resources.map((resource) => [`${resource.apiVersion} ${resource.kind}`, resource]));
  tables = { lines, numbers, resources, byVersionAndKind, definitions: new Map() };
  return tables;
}

/** Every kind that the schema has, with the lab's own. */
export const allResources = (): readonly Resource[] => allTables().resources;

/** The kind of an object, `undefined` where the schema has no such kind in that version. */
export const resourceOf = (apiVersion: string, kind: string): Resource | undefined => allTables().byVersionAndKind.get(`${apiVersion} ${kind}`);

/** The fields of a definition, by its number. */
export function definitionOf(number: number): Definition {
  const known = allTables().definitions.get(number);
  if (known !== undefined) return known;
  const [goType = '', ...fields] = (allTables().lines[number] ?? '').split(' ');
  const definition: Definition = {
    goType,
    goName: goType.slice(goType.indexOf('.') + 1),
    fields: new Map(fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon), readShape(field.slice(colon + 1))];
    })),
  };
  allTables().definitions.set(number, definition);
  return definition;
}

function readShape(code: string): Shape {
  const [, type = '', bang, key = '', retains] = /^([^!?~]*)(?:(!)([^?~]*))?(\?)?/.exec(code) ?? [];
  return readType(type, bang === undefined ? null : key === '' ? { by: 'value' } : { by: 'key', key }, retains !== undefined);
}

function readType(type: string, merge: Merge, retainsKeys: boolean): Shape {
  const rest = type.slice(1);
  switch (type[0]) {
    case '[': return { is: 'list', of: readType(rest, null, retainsKeys), merge };
    case '{': return { is: 'map', of: readType(rest, null, false) };
    case '#': return { is: 'struct', definition: Number(rest), retainsKeys };
    case '@': return { is: 'struct', definition: allTables().numbers.get(rest) ?? 0, retainsKeys };
    default: {
      const scalar = scalars[type];
      return scalar === undefined ? { is: 'any' } : { is: 'scalar', type: scalar };
    }
  }
}

const goScalars: Readonly<Record<Scalar, string>> = {
  string: 'string', int32: 'int32', int64: 'int64', number: 'float64', boolean: 'bool', quantity: 'resource.Quantity', 'int-or-string': 'intstr.IntOrString', time: 'v1.Time', bytes: '[]uint8',
};

/** Go's name of a type, as `cannot unmarshal … of type TYPE` has it. */
export function goTypeOf(shape: Shape): string {
  switch (shape.is) {
    case 'scalar': return goScalars[shape.type];
    case 'any': return 'interface {}';
    case 'list': return `[]${goTypeOf(shape.of)}`;
    case 'map': return `map[string]${goTypeOf(shape.of)}`;
    case 'struct': return definitionOf(shape.definition).goType;
  }
}

/** The shape of a whole object, `undefined` for a kind that the schema does not have. */
export function shapeOf(apiVersion: string, kind: string): Shape | undefined {
  const resource = resourceOf(apiVersion, kind);
  return resource === undefined ? undefined : { is: 'struct', definition: resource.definition, retainsKeys: false };
}
