// What the schemas of the Gateway API's CustomResourceDefinitions refuse, in the API server's words: fields, words and numbers first, then the rules in CEL (gateway-api v1.7.0, held against kube-apiserver 1.37).
import type { BackendTlsPolicy, Gateway, GatewayClass, GatewayListener, GrpcRoute, HttpRoute, HttpRouteFilter, HttpRouteMatch, HttpRouteRule, ListenerSet, ParentReference, ReferenceGrant, StreamRoute } from '../../model/edge-objects.ts';
import { invalid, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';

/** Findings of the schema, and what its rules say once the schema is content. */
interface Judged {
  /** What is missing or none of a list's words: after that no rule is asked. */
  readonly shape: readonly Finding[];
  /** Numbers, lengths and patterns. */
  readonly values: readonly Finding[];
  readonly rules: readonly Finding[];
}

const none: Judged = { shape: [], values: [], rules: [] };
const all = (...parts: readonly Partial<Judged>[]): Judged => ({ shape: parts.flatMap(({ shape }) => shape ?? []), values: parts.flatMap(({ values }) => values ?? []), rules: parts.flatMap(({ rules }) => rules ?? []) });
const each = <Item>(list: readonly Item[] | undefined, at: string, judge: (item: Item, at: string) => Partial<Judged>): Judged => all(...(list ?? []).map((item, index) => judge(item, `${at}[${index}]`)));

const notAsked: Finding = { code: 'invalid-value', field: '<nil>', says: '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation' };

/** A kind without rules in its schema never says that they were not asked. */
const findings = ({ shape, values, rules }: Judged, ruled = true): readonly Finding[] => (shape.length > 0 ? [...shape, ...values, ...(ruled ? [notAsked] : [])] : [...values, ...rules]);

const missing = (at: string, given: object | null | undefined, names: readonly string[]): Partial<Judged> => ({ shape: names.flatMap((name) => (given === null || given === undefined || !Object.hasOwn(given, name) ? [required(`${at}.${name}`)] : [])) });
const word = (at: string, value: string | undefined, words: readonly string[]): Partial<Judged> => ({ shape: value === undefined || words.includes(value) ? [] : [unsupported(at, value, words)] });
const rule = (at: string, broken: boolean, says: string): Partial<Judged> => ({ rules: broken ? [{ code: 'invalid-value', field: at, says: `${at}: Invalid value: ${says}` }] : [] });
const fits = (at: string, value: string | undefined, pattern: string): Partial<Judged> => ({ values: value === undefined ? [] : value === '' ? [invalid(at, value, `${at} in body should be at least 1 chars long`)] : new RegExp(pattern).test(value) ? [] : [invalid(at, value, `${at} in body should match '${pattern}'`)] });
const filled = (at: string, list: readonly unknown[] | undefined): Partial<Judged> => ({ values: list?.length === 0 ? [invalid(at, 0, `${at} in body should have at least 1 items`)] : [] });

function between(at: string, value: number | undefined, low: number, high: number): Partial<Judged> {
  if (value === undefined || (value >= low && value <= high)) return none;
  return { values: [invalid(at, value, `${at} in body should be ${value < low ? `greater than or equal to ${low}` : `less than or equal to ${high}`}`)] };
}

const label = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
const hostname = '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
const controller = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$";
const port = (at: string, value: number | undefined): Partial<Judged> => between(at, value, 1, 65_535);

export const gatewayClass = ({ spec }: GatewayClass): readonly Finding[] => findings(all(missing('spec', spec, ['controllerName']), fits('spec.controllerName', spec?.controllerName, controller)));

const oneListener = (one: GatewayListener, at: string): Judged => all(
  missing(at, one, ['name', 'port', 'protocol']), fits(`${at}.name`, one.name, label), port(`${at}.port`, one.port), fits(`${at}.hostname`, one.hostname, hostname),
  word(`${at}.tls.mode`, one.tls?.mode, ['Terminate', 'Passthrough']), word(`${at}.allowedRoutes.namespaces.from`, one.allowedRoutes?.namespaces?.from, ['All', 'Selector', 'Same']),
  each(one.tls?.certificateRefs, `${at}.tls.certificateRefs`, (ref, where) => missing(where, ref, ['name'])), each(one.allowedRoutes?.kinds, `${at}.allowedRoutes.kinds`, (kind, where) => missing(where, kind, ['kind'])),
  rule(`${at}.tls`, one.tls?.mode === 'Terminate' && one.tls.certificateRefs === undefined && !Object.hasOwn(one.tls, 'options'), '"object": no such key: certificateRefs evaluating rule: certificateRefs or options must be specified when mode is Terminate'),
  rule(`${at}.tls`, one.tls?.mode === 'Terminate' && one.tls.certificateRefs?.length === 0 && !Object.hasOwn(one.tls, 'options'), 'certificateRefs or options must be specified when mode is Terminate'),
);

const plain: readonly string[] = ['HTTP', 'TCP', 'UDP'];

function listeners(at: string, list: readonly GatewayListener[] | undefined): Judged {
  const given = list ?? [];
  const twins = (same: (left: GatewayListener, right: GatewayListener) => boolean): boolean => given.some((one, index) => given.slice(0, index).some((before) => same(before, one)));
  const named = given.findIndex((one, index) => given.slice(0, index).some(({ name }) => name === one.name));
  return all(
    filled(at, list), each(list, at, oneListener), { values: named < 0 ? [] : [{ code: 'duplicate-value', field: `${at}[${named}]`, says: `${at}[${named}]: Duplicate value: ${JSON.stringify({ name: given[named]?.name })}` }] },
    rule(at, given.some(({ protocol, tls }) => plain.includes(protocol) && tls !== undefined), "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']"),
    rule(at, given.some(({ protocol, tls }) => protocol === 'HTTPS' && tls?.mode === 'Passthrough'), 'tls mode must be Terminate for protocol HTTPS'),
    rule(at, given.some(({ protocol, tls }) => protocol === 'TLS' && tls?.mode === undefined), 'tls mode must be set for protocol TLS'),
    rule(at, given.some(({ protocol, hostname: name }) => (protocol === 'TCP' || protocol === 'UDP') && name !== undefined && name !== ''), "hostname must not be specified for protocols ['TCP', 'UDP']"),
    rule(at, named >= 0, 'Listener name must be unique within the Gateway'),
    rule(at, named < 0 && twins((left, right) => left.port === right.port && left.protocol === right.protocol && left.hostname === right.hostname), 'Combination of port, protocol and hostname must be unique for each listener'),
  );
}

export const gateway = ({ spec }: Gateway): readonly Finding[] => findings(all(missing('spec', spec, ['gatewayClassName', 'listeners']), fits('spec.gatewayClassName', spec?.gatewayClassName, '.'), listeners('spec.listeners', spec?.listeners), word('spec.allowedListeners.namespaces.from', spec?.allowedListeners?.namespaces?.from, ['All', 'Selector', 'Same', 'None'])));

export const listenerSet = ({ spec }: ListenerSet): readonly Finding[] => findings(all(missing('spec', spec, ['listeners', 'parentRef']), spec?.parentRef === undefined ? none : missing('spec.parentRef', spec.parentRef, ['name']), listeners('spec.listeners', spec?.listeners)));

function parents(list: readonly ParentReference[] | undefined): Judged {
  const at = 'spec.parentRefs';
  const given = list ?? [];
  const same = (left: ParentReference, right: ParentReference): boolean => left.name === right.name && (left.namespace ?? '') === (right.namespace ?? '') && left.kind === right.kind && left.group === right.group;
  const pairs = given.flatMap((one, index) => given.slice(0, index).filter((before) => same(before, one)).map((before) => [before, one] as const));
  return all(
    each(list, at, (one, where) => all(missing(where, one, ['name']), port(`${where}.port`, one.port))),
    rule(at, pairs.some(([left, right]) => (left.sectionName === undefined) !== (right.sectionName === undefined)), 'sectionName must be specified when parentRefs includes 2 or more references to the same parent'),
    rule(at, pairs.some(([left, right]) => left.sectionName === right.sectionName && left.port === right.port), 'sectionName must be unique when parentRefs includes 2 or more references to the same parent'),
  );
}

const backend = (one: NonNullable<HttpRouteRule['backendRefs']>[number], at: string): Judged => all(
  missing(at, one, ['name']), port(`${at}.port`, one.port), between(`${at}.weight`, one.weight, 0, 1_000_000),
  rule(at, (one.group ?? '') === '' && (one.kind ?? 'Service') === 'Service' && one.port === undefined, 'Must have port for Service reference'),
  each(one.filters, `${at}.filters`, filter),
);

const filterFields: Readonly<Record<string, string>> = { RequestHeaderModifier: 'requestHeaderModifier', ResponseHeaderModifier: 'responseHeaderModifier', RequestMirror: 'requestMirror', RequestRedirect: 'requestRedirect', URLRewrite: 'urlRewrite', ExtensionRef: 'extensionRef', CORS: 'cors' };

function filter(one: HttpRouteFilter, at: string): Judged {
  const changes = [[`${at}.requestRedirect.path`, one.requestRedirect?.path], [`${at}.urlRewrite.path`, one.urlRewrite?.path]] as const;
  return all(
    missing(at, one, ['type']), word(`${at}.type`, one.type, Object.keys(filterFields)), word(`${at}.requestRedirect.scheme`, one.requestRedirect?.scheme, ['http', 'https']),
    { shape: one.requestRedirect?.statusCode === undefined || [301, 302, 303, 307, 308].includes(one.requestRedirect.statusCode) ? [] : [{ code: 'invalid-value', field: `${at}.requestRedirect.statusCode`, says: `${at}.requestRedirect.statusCode: Unsupported value: ${one.requestRedirect.statusCode}: supported values: "301", "302", "303", "307", "308"` }] },
    ...Object.entries(filterFields).flatMap(([type, field]) => [
      rule(at, Object.hasOwn(one, field) && one.type !== type, `filter.${field} must be nil if the filter.type is not ${type}`), rule(at, !Object.hasOwn(one, field) && one.type === type, `filter.${field} must be specified for ${type} filter.type`),
    ]),
    ...changes.flatMap(([where, path]) => (path === undefined ? [] : [
      rule(where, path.type === 'ReplaceFullPath' && path.replaceFullPath === undefined, "replaceFullPath must be specified when type is set to 'ReplaceFullPath'"),
      rule(where, path.type === 'ReplacePrefixMatch' && path.replacePrefixMatch === undefined, "replacePrefixMatch must be specified when type is set to 'ReplacePrefixMatch'"),
    ])),
  );
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const values = ['Exact', 'RegularExpression'];

function match(one: HttpRouteMatch, at: string): Judged {
  const path = one.path?.value ?? '/';
  const text = one.path?.type !== 'RegularExpression';
  const types = "when type one of ['Exact', 'PathPrefix']";
  return all(
    word(`${at}.path.type`, one.path?.type, ['Exact', 'PathPrefix', 'RegularExpression']), word(`${at}.method`, one.method, methods),
    each(one.headers, `${at}.headers`, (header, where) => all(missing(where, header, ['name', 'value']), word(`${where}.type`, header.type, values))), each(one.queryParams, `${at}.queryParams`, (query, where) => all(missing(where, query, ['name', 'value']), word(`${where}.type`, query.type, values))),
    rule(`${at}.path`, text && !path.startsWith('/'), `value must be an absolute path and start with '/' ${types}`),
    ...['//', '/./', '/../', '%2f', '%2F', '#'].map((part) => rule(`${at}.path`, text && path.includes(part), `must not contain '${part}' ${types}`)),
    ...['/..', '/.'].map((part) => rule(`${at}.path`, text && path.endsWith(part), `must not end with '${part}' ${types}`)),
  );
}

const seconds = (text: string | undefined): number | null => (text === undefined ? null : [...text.matchAll(/(\d+)(ms|h|m|s)/g)].reduce((sum, [, number = '0', unit]) => sum + Number(number) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : unit === 'ms' ? 0.001 : 1), 0));
const duration = '^([0-9]{1,5}(h|m|s|ms)){1,4}$';

function httpRule(one: HttpRouteRule, at: string): Judged {
  const filters = one.filters ?? [];
  const prefixes = (of: 'requestRedirect' | 'urlRewrite'): boolean => filters.some((candidate) => candidate[of]?.path?.type === 'ReplacePrefixMatch') && !(one.matches?.length === 1 && (one.matches[0]?.path?.type ?? 'PathPrefix') === 'PathPrefix');
  const [whole, each1] = [seconds(one.timeouts?.request), seconds(one.timeouts?.backendRequest)];
  return all(
    each(one.matches, `${at}.matches`, match), each(one.filters, `${at}.filters`, filter), each(one.backendRefs, `${at}.backendRefs`, backend), fits(`${at}.timeouts.request`, one.timeouts?.request, duration), fits(`${at}.timeouts.backendRequest`, one.timeouts?.backendRequest, duration),
    rule(`${at}.filters`, filters.some(({ type }) => type === 'RequestRedirect') && filters.some(({ type }) => type === 'URLRewrite'), 'May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both'),
    ...['CORS', 'RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'].map((type) => rule(`${at}.filters`, filters.filter((candidate) => candidate.type === type).length > 1, `${type} filter cannot be repeated`)),
    rule(`${at}.timeouts`, whole !== null && each1 !== null && whole !== 0 && each1 > whole, 'backendRequest timeout cannot be longer than request timeout'),
    rule(at, (one.backendRefs ?? []).length > 0 && filters.some(({ requestRedirect }) => requestRedirect !== undefined), 'RequestRedirect filter must not be used together with backendRefs'),
    rule(at, prefixes('requestRedirect'), 'When using RequestRedirect filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified'), rule(at, prefixes('urlRewrite'), 'When using URLRewrite filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified'),
  );
}

const hosts = (list: readonly string[] | undefined): Judged => each(list, 'spec.hostnames', (name, at) => fits(at, name, hostname));

export const httpRoute = ({ spec }: HttpRoute): readonly Finding[] => findings(all(parents(spec?.parentRefs), hosts(spec?.hostnames), filled('spec.rules', spec?.rules), each(spec?.rules, 'spec.rules', httpRule)));

export const grpcRoute = ({ spec }: GrpcRoute): readonly Finding[] => findings(all(parents(spec?.parentRefs), hosts(spec?.hostnames), filled('spec.rules', spec?.rules), each(spec?.rules, 'spec.rules', (one, at) => all(
  each(one.backendRefs, `${at}.backendRefs`, backend), each(one.filters, `${at}.filters`, filter),
  each(one.matches, `${at}.matches`, ({ method }, where) => (method === undefined ? none : all(
    word(`${where}.method.type`, method.type, values), rule(`${where}.method`, method.service === undefined && method.method === undefined, "One or both of 'service' or 'method' must be specified"),
    rule(`${where}.method`, method.type === 'Exact' && method.service !== undefined && !/^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i.test(method.service), 'service must only contain valid characters (matching ^(?i)\\.?[a-z_][a-z_0-9]*(\\.[a-z_][a-z_0-9]*)*$)'),
    rule(`${where}.method`, method.type === 'Exact' && method.method !== undefined && !/^[A-Za-z_][A-Za-z_0-9]*$/.test(method.method), 'method must only contain valid characters (matching ^[A-Za-z_][A-Za-z_0-9]*$)'),
  ))),
))));

export const streamRoute = ({ kind, spec }: StreamRoute): readonly Finding[] => findings(all(
  missing('spec', spec, kind === 'TLSRoute' ? ['hostnames', 'rules'] : ['rules']), parents(spec?.parentRefs), filled('spec.hostnames', spec?.hostnames), hosts(spec?.hostnames), filled('spec.rules', spec?.rules),
  each(spec?.rules, 'spec.rules', (one, at) => all(missing(at, one, ['backendRefs']), filled(`${at}.backendRefs`, one.backendRefs), each(one.backendRefs, `${at}.backendRefs`, backend))),
));

export const backendTlsPolicy = ({ spec }: BackendTlsPolicy): readonly Finding[] => {
  const { validation } = spec ?? {};
  const given = (validation?.caCertificateRefs ?? []).length > 0;
  const known = (validation?.wellKnownCACertificates ?? '') !== '';
  return findings(all(
    missing('spec', spec, ['targetRefs', 'validation']), filled('spec.targetRefs', spec?.targetRefs), each(spec?.targetRefs, 'spec.targetRefs', (ref, at) => missing(at, ref, ['group', 'kind', 'name'])),
    validation === undefined ? none : all(
      missing('spec.validation', validation, ['hostname']), fits('spec.validation.hostname', validation.hostname, label), each(validation.caCertificateRefs, 'spec.validation.caCertificateRefs', (ref, at) => missing(at, ref, ['group', 'kind', 'name'])),
      rule('spec.validation', given && known, 'must not contain both CACertificateRefs and WellKnownCACertificates'), rule('spec.validation', !given && !known, 'must specify either CACertificateRefs or WellKnownCACertificates'),
    ),
  ));
};

export const referenceGrant = ({ spec }: ReferenceGrant): readonly Finding[] => findings(all(
  missing('spec', spec, ['from', 'to']), filled('spec.from', spec?.from), filled('spec.to', spec?.to),
  each(spec?.from, 'spec.from', (one, at) => missing(at, one, ['group', 'kind', 'namespace'])), each(spec?.to, 'spec.to', (one, at) => missing(at, one, ['group', 'kind'])),
), false);
