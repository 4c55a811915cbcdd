// HTTPRoute, gateway.networking.k8s.io/v1: which listeners take it, and what its rules make of a request.
import { matchesLabels } from '../cluster/selector.ts';
import type { EdgeBackend, EdgeChange, EdgeCondition, EdgePath, EdgeRedirect, EdgeRoute } from '../model/edge.ts';
import type { GatewayListener, HttpPathModifier, HttpRoute, HttpRouteFilter, HttpRouteMatch, ParentReference } from '../model/edge-objects.ts';
import { refOf, refText } from '../model/object.ts';
import { routeBackend, type ReferenceReason } from './edge-backend.ts';
import { gatewayGroup, listOf, namespaceOf, type EdgeContext } from './edge-context.ts';
import type { GatewayState } from './gateway.ts';
import { hostRank, sharedHost } from './host-names.ts';
import { byPath } from './path-match.ts';

export type AttachReason = 'Accepted' | 'NoMatchingParent' | 'NotAllowedByListeners' | 'NoMatchingListenerHostname';

/** One parentRef of a route and what its Gateway says to it. */
export interface Attachment {
  readonly route: HttpRoute;
  readonly parent: ParentReference;
  readonly index: number;
  /** `null`: no such Gateway, or a parent of another kind. */
  readonly state: GatewayState | null;
  readonly reason: AttachReason;
  /** Places in the Gateway's `spec.listeners`, with the hosts that route and listener share; empty stands for every host. */
  readonly listeners: readonly { readonly index: number; readonly hosts: readonly string[] }[];
  /** What keeps it away: object and field that a repair would change. */
  readonly kept: { readonly object: ReturnType<typeof refOf>; readonly field: string; readonly why: string } | null;
}

function allows(context: EdgeContext, listener: GatewayListener, home: string, namespace: string): boolean {
  const kinds = listOf(listener.allowedRoutes?.kinds);
  if (kinds.length > 0 && !kinds.some(({ group, kind }) => kind === 'HTTPRoute' && (group ?? gatewayGroup) === gatewayGroup)) return false;
  if (listener.protocol !== 'HTTP' && listener.protocol !== 'HTTPS') return false;
  switch (listener.allowedRoutes?.namespaces?.from ?? 'Same') {
    case 'All': return true;
    case 'Same': return home === namespace;
    case 'Selector': return matchesLabels(listener.allowedRoutes?.namespaces?.selector, context.namespaceLabels(namespace));
    case 'None': return false;
  }
}

function attach(context: EdgeContext, route: HttpRoute, parent: ParentReference, index: number, states: readonly GatewayState[]): Attachment {
  const at = `spec.parentRefs[${index}]`;
  const home = namespaceOf(route);
  const namespace = parent.namespace ?? home;
  const own = (parent.group ?? gatewayGroup) === gatewayGroup && (parent.kind ?? 'Gateway') === 'Gateway';
  const state = own ? states.find(({ gateway }) => gateway.metadata.name === parent.name && namespaceOf(gateway) === namespace) ?? null : null;
  const name = refText(refOf(route));
  const refused = (reason: AttachReason, object: ReturnType<typeof refOf>, field: string, why: string): Attachment => {
    context.warn(route, 'route-not-attached', at, `${why} (${reason})`);
    return { route, parent, index, state, reason, listeners: [], kept: { object, field, why } };
  };
  if (state === null) {
    if (own) context.warn(route, 'parent-missing', `${at}.name`, `${name} names Gateway ${namespace}/${parent.name} as its parent, which does not exist.`);
    return { route, parent, index, state: null, reason: 'NoMatchingParent', listeners: [], kept: own ? { object: refOf(route), field: `${at}.name`, why: `${name} names Gateway ${namespace}/${parent.name} as its parent, which does not exist.` } : null };
  }
  const gateway = refText(refOf(state.gateway));
  const meant = state.listeners.map((one, place) => ({ ...one, place })).filter(({ listener }) => (parent.sectionName === undefined || parent.sectionName === listener.name) && (parent.port === undefined || parent.port === listener.port));
  if (meant.length === 0) {
    const part = parent.sectionName === undefined ? 'port' : 'sectionName';
    return refused('NoMatchingParent', refOf(route), `${at}.${part}`, `${gateway} has no listener ${part === 'port' ? `on port ${parent.port ?? '?'}` : `called ${parent.sectionName ?? '?'}${parent.port === undefined ? '' : ` on port ${parent.port}`}`} for ${name}.`);
  }
  const allowed = meant.filter(({ listener }) => allows(context, listener, namespace, home));
  const first = meant[0];
  if (allowed.length === 0 && first !== undefined) {
    const from = first.listener.allowedRoutes?.namespaces?.from ?? 'Same';
    const byKind = !allows(context, { ...first.listener, allowedRoutes: { ...first.listener.allowedRoutes, namespaces: { from: 'All' } } }, namespace, home);
    return refused('NotAllowedByListeners', refOf(state.gateway), `${first.field}.allowedRoutes${byKind ? '.kinds' : '.namespaces'}`, byKind
      ? `Listener ${first.listener.name} of ${gateway} takes no HTTPRoutes: ${name} is refused.`
      : `Listener ${first.listener.name} of ${gateway} takes routes from ${from === 'Same' ? `its own namespace ${namespace} only` : from === 'Selector' ? 'namespaces with certain labels only' : 'no namespace'}: ${name} is refused.`);
  }
  const wanted = listOf(route.spec?.hostnames);
  const listeners = allowed.flatMap(({ place, listener }) => {
    const hosts = (wanted.length === 0 ? [''] : wanted).flatMap((host) => sharedHost(host, listener.hostname ?? '') ?? []);
    return hosts.length === 0 ? [] : [{ index: place, hosts }];
  });
  if (listeners.length === 0) return refused('NoMatchingListenerHostname', refOf(route), 'spec.hostnames', `None of the hostnames of ${name} (${wanted.join(', ')}) is among those of ${gateway} (${allowed.map(({ listener }) => listener.hostname ?? '*').join(', ')}).`);
  return { route, parent, index, state, reason: 'Accepted', listeners, kept: null };
}

/** Every parentRef of every route. */
export const attachmentsOf = (context: EdgeContext, states: readonly GatewayState[]): readonly Attachment[] =>
  context.routes.flatMap((route) => listOf(route.spec?.parentRefs).map((parent, index) => attach(context, route, parent, index, states)));

/** Of both filters: what becomes of the path. */
const changeOf = (path: HttpPathModifier | undefined): EdgeChange | null =>
  (path === undefined ? null : path.type === 'ReplacePrefixMatch' ? { kind: 'prefix', path: path.replacePrefixMatch ?? '/' } : { kind: 'whole', path: path.replaceFullPath ?? '/' });

function redirectOf(route: HttpRoute, filters: readonly HttpRouteFilter[], field: string): EdgeRedirect | null {
  const index = filters.findIndex(({ type }) => type === 'RequestRedirect');
  const redirect = filters[index]?.requestRedirect;
  if (redirect === undefined) return null;
  const scheme = redirect.scheme === 'https' || redirect.scheme === 'http' ? redirect.scheme : null;
  return { object: refOf(route), field: `${field}.filters[${index}].requestRedirect`, status: redirect.statusCode ?? 302, scheme, host: redirect.hostname ?? null, port: redirect.port ?? null, path: changeOf(redirect.path), plainOnly: false };
}

const pathOf = (match: HttpRouteMatch): EdgePath => {
  const value = match.path?.value ?? '/';
  return match.path?.type === 'Exact' ? { kind: 'exact', value } : match.path?.type === 'RegularExpression' ? { kind: 'regex', value: `(?:${value})$` } : { kind: 'prefix', value };
};

const conditionsOf = (list: HttpRouteMatch['headers'], lower: boolean): readonly EdgeCondition[] => listOf(list).map(({ type, name, value }) => ({ name: lower ? String(name).toLowerCase() : name, value, regex: type === 'RegularExpression' }));

/** What the rules of a route would do for a host, match by match, and what of its backends cannot be resolved. */
export function rulesOf(context: EdgeContext, route: HttpRoute, hosts: readonly string[]): { readonly routes: readonly EdgeRoute[]; readonly reasons: readonly ReferenceReason[] } {
  const reasons: ReferenceReason[] = [];
  const routes = listOf(route.spec?.rules).flatMap((rule, place): readonly EdgeRoute[] => {
    const field = `spec.rules[${place}]`;
    const filters = listOf(rule.filters);
    const backends = listOf(rule.backendRefs).map((wanted, index): EdgeBackend => {
      const { backend, reason } = routeBackend(context, route, wanted, `${field}.backendRefs[${index}]`);
      if (reason !== null) reasons.push(reason);
      return backend;
    });
    const rewriting = filters.find(({ type }) => type === 'URLRewrite')?.urlRewrite;
    const rewrite = rewriting === undefined ? null : { host: rewriting.hostname ?? null, path: changeOf(rewriting.path) };
    const matches: readonly HttpRouteMatch[] = listOf(rule.matches).length === 0 ? [{}] : listOf(rule.matches);
    return matches.flatMap((match, index) => hosts.map((host): EdgeRoute => ({
      object: refOf(route), field: listOf(rule.matches).length === 0 ? field : `${field}.matches[${index}]`, host, path: pathOf(match), method: match.method ?? null, headers: conditionsOf(match.headers, true), query: conditionsOf(match.queryParams, false),
      redirect: redirectOf(route, filters, field), rewrite, backends, fallback: false,
    })));
  });
  return { routes, reasons };
}

/** Host, path, method, headers, query; then the older route, then by namespace and name, then the first rule (HTTPRouteRule.matches). */
export const inPrecedence = (routes: readonly EdgeRoute[]): readonly EdgeRoute[] =>
  [...routes].sort((left, right) => hostRank(right.host) - hostRank(left.host) || byPath(left.path, right.path) || Number(right.method !== null) - Number(left.method !== null) || right.headers.length - left.headers.length || right.query.length - left.query.length);
