// Rules of routes, gateway.networking.k8s.io/v1: what they make of a request that comes through a listener.
import type { EdgeBackend, EdgeChange, EdgeCondition, EdgePath, EdgeRedirect, EdgeRewrite, EdgeRoute, EdgeTimeout } from '../model/edge.ts';
import type { HttpPathModifier, HttpRouteFilter, HttpRouteMatch, HttpRouteRule } from '../model/edge-objects.ts';
import { refOf, refText } from '../model/object.ts';
import type { SharedHost } from './attach.ts';
import { routeBackend, type ReferenceReason } from './edge-backend.ts';
import { listOf, type EdgeContext } from './edge-context.ts';
import { isHttp, type GatewayRoute } from './gateway-route.ts';
import { headerChange } from './header-change.ts';
import { hostRank } from './host-names.ts';
import { byPath } from './path-match.ts';

/** Of both filters: what becomes of the path. */
const changeOf = (path: HttpPathModifier | undefined): EdgeChange | null =>
  (path === undefined ? null : path.type === 'ReplacePrefixMatch' ? { kind: 'prefix', path: path.replacePrefixMatch ?? '/' } : { kind: 'whole', path: path.replaceFullPath ?? '/' });

function redirectOf(route: GatewayRoute, filters: readonly HttpRouteFilter[], field: string): EdgeRedirect | null {
  const index = filters.findIndex(({ type }) => type === 'RequestRedirect');
  const redirect = filters[index]?.requestRedirect;
  if (redirect === undefined) return null;
  const scheme = redirect.scheme === 'https' || redirect.scheme === 'http' ? redirect.scheme : null;
  return { object: refOf(route.object), field: `${field}.filters[${index}].requestRedirect`, status: redirect.statusCode ?? 302, scheme, host: redirect.hostname ?? null, port: redirect.port ?? null, path: changeOf(redirect.path), plainOnly: false };
}

const pathOf = (match: HttpRouteMatch): EdgePath => {
  const value = match.path?.value ?? '/';
  return match.path?.type === 'Exact' ? { kind: 'exact', value } : match.path?.type === 'RegularExpression' ? { kind: 'regex', value: `(?:${value})$` } : { kind: 'prefix', value };
};

const conditionsOf = (list: HttpRouteMatch['headers'], lower: boolean): readonly EdgeCondition[] => listOf(list).map(({ type, name, value }) => ({ name: lower ? String(name).toLowerCase() : name, value, regex: type === 'RegularExpression' }));

/** Filters that change the request on its way, of a rule or of one of its backends. */
function changesOf(filters: readonly HttpRouteFilter[]): { readonly rewrite: EdgeRewrite | null; readonly request: EdgeRoute['request'] & object; readonly response: EdgeRoute['response'] & object } {
  const rewriting = filters.find(({ type }) => type === 'URLRewrite')?.urlRewrite;
  return {
    rewrite: rewriting === undefined ? null : { host: rewriting.hostname ?? null, path: changeOf(rewriting.path) },
    request: headerChange(filters.find(({ type }) => type === 'RequestHeaderModifier')?.requestHeaderModifier),
    response: headerChange(filters.find(({ type }) => type === 'ResponseHeaderModifier')?.responseHeaderModifier),
  };
}

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** As GEP-2257 writes them: `1h30m`, `500ms`; `null` for what is none, and for 0, which is no limit. */
export function durationOf(text: string | undefined): number | null {
  if (text === undefined || !/^(\d{1,5}(h|m|s|ms)){1,4}$/.test(text)) return null;
  const seconds = [...text.matchAll(/(\d+)(ms|h|m|s)/g)].reduce((sum, [, number = '0', unit = 's']) => sum + Number(number) * (units[unit] ?? 0), 0);
  return seconds === 0 ? null : seconds;
}

/** The shorter of both limits: one is for the whole request, the other for one try of it. */
function timeoutOf(route: GatewayRoute, { timeouts }: HttpRouteRule, field: string): EdgeTimeout | undefined {
  const [whole, one] = [durationOf(timeouts?.request), durationOf(timeouts?.backendRequest)];
  if (whole === null && one === null) return undefined;
  const part = one !== null && (whole === null || one < whole) ? 'backendRequest' : 'request';
  return { object: refOf(route.object), field: `${field}.timeouts.${part}`, seconds: Math.min(whole ?? Infinity, one ?? Infinity) };
}

export interface ReferenceFault {
  readonly reason: ReferenceReason;
  readonly message: string;
}

/** What the rules of a route would do for hosts, match by match, and what of its backends cannot be resolved. */
export function rulesOf(context: EdgeContext, route: GatewayRoute, hosts: readonly SharedHost[]): { readonly routes: readonly EdgeRoute[]; readonly faults: readonly ReferenceFault[] } {
  const faults: ReferenceFault[] = [];
  const object = refOf(route.object);
  const routes = route.rules.flatMap((rule, place): readonly EdgeRoute[] => {
    const field = `spec.rules[${place}]`;
    const filters = listOf(rule.filters);
    const resolved = (wanted: NonNullable<HttpRouteRule['backendRefs']>[number], at: string): EdgeBackend => {
      const { backend, reason, message } = routeBackend(context, route.object, wanted, at);
      if (reason !== null) faults.push({ reason, message: message ?? '' });
      return { ...backend, ...changesOf(listOf(wanted.filters)) };
    };
    const backends = listOf(rule.backendRefs).map((wanted, index) => resolved(wanted, `${field}.backendRefs[${index}]`));
    // Simplified: who gets a copy of a request (RequestMirror) must be there; the copy itself is not followed.
    filters.forEach(({ type, requestMirror }, index) => { if (type === 'RequestMirror' && requestMirror?.backendRef !== undefined) resolved(requestMirror.backendRef, `${field}.filters[${index}].requestMirror.backendRef`); });
    const unread = filters.find(({ type }) => ['CORS', 'ExtensionRef', 'ExternalAuth'].includes(type));
    if (unread !== undefined) context.warn(route.object, 'filter-not-followed', `${field}.filters`, `The filter ${unread.type} of ${refText(object)} is not followed: requests pass as if it were not there.`);
    const timeout = timeoutOf(route, rule, field);
    const given = listOf(rule.matches);
    const matches: readonly HttpRouteMatch[] = given.length === 0 ? [{}] : given;
    return matches.flatMap((match, index) => hosts.map(({ host, written }): EdgeRoute => ({
      object, field: given.length === 0 ? field : `${field}.matches[${index}]`, host, written, path: pathOf(match), method: match.method ?? null, headers: conditionsOf(match.headers, true), query: conditionsOf(match.queryParams, false),
      redirect: redirectOf(route, filters, field), ...changesOf(filters), backends, fallback: false, stream: !isHttp(route.kind),
      ...(timeout === undefined ? {} : { timeout }), ...(rule.retry === undefined ? {} : { tries: 1 + (rule.retry.attempts ?? 1) }),
    })));
  });
  return { routes, faults };
}

/** Host, path, method, headers, query; then the older route, then by namespace and name, then the first rule (HTTPRouteRule.matches). */
export const inPrecedence = (routes: readonly EdgeRoute[]): readonly EdgeRoute[] =>
  [...routes].sort((left, right) => hostRank(right.host) - hostRank(left.host) || hostRank(right.written ?? right.host) - hostRank(left.written ?? left.host) || byPath(left.path, right.path) || Number(right.method !== null) - Number(left.method !== null) || right.headers.length - left.headers.length || right.query.length - left.query.length);
