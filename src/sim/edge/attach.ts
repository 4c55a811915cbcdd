// Which listeners take which route: every parent of every route, and what its Gateway says to it (gateway.networking.k8s.io/v1, ParentReference, AllowedRoutes).
import type { ParentReference } from '../model/edge-objects.ts';
import { refOf, refText, type ObjectRef } from '../model/object.ts';
import { gatewayGroup, listOf, namespaceOf, type EdgeContext } from './edge-context.ts';
import type { GatewayRoute } from './gateway-route.ts';
import { namespaceTaken, type GatewayState, type ListenerState } from './gateway.ts';
import { sharedHost } from './host-names.ts';

export type AttachReason = 'Accepted' | 'NoMatchingParent' | 'NotAllowedByListeners' | 'NoMatchingListenerHostname';

/** A host that a route and a listener share, and how the route writes it. */
export interface SharedHost {
  readonly host: string;
  readonly written: string;
}

/** One parentRef of a route and what its Gateway says to it. */
export interface Attachment {
  readonly route: GatewayRoute;
  readonly parent: ParentReference;
  readonly index: number;
  /** `null`: no such Gateway, or a parent of another kind. */
  readonly state: GatewayState | null;
  readonly reason: AttachReason;
  /** Places in the state's listeners, with the hosts that route and listener share; an empty one stands for every host. */
  readonly listeners: readonly { readonly index: number; readonly hosts: readonly SharedHost[] }[];
  /** What keeps it away: object and field that a repair would change. */
  readonly kept: { readonly object: ObjectRef; readonly field: string; readonly why: string } | null;
}

const fromText = (from: string, namespace: string): string => (from === 'Same' ? `its own namespace ${namespace} only` : from === 'Selector' ? 'namespaces with certain labels only' : 'no namespace');

/** The Gateway that a parent means, and its listeners that belong to the parent; `null` for nobody's. */
function parentOf(states: readonly GatewayState[], parent: ParentReference, home: string): { readonly state: GatewayState; readonly listeners: readonly (ListenerState & { readonly place: number })[] } | null {
  const kind = parent.kind ?? 'Gateway';
  if ((parent.group ?? gatewayGroup) !== gatewayGroup || (kind !== 'Gateway' && kind !== 'ListenerSet')) return null;
  const namespace = parent.namespace ?? home;
  const named = ({ kind: own, metadata }: { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string } }): boolean => own === kind && metadata.name === parent.name && (metadata.namespace ?? 'default') === namespace;
  const state = states.find(({ gateway, sets }) => named(gateway) || sets.some(({ set }) => named(set)));
  return state === undefined ? null : { state, listeners: state.listeners.map((one, place) => ({ ...one, place })).filter(({ owner }) => named(owner)) };
}

function attach(context: EdgeContext, route: GatewayRoute, parent: ParentReference, index: number, states: readonly GatewayState[]): Attachment {
  const at = `spec.parentRefs[${index}]`;
  const own = refOf(route.object);
  const home = namespaceOf(route.object);
  const name = refText(own);
  const known = parentOf(states, parent, home);
  const kind = parent.kind ?? 'Gateway';
  if (known === null) {
    const mine = (kind === 'Gateway' || kind === 'ListenerSet') && (parent.group ?? gatewayGroup) === gatewayGroup;
    const why = `${name} names ${kind} ${parent.namespace ?? home}/${parent.name} as its parent, which does not exist.`;
    if (mine) context.warn(route.object, 'parent-missing', `${at}.name`, why);
    return { route, parent, index, state: null, reason: 'NoMatchingParent', listeners: [], kept: mine ? { object: own, field: `${at}.name`, why } : null };
  }
  const { state } = known;
  const refused = (reason: AttachReason, object: ObjectRef, field: string, why: string): Attachment => {
    context.warn(route.object, 'route-not-attached', at, `${why} (${reason})`);
    return { route, parent, index, state, reason, listeners: [], kept: { object, field, why } };
  };
  const gateway = kind === 'Gateway' ? refText(refOf(state.gateway)) : `ListenerSet ${parent.namespace ?? home}/${parent.name}`;
  const turned = kind === 'ListenerSet' ? state.sets.find(({ set }) => set.metadata.name === parent.name)?.refused ?? null : null;
  if (turned !== null) return refused('NotAllowedByListeners', refOf(state.gateway), 'spec.allowedListeners', turned);
  const meant = known.listeners.filter(({ listener }) => (parent.sectionName === undefined || parent.sectionName === listener.name) && (parent.port === undefined || parent.port === listener.port));
  const first = meant[0];
  if (first === undefined) {
    const part = parent.sectionName === undefined ? 'port' : 'sectionName';
    const wanted = part === 'port' ? `on port ${parent.port ?? '?'}` : `called ${parent.sectionName ?? '?'}${parent.port === undefined ? '' : ` on port ${parent.port}`}`;
    return refused('NoMatchingParent', own, `${at}.${part}`, `${gateway} has no listener ${wanted} for ${name}: it has ${known.listeners.map(({ listener }) => `${listener.name} (${listener.port})`).join(', ') || 'none'}.`);
  }
  const right = meant.filter(({ kinds }) => kinds.includes(route.kind));
  const [fitting] = right;
  if (fitting === undefined) {
    const given = listOf(first.listener.allowedRoutes?.kinds).length > 0;
    return refused('NotAllowedByListeners', refOf(first.owner), given ? `${first.field}.allowedRoutes.kinds` : `${first.field}.protocol`, `Listener ${first.listener.name} of ${gateway} ${given ? '' : `speaks ${first.listener.protocol} and `}takes no ${route.kind}s: ${name} is refused.`);
  }
  const allowed = right.filter(({ owner, listener }) => namespaceTaken(context, listener.allowedRoutes?.namespaces, 'Same', namespaceOf(owner), home));
  if (allowed.length === 0) {
    const from = fitting.listener.allowedRoutes?.namespaces?.from ?? 'Same';
    return refused('NotAllowedByListeners', refOf(fitting.owner), `${fitting.field}.allowedRoutes.namespaces`, `Listener ${fitting.listener.name} of ${gateway} takes routes from ${fromText(from, namespaceOf(fitting.owner))}: ${name} is refused.`);
  }
  const hosts = route.hostnames.length === 0 ? [''] : route.hostnames;
  const listeners = allowed.flatMap(({ place, listener }) => {
    const shared = hosts.flatMap((written): readonly SharedHost[] => { const host = sharedHost(written, listener.hostname ?? ''); return host === null ? [] : [{ host, written }]; });
    return shared.length === 0 ? [] : [{ index: place, hosts: shared }];
  });
  if (listeners.length === 0) return refused('NoMatchingListenerHostname', own, 'spec.hostnames', `None of the hostnames of ${name} (${route.hostnames.join(', ')}) is among those of ${gateway} (${allowed.map(({ listener }) => listener.hostname ?? '*').join(', ')}).`);
  return { route, parent, index, state, reason: 'Accepted', listeners, kept: null };
}

/** Every parentRef of every route. */
export const attachmentsOf = (context: EdgeContext, routes: readonly GatewayRoute[], states: readonly GatewayState[]): readonly Attachment[] =>
  routes.flatMap((route) => route.parents.map((parent, index) => attach(context, route, parent, index, states)));

/** How many routes a listener has: one that does not stand has none (ListenerStatus.attachedRoutes). */
export const attachedTo = (state: GatewayState, index: number, attachments: readonly Attachment[]): number => {
  const listener = state.listeners[index];
  if (listener === undefined || listener.conflicted !== null || listener.accepted !== null) return 0;
  return new Set(attachments.filter((one) => one.state === state && one.listeners.some((taken) => taken.index === index)).map(({ route }) => refText(refOf(route.object)))).size;
};

