// Service: ports, addresses and types that go together (pkg/apis/core/validation, validateService; services.md marks the sentences).
import { parseAddress, parseRange } from '../../base/address.ts';
import type { Service } from '../../model/object.ts';
import { duplicate, forbidden, invalid, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { address, checked, isDns1123Label, isDns1123Subdomain, isQualifiedName, labels, portNumber, portOrName, strictCidr } from './names.ts';

/** The range of `--service-node-port-range`. */
export const nodePortRange = { low: 30_000, high: 32_767 } as const;

const nodePortSentence = `provided port is not in the valid range. The range of valid ports is ${nodePortRange.low}-${nodePortRange.high}`;

/** A headless Service without a selector: its families are whatever its slices have, and nobody asks whether the cluster has them. */
export const isFreeOfFamilies = (service: Service): boolean => isHeadless(service) && Object.keys(service.spec.selector ?? {}).length === 0;

/** The policy that the server takes where none is given (pkg/registry/core/service/storage/alloc.go). */
export const policyOf = (service: Service): string => service.spec.ipFamilyPolicy ?? (isFreeOfFamilies(service) ? 'RequireDualStack' : 'SingleStack');

export const isHeadless = (service: Service): boolean => service.spec.clusterIP === 'None' || service.spec.clusterIPs?.[0] === 'None';

/** A Service with its defaults. What is wrong with it alone; who else has its addresses and ports is asked in `taken.ts`. */
export function service(object: Service): readonly Finding[] {
  const { spec } = object;
  const type: string = spec.type ?? 'ClusterIP';
  const headless = isHeadless(object);
  const ports = spec.ports ?? [];
  const clusterIPs = spec.clusterIPs ?? [];
  const external = type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0);
  const isBalanced = type === 'LoadBalancer';
  return [
    ...(ports.length === 0 && !headless && type !== 'ExternalName' ? [required('spec.ports')] : []),
    ...((isBalanced || type === 'NodePort') && headless ? [invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)] : []),
    ...(type === 'ExternalName' ? externalName(object) : []),
    ...ports.flatMap((port, index) => servicePort(port, index, ports)),
    ...labels('spec.selector', spec.selector),
    ...affinity(object),
    ...(type === 'ExternalName' ? [] : clusterAddresses(object, clusterIPs)),
    ...(spec.externalIPs ?? []).flatMap((ip, index) => [...address(`spec.externalIPs[${index}]`, ip), ...specialAddress(`spec.externalIPs[${index}]`, ip)]),
    ...(['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'].includes(type) ? [] : [unsupported('spec.type', type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'])]),
    ...(type === 'ClusterIP' ? ports.flatMap((port, index) => ((port.nodePort ?? 0) !== 0 ? [forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")] : [])) : []),
    ...(type === 'NodePort' || isBalanced ? nodePorts(object) : []),
    ...((spec.loadBalancerSourceRanges?.length ?? 0) > 0 && !isBalanced ? [forbidden('spec.LoadBalancerSourceRanges', "may only be used when `type` is 'LoadBalancer'")] : []),
    ...(spec.loadBalancerSourceRanges ?? []).flatMap((range, index) => strictCidr(`spec.LoadBalancerSourceRanges[${index}]`, range.trim())),
    ...(spec.allocateLoadBalancerNodePorts !== undefined && !isBalanced ? [forbidden('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'")] : []),
    ...(spec.loadBalancerClass === undefined ? [] : isBalanced ? checked('spec.loadBalancerClass', spec.loadBalancerClass, isQualifiedName) : [forbidden('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'")]),
    ...(!external && (spec.externalTrafficPolicy ?? '') !== '' ? [invalid('spec.externalTrafficPolicy', spec.externalTrafficPolicy, 'may only be set for externally-accessible services')] : []),
    ...(external && `${spec.externalTrafficPolicy ?? ''}` !== '' ? oneOf('spec.externalTrafficPolicy', spec.externalTrafficPolicy, ['Cluster', 'Local']) : []),
    ...((spec.healthCheckNodePort ?? 0) !== 0 && !(isBalanced && spec.externalTrafficPolicy === 'Local') ? [invalid('spec.healthCheckNodePort', spec.healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")] : []),
    ...(isBalanced && spec.externalTrafficPolicy === 'Local' && (spec.healthCheckNodePort ?? 0) !== 0 ? portNumber('spec.healthCheckNodePort', spec.healthCheckNodePort ?? 0) : []),
    ...oneOf('spec.internalTrafficPolicy', spec.internalTrafficPolicy, ['Cluster', 'Local']),
    ...oneOf('spec.trafficDistribution', spec.trafficDistribution, ['PreferClose', 'PreferSameZone', 'PreferSameNode']),
  ];
}

const oneOf = (field: string, value: string | undefined, supported: readonly string[]): readonly Finding[] => (value === undefined || supported.includes(value) ? [] : [unsupported(field, value, supported)]);

function externalName(object: Service): readonly Finding[] {
  const { spec } = object;
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  return [
    ...((spec.clusterIPs?.length ?? 0) > 0 || (spec.clusterIP ?? '') !== '' ? [forbidden('spec.clusterIPs', 'may not be set for ExternalName services')] : []),
    ...((spec.ipFamilies?.length ?? 0) > 0 ? [forbidden('spec.ipFamilies', 'may not be set for ExternalName services')] : []),
    ...(spec.ipFamilyPolicy === undefined ? [] : [forbidden('spec.ipFamilyPolicy', 'may not be set for ExternalName services')]),
    ...(name === '' ? [required('spec.externalName')] : checked('spec.externalName', name, isDns1123Subdomain)),
  ];
}

function servicePort(port: NonNullable<Service['spec']['ports']>[number], index: number, ports: NonNullable<Service['spec']['ports']>): readonly Finding[] {
  const path = `spec.ports[${index}]`;
  const before = ports.slice(0, index);
  const name = port.name ?? '';
  return [
    ...(name === '' ? (ports.length > 1 ? [required(`${path}.name`)] : []) : [...checked(`${path}.name`, name, isDns1123Label), ...(before.some((other) => other.name === name) ? [duplicate(`${path}.name`, name)] : [])]),
    ...portNumber(`${path}.port`, port.port ?? 0),
    ...oneOf(`${path}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']),
    ...portOrName(`${path}.targetPort`, port.targetPort ?? port.port ?? 0),
    ...(port.appProtocol === undefined ? [] : checked(`${path}.appProtocol`, port.appProtocol, isQualifiedName)),
    ...(before.some((other) => other.port === port.port && other.protocol === port.protocol)
      ? [duplicate(path, { Name: '', Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 })] : []),
  ];
}

function affinity(object: Service): readonly Finding[] {
  const { spec } = object;
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  return [
    ...oneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']),
    ...(spec.sessionAffinity === 'ClientIP' && seconds !== undefined && (seconds <= 0 || seconds > 86_400) ? [invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, 'must be greater than 0 and less than 86400')] : []),
  ];
}

function clusterAddresses(object: Service, clusterIPs: readonly string[]): readonly Finding[] {
  const related = relatedFields(object, clusterIPs);
  if (related.length > 0 || policyOf(object) !== 'SingleStack') return related;
  const needs = (what: string): Finding => invalid('spec.ipFamilyPolicy', 'SingleStack', `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`);
  return [...(clusterIPs.length === 2 ? [needs('cluster IPs')] : []), ...(object.spec.ipFamilies?.length === 2 ? [needs('IP families')] : [])];
}

function relatedFields(object: Service, clusterIPs: readonly string[]): readonly Finding[] {
  const { spec } = object;
  const families = clusterIPs.map((ip) => parseAddress(ip)?.family);
  const first = spec.clusterIP ?? '';
  const badAddresses = clusterIPs.flatMap((ip, index) => (ip === 'None' && index === 0 ? [] : address(`spec.clusterIPs[${index}]`, ip)));
  return [
    ...(first !== '' && clusterIPs[0] !== undefined && clusterIPs[0] !== first ? [invalid('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`')] : []),
    ...(first === '' && clusterIPs.length > 0 ? [invalid('spec.clusterIPs', clusterIPs, 'must be empty when `clusterIP` is not specified')] : []),
    ...(clusterIPs[0] === 'None' && clusterIPs.length > 1 ? [invalid('spec.clusterIPs', clusterIPs, "'None' must be the first and only value")] : []),
    ...badAddresses,
    ...(clusterIPs.length > 2 ? [invalid('spec.clusterIPs', clusterIPs, 'may only hold up to 2 values')] : []),
    ...(badAddresses.length === 0 && clusterIPs.length === 2 && families[0] === families[1] ? [invalid('spec.clusterIPs', clusterIPs, 'may specify no more than one IP for each IP family')] : []),
    ...(spec.ipFamilies ?? []).flatMap((family, index, all) => [
      ...oneOf(`spec.ipFamilies[${index}]`, family, ['IPv4', 'IPv6']),
      ...(all.indexOf(family) < index ? [duplicate(`spec.ipFamilies[${index}]`, family)] : []),
      ...(families[index] !== undefined && families[index] !== family ? [invalid(`spec.clusterIPs[${index}]`, clusterIPs[index], `expected an ${family} value as indicated by \`ipFamilies[${index}]\``)] : []),
    ]),
    ...oneOf('spec.ipFamilyPolicy', spec.ipFamilyPolicy, ['PreferDualStack', 'RequireDualStack', 'SingleStack']),
  ];
}

function nodePorts(object: Service): readonly Finding[] {
  const ports = object.spec.ports ?? [];
  return ports.flatMap((port, index): readonly Finding[] => {
    const given = port.nodePort ?? 0;
    if (given === 0) return [];
    const path = `spec.ports[${index}].nodePort`;
    if (given < nodePortRange.low || given > nodePortRange.high) return [invalid(path, given, nodePortSentence)];
    // A number is given out once, whatever the protocol; only the same port of another protocol may share it (pkg/registry/core/service/storage/alloc.go, initNodePorts).
    return ports.slice(0, index).some((other) => other.nodePort === given && (other.port !== port.port || other.protocol === port.protocol)) ? [invalid(path, given, 'provided port is already allocated')] : [];
  });
}

// Addresses that can be no endpoint and no external address (ValidateNonSpecialIP).
const special = [
  ['0.0.0.0/32', 'may not be unspecified (0.0.0.0)'], ['::/128', 'may not be unspecified (::)'], ['127.0.0.0/8', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['::1/128', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'], ['169.254.0.0/16', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'], ['fe80::/10', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['224.0.0.0/24', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'], ['ff02::/16', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
] as const;

/** What is wrong with an address that traffic is to be sent to, beyond its form. */
export function specialAddress(field: string, value: string): readonly Finding[] {
  const parsed = parseAddress(value);
  if (parsed === undefined) return [];
  for (const [range, says] of special) {
    const span = parseRange(range);
    if (span !== undefined && span.family === parsed.family && span.first <= parsed.value && parsed.value <= span.last) return [invalid(field, value, says)];
  }
  return [];
}
