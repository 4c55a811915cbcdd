// Small clusters for the tests of policies: pods from a few words, policies from YAML.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject, Labels, Protocol } from '../../../src/sim/model/object.ts';
import type { Direction, PolicyPeer, PolicyPod, PolicyVerdict } from '../../../src/sim/model/policy.ts';
import type { PacketProtocol } from '../../../src/sim/model/packet.ts';
import type { PolicyInput } from '../../../src/sim/policy/compile-policies.ts';
import { compilePolicies, policyKinds } from '../../../src/sim/policy/compile-policies.ts';
import type { PolicyIndex } from '../../../src/sim/policy/policy-index.ts';
import { judge } from '../../../src/sim/policy/judge.ts';
import type { Origin } from '../../../src/sim/cluster/store.ts';

export const sharedPath = (path: string): string => fileURLToPath(new URL(`../../../../shared/${path}`, import.meta.url));

/** The text of a file of ../shared, or `null` where the folder is missing. */
export const sharedText = (path: string): string | null => (existsSync(sharedPath(path)) ? readFileSync(sharedPath(path), 'utf8') : null);

export const podOf = (name: string, labels: Labels = {}, more: Partial<PolicyPod> = {}): PolicyPod => {
  const [namespace = '', own = ''] = name.split('/');
  return { namespace, name: own, labels, addresses: ['10.244.0.9'], node: 'worker-1', hostNetwork: false, running: true, namedPorts: [], ...more };
};

export const objectsOf = (text: string): KubeObject[] =>
  parseAllDocuments(text).flatMap((document): KubeObject[] => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });

/** A policy of the cluster from its spec in YAML, of v1alpha2, or of v1alpha1 by its kind. */
export const widePolicyOf = (name: string, spec: string, kind: 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy' = 'ClusterNetworkPolicy'): KubeObject =>
  Object.assign({ apiVersion: `policy.networking.k8s.io/${kind === 'ClusterNetworkPolicy' ? 'v1alpha2' : 'v1alpha1'}`, kind, metadata: { name } }, { spec: parse(spec) as unknown });

/** A NetworkPolicy from its spec in YAML. */
export const policyOf = (name: string, spec: string): KubeObject => {
  const [namespace = '', own = ''] = name.split('/');
  return Object.assign({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace, name: own } }, { spec: parse(spec) as unknown });
};

export interface ClusterWords {
  readonly pods: readonly PolicyPod[];
  readonly policies: readonly KubeObject[];
  readonly namespaces?: Readonly<Record<string, Labels>>;
  readonly ipBlocks?: 'all' | 'outside';
  readonly enforced?: readonly string[];
  readonly origin?: Origin;
  readonly nodes?: PolicyInput['nodes'];
  readonly hosts?: PolicyInput['hosts'];
  readonly services?: PolicyInput['services'];
  readonly apiServer?: PolicyInput['apiServer'];
}

export const inputOf = ({ pods, policies, namespaces = {}, ipBlocks = 'all', enforced = policyKinds, origin, nodes = [], hosts = [], services = [], apiServer = [] }: ClusterWords): PolicyInput =>
  ({ namespaces: new Map(Object.entries(namespaces)), pods, objects: policies.map((object) => ({ object, origin: origin ?? null })), enforced, ipBlocks, nodes, hosts, services, apiServer });

export const indexOf = (words: ClusterWords): PolicyIndex => compilePolicies(inputOf(words));

export type End = PolicyPod | string;

const ends = (end: End): PolicyPeer => (typeof end === 'string' ? { pod: null, ip: end } : { pod: end, ip: end.addresses[0] ?? '' });

/** The verdict of one side. */
export const ask = (index: PolicyIndex, direction: Direction, subject: PolicyPod, peer: End | PolicyPeer, port: number | null = 80, protocol: PacketProtocol = 'TCP'): PolicyVerdict =>
  judge(index, { direction, subject, peer: typeof peer === 'object' && 'ip' in peer ? peer : ends(peer), protocol, port });

/** Both sides together: what has no pod has no policies. */
export const connects = (index: PolicyIndex, from: End, to: End, port: number | null = 80, protocol: PacketProtocol = 'TCP'): boolean =>
  (typeof from === 'string' || ask(index, 'egress', from, to, port, protocol).allowed) && (typeof to === 'string' || ask(index, 'ingress', to, from, port, protocol).allowed);

/** The pods of a manifest as policies see them: at the given addresses by `NAMESPACE/NAME`, else at those of their status. */
export function podsOf(objects: readonly KubeObject[], addresses: Readonly<Record<string, string>>): PolicyPod[] {
  interface Written {
    readonly spec: { readonly nodeName?: string; readonly hostNetwork?: boolean; readonly containers: readonly { readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: Protocol }[] }[] };
    readonly status?: { readonly podIPs?: readonly { readonly ip: string }[] };
  }
  return objects.filter(({ kind }) => kind === 'Pod').map((object) => {
    const { spec, status } = object as KubeObject & Written;
    const name = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const namedPorts = spec.containers.flatMap(({ ports = [] }) => ports.flatMap((port) => (port.name === undefined ? [] : [{ name: port.name, port: port.containerPort, protocol: port.protocol ?? 'TCP' }])));
    const given = addresses[name];
    return podOf(name, object.metadata.labels ?? {}, {
      addresses: given === undefined ? (status?.podIPs ?? []).map(({ ip }) => ip) : [given], namedPorts, hostNetwork: spec.hostNetwork ?? false, node: spec.nodeName ?? 'worker-1',
    });
  });
}

/** The nodes of a manifest as `nodes` peers see them. */
export function nodesOf(objects: readonly KubeObject[]): NonNullable<PolicyInput['nodes']> {
  interface Written { readonly status: { readonly addresses: readonly { readonly address: string }[] } }
  return objects.filter(({ kind }) => kind === 'Node').map((object) => ({ labels: object.metadata.labels ?? {}, addresses: (object as KubeObject & Written).status.addresses.map(({ address }) => address) }));
}
