// What controllers write into Ingresses, GatewayClasses, Gateways and HTTPRoutes: addresses and conditions with their reasons.
import { type Condition, type KubeObject, type ObjectRef } from '../model/object.ts';
import type { CompiledEdge } from './compile-edge.ts';
import { attachedTo, type Attachment } from './attach.ts';
import { gatewayGroup, listOf, namespaceOf } from './edge-context.ts';
import { backendTlsOf } from './backend-tls.ts';
import { carriersOf, classServed, stands, type GatewayState, type ListenerState } from './gateway.ts';
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

function listenerStatus(state: GatewayState, one: ListenerState, index: number, attachments: readonly Attachment[], ready: boolean): Readonly<Record<string, unknown>> {
  const { owner } = one;
  const good = stands(one) && one.unresolved === null;
  const wrong = one.accepted ?? one.conflicted;
  return {
    attachedRoutes: attachedTo(state, index, attachments), name: one.listener.name, supportedKinds: one.kinds.map((kind) => ({ group: gatewayGroup, kind })),
    conditions: [
      wrong === null ? condition('Accepted', 'True', 'Accepted', 'Listener is accepted', owner) : condition('Accepted', 'False', wrong.reason, wrong.message, owner),
      one.conflicted === null ? condition('Conflicted', 'False', 'NoConflicts', 'No conflicts', owner) : condition('Conflicted', 'True', one.conflicted.reason, one.conflicted.message, owner),
      one.unresolved === null ? condition('ResolvedRefs', 'True', 'ResolvedRefs', 'All references are resolved', owner) : condition('ResolvedRefs', 'False', one.unresolved.reason, one.unresolved.message, owner),
      good ? condition('Programmed', ready ? 'True' : 'False', ready ? 'Programmed' : 'Pending', ready ? 'Listener is programmed' : 'The data plane is not ready', owner) : condition('Programmed', 'False', one.conflicted?.reason ?? 'Invalid', one.unresolved?.message ?? wrong?.message ?? 'Listener is not valid', owner),
    ],
  };
}

const addressesFor = ({ context }: CompiledEdge, state: GatewayState, addressesOf: AddressesOf): readonly { readonly type: string; readonly value: string }[] =>
  carriersOf(context, state.gateway).flatMap(({ ref }) => addressesOf(ref)).map(({ ip, hostname }) => (ip === undefined ? { type: 'Hostname', value: hostname ?? '' } : { type: 'IPAddress', value: ip }));

function gatewayStatus(compiled: CompiledEdge, state: GatewayState, addressesOf: AddressesOf): Readonly<Record<string, unknown>> {
  const { gateway } = state;
  if (state.unserved !== null) return { conditions: waiting(gateway) };
  const addresses = addressesFor(compiled, state, addressesOf);
  const own = state.listeners.map((one, index) => ({ one, index })).filter(({ one }) => one.owner === gateway);
  const valid = own.some(({ one }) => stands(one));
  const all = own.every(({ one }) => stands(one) && one.unresolved === null);
  const ready = addresses.length > 0;
  const sets = state.sets.filter(({ set, refused }) => refused === null && state.listeners.some((one) => one.owner === set && stands(one)));
  return {
    ...(ready ? { addresses } : {}), ...(state.sets.length > 0 ? { attachedListenerSets: sets.length } : {}),
    conditions: [
      all ? condition('Accepted', 'True', 'Accepted', 'Gateway is accepted', gateway) : condition('Accepted', valid ? 'True' : 'False', 'ListenersNotValid', 'One or more listeners are not valid', gateway),
      valid && ready ? condition('Programmed', 'True', 'Programmed', 'Gateway is programmed', gateway) : condition('Programmed', 'False', ready ? 'Invalid' : 'AddressNotAssigned', ready ? 'No listener is valid' : 'No address has been assigned to the Gateway', gateway),
    ],
    listeners: own.map(({ one, index }) => listenerStatus(state, one, index, compiled.attachments, ready)),
  };
}

function setStatus(compiled: CompiledEdge, state: GatewayState, { set, refused }: GatewayState['sets'][number], addressesOf: AddressesOf): Readonly<Record<string, unknown>> {
  if (refused !== null) return { conditions: [condition('Accepted', 'False', 'NotAllowed', refused, set), condition('Programmed', 'False', 'NotAllowed', refused, set)] };
  const own = state.listeners.map((one, index) => ({ one, index })).filter(({ one }) => one.owner === set);
  const valid = own.some(({ one }) => stands(one));
  const all = own.every(({ one }) => stands(one) && one.unresolved === null);
  const ready = addressesFor(compiled, state, addressesOf).length > 0;
  const says = 'One or more listeners are not valid';
  return {
    conditions: [
      condition('Accepted', valid ? 'True' : 'False', all ? 'Accepted' : 'ListenersNotValid', all ? 'ListenerSet is accepted' : says, set),
      valid ? condition('Programmed', ready ? 'True' : 'False', ready ? 'Programmed' : 'Pending', ready ? 'ListenerSet is programmed' : 'The data plane is not ready', set) : condition('Programmed', 'False', 'ListenersNotValid', says, set),
    ],
    listeners: own.map(({ one, index }) => { const { attachedRoutes, ...rest } = listenerStatus(state, one, index, compiled.attachments, ready); return { attachedRoutes, ...rest, port: one.listener.port }; }),
  };
}

/** One for each Gateway that asks its Service by way of a route. */
function tlsPolicyStatus({ context, gateways, attachments }: CompiledEdge, policy: EdgeStatus['object'] & CompiledEdge['context']['backendTls'][number]): Readonly<Record<string, unknown>> {
  const targets = listOf(policy.spec?.targetRefs).flatMap(({ name, sectionName }) => {
    const service = context.service(namespaceOf(policy), name);
    return service === undefined ? [] : listOf(service.spec.ports).filter((port) => sectionName === undefined || port.name === sectionName).map((port) => ({ service, port, tls: backendTlsOf(context, service, port.name ?? '') }));
  });
  const uses = (state: GatewayState): boolean => attachments.some((one) => one.state === state && one.listeners.length > 0 && one.route.rules.some(({ backendRefs }) => listOf(backendRefs).some(({ name, namespace }) => targets.some(({ service }) => service.metadata.name === name && namespaceOf(service) === (namespace ?? namespaceOf(one.route.object))))));
  const won = targets.some(({ tls }) => tls?.policy === policy);
  const broken = targets.find(({ tls }) => tls?.policy === policy)?.tls?.broken ?? null;
  return {
    ancestors: gateways.filter((state) => state.unserved === null && uses(state)).map((state) => ({
      ancestorRef: { group: gatewayGroup, kind: 'Gateway', name: state.gateway.metadata.name, namespace: namespaceOf(state.gateway) }, controllerName: state.class?.spec?.controllerName ?? '',
      conditions: [
        broken !== null ? condition('Accepted', 'False', 'NoValidCACertificate', broken.why, policy) : won ? condition('Accepted', 'True', 'Accepted', 'Policy has been accepted', policy) : condition('Accepted', 'False', 'Conflicted', 'An older policy targets the same Service', policy),
        broken !== null ? condition('ResolvedRefs', 'False', broken.reason === 'InvalidKind' ? 'InvalidKind' : 'InvalidCACertificateRef', broken.why, policy) : condition('ResolvedRefs', 'True', 'ResolvedRefs', 'All references are resolved', policy),
      ],
    })),
  };
}

function routeStatus(compiled: CompiledEdge, route: KubeObject): Readonly<Record<string, unknown>> {
  const own = compiled.attachments.filter((one) => one.route.object === route && one.state !== null && one.state.unserved === null);
  return {
    parents: own.map(({ parent, reason, kept, state, route: of }) => {
      const [first] = rulesOf(compiled.context, of, [{ host: '', written: '' }]).faults;
      const { group, kind, name, namespace, port, sectionName } = parent;
      return {
        conditions: [
          condition('Accepted', reason === 'Accepted' ? 'True' : 'False', reason, reason === 'Accepted' ? 'Route is accepted' : kept?.why ?? '', route),
          first === undefined ? condition('ResolvedRefs', 'True', 'ResolvedRefs', 'All references are resolved', route) : condition('ResolvedRefs', 'False', first.reason, first.message, route),
        ],
        controllerName: state?.class?.spec?.controllerName ?? '',
        parentRef: { group: group ?? gatewayGroup, kind: kind ?? 'Gateway', name, ...(namespace === undefined ? {} : { namespace }), ...(port === undefined ? {} : { port }), ...(sectionName === undefined ? {} : { sectionName }) },
      };
    }),
  };
}

/** The statuses of all objects of both APIs, in no order; `assumed`: the controller of every GatewayClass is taken to run. */
export function edgeStatuses(compiled: CompiledEdge, addressesOf: AddressesOf, assumed = false): readonly EdgeStatus[] {
  const { context } = compiled;
  return [
    ...context.ingresses.map((ingress): EdgeStatus => {
      const found = classOf(context, ingress);
      const by = context.workloads.filter((workload) => workload.carries && serves(workload, found));
      const ingresses = by.flatMap(({ ref }) => addressesOf(ref));
      return { object: ingress, status: { loadBalancer: ingresses.length === 0 ? {} : { ingress: ingresses } }, served: by.length > 0 };
    }),
    ...context.gatewayClasses.map((cls): EdgeStatus => {
      const served = assumed || classServed(context, cls);
      return { object: cls, served, status: { conditions: served ? [condition('Accepted', 'True', 'Accepted', 'GatewayClass is accepted', cls)] : waiting(cls) } };
    }),
    ...compiled.gateways.map((state): EdgeStatus => ({ object: state.gateway, status: gatewayStatus(compiled, state, addressesOf), served: state.unserved === null })),
    ...compiled.gateways.flatMap((state) => state.sets.map((one): EdgeStatus => ({ object: one.set, status: state.unserved === null ? setStatus(compiled, state, one, addressesOf) : { conditions: waiting(one.set) }, served: state.unserved === null }))),
    ...context.backendTls.map((policy): EdgeStatus => { const status = tlsPolicyStatus(compiled, policy); return { object: policy, status, served: Array.isArray(status['ancestors']) && status['ancestors'].length > 0 }; }),
    ...[...context.httpRoutes, ...context.grpcRoutes, ...context.streamRoutes].map((route): EdgeStatus => ({ object: route, status: routeStatus(compiled, route), served: compiled.attachments.some((one) => one.route.object === route && one.state !== null && one.state.unserved === null) })),
  ];
}

