// EndpointSlice and Endpoints: addresses of one family, ports by name (pkg/apis/discovery/validation).
import { parseAddress } from '../../base/address.ts';
import type { EndpointSlice, Endpoints } from '../../model/object.ts';
import { duplicate, invalid, required, tooMany, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { address, checked, isDns1123Label, isDns1123Subdomain, isLabelValue, portNumber } from './names.ts';
import { specialAddress } from './service.ts';

/** A slice with its defaults. */
export function endpointSlice(object: EndpointSlice): readonly Finding[] {
  const type: string = object.addressType ?? '';
  const ports = object.ports ?? [];
  const endpoints = object.endpoints ?? [];
  return [
    ...(type === '' ? [required('addressType')] : ['FQDN', 'IPv4', 'IPv6'].includes(type) ? [] : [unsupported('addressType', type, ['FQDN', 'IPv4', 'IPv6'])]),
    ...(ports.length > 20_000 ? [tooMany('ports', ports.length, 20_000)] : ports.flatMap((port, index) => [
      ...((port.name ?? '') === '' ? [] : checked(`ports[${index}].name`, port.name ?? '', isDns1123Label)),
      ...(ports.slice(0, index).some((other) => other.name === port.name) ? [duplicate(`ports[${index}].name`, port.name ?? '')] : []),
      ...protocol(`ports[${index}].protocol`, port.protocol),
      ...(port.port === undefined || port.port === null ? [] : portNumber(`ports[${index}].port`, port.port)),
    ])),
    ...(endpoints.length > 1000 ? [tooMany('endpoints', endpoints.length, 1000)] : endpoints.flatMap((endpoint, index): readonly Finding[] => {
      const path = `endpoints[${index}]`;
      const { addresses } = endpoint;
      return [
        ...(addresses.length === 0 ? [required(`${path}.addresses`)] : addresses.length > 100 ? [tooMany(`${path}.addresses`, addresses.length, 100)] : []),
        ...addresses.flatMap((ip, at) => addressFindings(`${path}.addresses`, at, ip, type)),
        ...(endpoint.nodeName === undefined ? [] : checked(`${path}.nodeName`, endpoint.nodeName, isDns1123Subdomain)),
        ...(endpoint.hostname === undefined ? [] : checked(`${path}.hostname`, endpoint.hostname, isDns1123Label)),
        ...(endpoint.hints?.forZones ?? []).flatMap((zone, at) => checked(`${path}.hints.forZones[${at}].name`, zone.name, isLabelValue)),
      ];
    })),
  ];
}

function addressFindings(path: string, index: number, ip: string, type: string): readonly Finding[] {
  const field = `${path}[${index}]`;
  if (type === 'FQDN') return checked(field, ip, (value) => (value.replace(/\.$/, '').includes('.') ? isDns1123Subdomain(value.replace(/\.$/, '')) : ['should be a domain with at least two segments separated by dots']));
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  const parsed = parseAddress(ip);
  const wrong = address(field, ip);
  if (wrong.length > 0 || parsed === undefined) return wrong;
  return [...(parsed.family === type ? [] : [invalid(path, ip, `must be an ${type} address`)]), ...specialAddress(field, ip)];
}

const protocol = (field: string, value: string | undefined): readonly Finding[] => (value === undefined || ['SCTP', 'TCP', 'UDP'].includes(value) ? [] : [unsupported(field, value, ['SCTP', 'TCP', 'UDP'])]);

// The server looks for special addresses with a parser of its own, which says once more what is none.
const noAddress = (field: string, value: string): readonly Finding[] => (address(field, value).some(({ says }) => says.endsWith('2001:db8::ffff)')) ? [invalid(field, value, 'must be a valid IP address')] : []);

/** Endpoints with their defaults. */
export function endpoints(object: Endpoints): readonly Finding[] {
  return (object.subsets ?? []).flatMap((subset, index): readonly Finding[] => {
    const path = `subsets[${index}]`;
    const both = [['addresses', subset.addresses ?? []], ['notReadyAddresses', subset.notReadyAddresses ?? []]] as const;
    return [
      ...(both.every(([, list]) => list.length === 0) ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
      ...both.flatMap(([name, list]) => list.flatMap((entry, at) => [...address(`${path}.${name}[${at}].ip`, entry.ip ?? ''), ...noAddress(`${path}.${name}[${at}].ip`, entry.ip ?? ''), ...specialAddress(`${path}.${name}[${at}].ip`, entry.ip ?? '')])),
      ...(subset.ports ?? []).flatMap((port, at, ports) => [
        ...((port.name ?? '') === '' ? (ports.length > 1 ? [required(`${path}.ports[${at}].name`)] : []) : checked(`${path}.ports[${at}].name`, port.name ?? '', isDns1123Label)),
        ...portNumber(`${path}.ports[${at}].port`, port.port ?? 0),
        ...protocol(`${path}.ports[${at}].protocol`, port.protocol),
      ]),
    ];
  });
}
