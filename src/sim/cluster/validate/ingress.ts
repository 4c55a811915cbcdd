// What the API server refuses in an Ingress, an IngressClass and a TLS Secret (pkg/apis/networking/validation, held against kube-apiserver 1.37).
import { parseAddress } from '../../base/address.ts';
import type { Ingress, IngressBackend, IngressClass, IngressPath } from '../../model/edge-objects.ts';
import type { Secret } from '../../model/object.ts';
import { invalid, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { isDns1123Label, isDns1123Subdomain, isPortName } from './names.ts';

const wildcard = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function host(field: string, value: string): readonly Finding[] {
  if (value.includes('*')) return value.startsWith('*.') && isDns1123Subdomain(value.slice(2)).length === 0 ? [] : [invalid(field, value, wildcard)];
  return isDns1123Subdomain(value).map((says) => invalid(field, value, says));
}

function backend(field: string, given: IngressBackend | undefined): readonly Finding[] {
  const { service, resource } = given ?? {};
  if (service !== undefined && resource !== undefined) return [invalid(field, '', 'cannot set both resource and service backends')];
  if (resource !== undefined) return [];
  if (service === undefined) return [invalid(field, '', 'resource or service backend is required')];
  const { name, number } = service.port ?? {};
  const named = name !== undefined && name !== '';
  const numbered = number !== undefined && number !== 0;
  return [
    ...(service.name === undefined || service.name === '' ? [required(`${field}.service.name`)] : isDns1123Label(service.name).map((says) => invalid(`${field}.service.name`, service.name, says))),
    ...(named && numbered ? [invalid(field, '', 'cannot set both port name & port number')]
      : named ? isPortName(name).map((says) => invalid(`${field}.service.port.name`, name, says))
      : numbered ? (number >= 1 && number <= 65535 ? [] : [invalid(`${field}.service.port.number`, number, 'must be between 1 and 65535, inclusive')])
      : [required(field, 'port name or number is required')]),
  ];
}

const sequences = ['//', '/./', '/../', '%2f', '%2F'];
const suffixes = ['/..', '/.'];

function pathFindings(field: string, one: IngressPath): readonly Finding[] {
  const { path = '', pathType } = one;
  const type = pathType === undefined ? [required(`${field}.pathType`, 'pathType must be specified')] : [];
  switch (pathType) {
    case undefined: return type;
    case 'Exact':
    case 'Prefix': return [
      ...(path.startsWith('/') ? [] : [invalid(`${field}.path`, path, 'must be an absolute path')]),
      ...sequences.filter((part) => path.includes(part)).map((part) => invalid(`${field}.path`, path, `must not contain '${part}'`)),
      ...suffixes.filter((part) => path.endsWith(part)).map((part) => invalid(`${field}.path`, path, `cannot end with '${part}'`)),
    ];
    case 'ImplementationSpecific': return path === '' || path.startsWith('/') ? [] : [invalid(`${field}.path`, path, 'must be an absolute path')];
    default: return [unsupported(`${field}.pathType`, pathType, ['Exact', 'ImplementationSpecific', 'Prefix'])];
  }
}

export function ingress({ spec, metadata }: Ingress): readonly Finding[] {
  const rules = spec?.rules ?? [];
  if (rules.length === 0 && spec?.defaultBackend === undefined) return [{ code: 'invalid-value', field: 'spec', says: 'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified' }];
  const className = spec?.ingressClassName;
  const old = metadata.annotations?.['kubernetes.io/ingress.class'];
  return [
    ...rules.flatMap((rule, place): readonly Finding[] => {
      const at = `spec.rules[${place}]`;
      const named = rule.host ?? '';
      return [
        ...(named === '' ? [] : [...(parseAddress(named) === undefined ? [] : [invalid(`${at}.host`, named, 'must be a DNS name, not an IP address')]), ...host(`${at}.host`, named)]),
        ...(rule.http === undefined ? [] : (rule.http.paths ?? []).length === 0 ? [required(`${at}.http.paths`)] : (rule.http.paths ?? []).flatMap((path, index) => [
          ...pathFindings(`${at}.http.paths[${index}]`, path), ...backend(`${at}.http.paths[${index}].backend`, path.backend),
        ])),
      ];
    }),
    ...(spec?.defaultBackend === undefined ? [] : backend('spec.defaultBackend', spec.defaultBackend)),
    ...(spec?.tls ?? []).flatMap(({ hosts }, place) => (hosts ?? []).flatMap((one, index) => host(`spec.tls[${place}].hosts[${index}]`, one))),
    ...(className === undefined ? [] : isDns1123Subdomain(className).map((says) => invalid('spec.ingressClassName', className, says))),
    ...(className !== undefined && old !== undefined && old !== className && metadata.resourceVersion === undefined ? [invalid('annotations.kubernetes.io/ingress.class', old, 'must match `ingressClassName` when both are specified')] : []),
  ];
}

export function ingressClass({ spec }: IngressClass): readonly Finding[] {
  const controller = spec?.controller ?? '';
  if (controller === '') return [required('spec.controller')];
  const [domain = '', ...path] = controller.split('/');
  const good = path.length > 0 && isDns1123Subdomain(domain).length === 0 && path.every((part) => /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(part));
  return good ? [] : [invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
}

/** Values are not looked at: people leave them out of what they share. */
export function secret({ type, data, stringData }: Secret): readonly Finding[] {
  if (type !== 'kubernetes.io/tls') return [];
  const has = (key: string): boolean => Object.hasOwn(data ?? {}, key) || Object.hasOwn(stringData ?? {}, key);
  return ['tls.crt', 'tls.key'].filter((key) => !has(key)).map((key) => required(`data[${key}]`));
}
