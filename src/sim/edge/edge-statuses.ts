// What controllers write into Ingresses, GatewayClasses, Gateways and HTTPRoutes: addresses and conditions with their reasons.
import { type Condition, type KubeObject, type ObjectRef } from '../model/object.ts';
import type { CompiledEdge } from './compile-edge.ts';
import { gatewayGroup, namespaceOf } from './edge-context.ts';
import { carriersOf, classServed, stands, type GatewayState, type ListenerState } from './gateway.ts';
import type { Attachment } from './http-route.ts';
import { rulesOf } from './http-route.ts';
import { classOf, serves } from './ingress.ts';

/** Addresses of a workload's way in, as its controller learns them: of the load balancer, or the node. */
export type AddressesOf = (workload: ObjectRef) => readonly { readonly ip?: string; readonly hostname?: string }[];

export interface EdgeStatus {
  readonly object: KubeObject;
  readonly status: Readonly<Record<string, unknown>>;
  /** Somebody reads the object; otherwise this is what it is born with. */
  readonly served: boolean;
}

const condition = (type: string, status: Condition['status'], reason: string, message: string, object: KubeObject): Condition & { readonly observedGeneration: number; readonly lastTransitionTime: string } => ({
  lastTransitionTime: object.metadata.creationTimestamp ?? '1970-01-01T00:00:00Z', message, observedGeneration: generationOf(object), reason, status, type,
});

const generationOf = (object: KubeObject): number => ('generation' in object.metadata && typeof object.metadata.generation === 'number' ? object.metadata.generation : 1);

const waiting = (gateway: KubeObject): readonly Condition[] => [
  { lastTransitionTime: '1970-01-01T00:00:00Z', message: 'Waiting for controller', reason: 'Pending', status: 'Unknown', type: 'Accepted' } as Condition,
  { lastTransitionTime: '1970-01-01T00:00:00Z', message: 'Waiting for controller', reason: 'Pending', status: 'Unknown', type: 'Programmed' } as Condition,
].slice(0, gateway.kind === 'GatewayClass' ? 1 : 2);

/** How many routes a listener has: also one that is not programmed counts its routes. */
const attachedTo = (state: GatewayState, index: number, attachments: readonly Attachment[]): number =>
  new Set(attachments.filter((one) => one.state === state && one.listeners.some((listener) => listener.index === index)).map(({ route }) => `${namespaceOf(route)}/${route.metadata.name}`)).size;

function listenerStatus(state: GatewayState, one: ListenerState, index: number, attachments: readonly Attachment[], ready: boolean): Readonly<Record<string, unknown>> {
  const { gateway } = state;
  const good = stands(one) && one.unresolved === null;
  const kinds = one.listener.protocol === 'HTTP' || one.listener.protocol === 'HTTPS' ? [{ group: gatewayGroup, kind: 'HTTPRoute' }] : [];
  return {
    attachedRoutes: attachedTo(state, index, attachments), name: one.listener.name, supportedKinds: kinds,
    conditions: [
      one.accepted === null ? condition('Accepted', one.conflicted === null ? 'True' : 'False', one.conflicted === null ? 'Accepted' : one.conflicted.reason, one.conflicted?.message ?? 'Listener is accepted', gateway) : condition('Accepted', 'False', one.accepted.reason, one.accepted.message, gateway),
      one.conflicted === null ? condition('Conflicted', 'False', 'NoConflicts', 'No conflicts', gateway) : condition('Conflicted', 'True', one.conflicted.reason, one.conflicted.message, gateway),
      one.unresolved === null ? condition('ResolvedRefs', 'True', 'ResolvedRefs', 'All references are resolved', gateway) : condition('ResolvedRefs', 'False', one.unresolved.reason, one.unresolved.message, gateway),
      good ? condition('Programmed', ready ? 'True' : 'False', ready ? 'Programmed' : 'Pending', ready ? 'Listener is programmed' : 'The data plane is not ready', gateway) : condition('Programmed', 'False', 'Invalid', one.unresolved?.message ?? one.conflicted?.message ?? one.accepted?.message ?? 'Listener is not valid', gateway),
    ],
  };
}

function gatewayStatus({ context, attachments }: CompiledEdge, state: GatewayState, addressesOf: AddressesOf): Readonly<Record<string, unknown>> {
  const { gateway } = state;
  if (state.unserved !== null) return { conditions: waiting(gateway) };
  const addresses = carriersOf(context, gateway).flatMap(({ ref }) => addressesOf(ref)).map(({ ip, hostname }) => (ip === undefined ? { type: 'Hostname', value: hostname ?? '' } : { type: 'IPAddress', value: ip }));
  const valid = state.listeners.some(stands);
  const all = state.listeners.every((one) => stands(one) && one.unresolved === null);
  const ready = addresses.length > 0;
  return {
    ...(ready ? { addresses } : {}),
    conditions: [
      all ? condition('Accepted', 'True', 'Accepted', 'Gateway is accepted', gateway) : condition('Accepted', valid ? 'True' : 'False', 'ListenersNotValid', 'One or more listeners are not valid', gateway),
      valid && ready ? condition('Programmed', 'True', 'Programmed', 'Gateway is programmed', gateway) : condition('Programmed', 'False', ready ? 'Invalid' : 'AddressNotAssigned', ready ? 'No listener is valid' : 'No address has been assigned to the Gateway', gateway),
    ],
    listeners: state.listeners.map((one, index) => listenerStatus(state, one, index, attachments, ready)),
  };
}

const messages: Readonly<Record<string, string>> = { RefNotPermitted: 'not permitted by any ReferenceGrant', BackendNotFound: 'a backend does not exist', InvalidKind: 'a backend is no Service' };

function routeStatus(compiled: CompiledEdge, route: KubeObject): Readonly<Record<string, unknown>> {
  const own = compiled.attachments.filter((one) => one.route === route && one.state !== null && one.state.unserved === null);
  return {
    parents: own.map(({ parent, reason, kept, state, route: of }) => {
      const { reasons } = rulesOf(compiled.context, of, ['']);
      const [first] = reasons;
      const { group, kind, name, namespace, port, sectionName } = parent;
      return {
        conditions: [
          condition('Accepted', reason === 'Accepted' ? 'True' : 'False', reason, reason === 'Accepted' ? 'Route is accepted' : kept?.why ?? '', route),
          condition('ResolvedRefs', first === undefined ? 'True' : 'False', first ?? 'ResolvedRefs', first === undefined ? 'All references are resolved' : messages[first] ?? '', route),
        ],
        controllerName: state?.class?.spec?.controllerName ?? '',
        parentRef: { group: group ?? gatewayGroup, kind: kind ?? 'Gateway', name, ...(namespace === undefined ? {} : { namespace }), ...(port === undefined ? {} : { port }), ...(sectionName === undefined ? {} : { sectionName }) },
      };
    }),
  };
}

/** The statuses of all objects of both APIs, in no order. */
export function edgeStatuses(compiled: CompiledEdge, addressesOf: AddressesOf): readonly EdgeStatus[] {
  const { context } = compiled;
  return [
    ...context.ingresses.map((ingress): EdgeStatus => {
      const found = classOf(context, ingress);
      const by = context.workloads.filter((workload) => workload.carries && serves(workload, found));
      const ingresses = by.flatMap(({ ref }) => addressesOf(ref));
      return { object: ingress, status: { loadBalancer: ingresses.length === 0 ? {} : { ingress: ingresses } }, served: by.length > 0 };
    }),
    ...context.gatewayClasses.map((cls): EdgeStatus => ({ object: cls, served: classServed(context, cls), status: { conditions: classServed(context, cls) ? [condition('Accepted', 'True', 'Accepted', 'GatewayClass is accepted', cls)] : waiting(cls) } })),
    ...compiled.gateways.map((state): EdgeStatus => ({ object: state.gateway, status: gatewayStatus(compiled, state, addressesOf), served: state.unserved === null })),
    ...context.routes.map((route): EdgeStatus => ({ object: route, status: routeStatus(compiled, route), served: compiled.attachments.some((one) => one.route === route && one.state !== null && one.state.unserved === null) })),
  ];
}

