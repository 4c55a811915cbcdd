// What the schemas of the Gateway API's CustomResourceDefinitions demand and the simulation reads: fields that must be there, and words of a list.
import type { Gateway, GatewayClass, HttpBackendRef, HttpRoute, ReferenceGrant } from '../../model/edge-objects.ts';
import { invalid, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';

/** The fields that are not there, as the API server names them. */
const missing = (field: string, given: object | null | undefined, names: readonly string[]): readonly Finding[] => names.flatMap((name) => (given === null || given === undefined || !Object.hasOwn(given, name) ? [required(`${field}.${name}`)] : []));

const oneOf = (field: string, value: string | undefined, words: readonly string[]): readonly Finding[] => (value === undefined || words.includes(value) ? [] : [unsupported(field, value, words)]);
const port = (field: string, value: number | undefined): readonly Finding[] =>
  (value === undefined ? [] : value < 1 ? [invalid(field, value, `${field} in body should be greater than or equal to 1`)] : value > 65_535 ? [invalid(field, value, `${field} in body should be less than or equal to 65535`)] : []);

export const gatewayClass = ({ spec }: GatewayClass): readonly Finding[] => missing('spec', spec, ['controllerName']);

export const gateway = ({ spec }: Gateway): readonly Finding[] => [
  ...missing('spec', spec, ['gatewayClassName', 'listeners']),
  ...(spec?.listeners ?? []).flatMap((listener, index) => {
    const at = `spec.listeners[${index}]`;
    return [...missing(at, listener, ['name', 'port', 'protocol']), ...port(`${at}.port`, listener.port), ...oneOf(`${at}.tls.mode`, listener.tls?.mode, ['Terminate', 'Passthrough']), ...oneOf(`${at}.allowedRoutes.namespaces.from`, listener.allowedRoutes?.namespaces?.from, ['All', 'Selector', 'Same', 'None'])];
  }),
];

const backend = (at: string, one: HttpBackendRef): readonly Finding[] => [...missing(at, one, ['name']), ...port(`${at}.port`, one.port)];

export const httpRoute = ({ spec }: HttpRoute): readonly Finding[] => [
  ...(spec?.parentRefs ?? []).flatMap((parent, index) => missing(`spec.parentRefs[${index}]`, parent, ['name'])),
  ...(spec?.rules ?? []).flatMap((rule, place) => [
    ...(rule.backendRefs ?? []).flatMap((one, index) => backend(`spec.rules[${place}].backendRefs[${index}]`, one)),
    ...(rule.matches ?? []).flatMap((match, index) => [
      ...oneOf(`spec.rules[${place}].matches[${index}].path.type`, match.path?.type, ['Exact', 'PathPrefix', 'RegularExpression']),
      ...(match.headers ?? []).flatMap((header, at) => missing(`spec.rules[${place}].matches[${index}].headers[${at}]`, header, ['name', 'value'])),
    ]),
    ...(rule.filters ?? []).flatMap((filter, index) => missing(`spec.rules[${place}].filters[${index}]`, filter, ['type'])),
  ]),
];

export const referenceGrant = ({ spec }: ReferenceGrant): readonly Finding[] => [
  ...missing('spec', spec, ['from', 'to']),
  ...(spec?.from ?? []).flatMap((from, index) => missing(`spec.from[${index}]`, from, ['group', 'kind', 'namespace'])),
  ...(spec?.to ?? []).flatMap((to, index) => missing(`spec.to[${index}]`, to, ['group', 'kind'])),
];
