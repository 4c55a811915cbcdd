// The Cluster document's nodes and BGP: values that a machine, a kubelet or a BGP speaker can have.
import { parseAddress, parseRange } from '../../base/address.ts';
import type { ClusterBgp, ClusterNode, StaleService } from '../../model/cluster-document.ts';
import { duplicate, invalid, required } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { mtu, oneOf } from './cluster-underlay.ts';
import { address, checked, cidr, isDns1123Subdomain, labels } from './names.ts';

export const reversePathModes = ['none', 'strict', 'loose'] as const;
export const forwardPolicies = ['ACCEPT', 'DROP'] as const;

const mostAs = 4_294_967_295;
/** An /etc/resolv.conf that long says something else. */
const longestFile = 8192;

const asNumber = (field: string, value: number | undefined): readonly Finding[] => (value === undefined || (value >= 1 && value <= mostAs) ? [] : [invalid(field, value, `must be between 1 and ${mostAs}, inclusive`)]);

const atLeast = (field: string, value: number | undefined, least: number): readonly Finding[] => (value === undefined || value >= least ? [] : [invalid(field, value, `must be greater than or equal to ${least}`)]);

export function bgpFindings(bgp: ClusterBgp): readonly Finding[] {
  const { routeReflectors } = bgp;
  return [
    ...asNumber('spec.bgp.asNumber', bgp.asNumber),
    ...(routeReflectors === undefined ? [] : Object.keys(routeReflectors).length === 0 ? [{ ...required('spec.bgp.routeReflectors', 'must contain at least 1 label'), help: 'Leave it out for sessions of every node with every other.' }] : labels('spec.bgp.routeReflectors', routeReflectors)),
  ];
}

export function nodeFindings(nodes: readonly ClusterNode[]): readonly Finding[] {
  return nodes.flatMap((node, index) => {
    const path = `spec.nodes[${index}]`;
    const name: string = node.name ?? '';
    return [
      ...(name === '' ? [required(`${path}.name`)] : [...checked(`${path}.name`, name, isDns1123Subdomain), ...(nodes.slice(0, index).some((other) => other.name === name) ? [{ ...duplicate(`${path}.name`, name), help: 'What is said of one node stands in one item.' }] : [])]),
      ...(node.kubeProxy?.stale ?? []).flatMap((stale, at, all) => staleFindings(`${path}.kubeProxy.stale[${at}]`, stale, all.slice(0, at))),
      ...atLeast(`${path}.conntrack.max`, node.conntrack?.max, 1),
      ...atLeast(`${path}.conntrack.used`, node.conntrack?.used, 0),
      ...oneOf(`${path}.rpFilter`, node.rpFilter, reversePathModes),
      ...oneOf(`${path}.forwardPolicy`, node.forwardPolicy, forwardPolicies),
      ...mtu(`${path}.mtu`, node.mtu),
      ...(node.missingRoutes ?? []).flatMap((range, at) => cidr(`${path}.missingRoutes[${at}]`, range)),
      ...(node.announces === undefined ? [] : address(`${path}.announces`, node.announces)),
      ...asNumber(`${path}.asNumber`, node.asNumber),
      ...(node.interfaces ?? []).flatMap((one, at, all) => interfaceFindings(`${path}.interfaces[${at}]`, one, all.slice(0, at))),
      ...(node.resolvConf !== undefined && node.resolvConf.length > longestFile ? [invalid(`${path}.resolvConf`, `${node.resolvConf.slice(0, 20)}…`, `may not be more than ${longestFile} characters`)] : []),
      ...(node.clusterDNS ?? []).flatMap((ip, at) => address(`${path}.clusterDNS[${at}]`, ip)),
      ...atLeast(`${path}.maxPods`, node.maxPods, 0),
    ];
  });
}

function staleFindings(path: string, stale: StaleService, before: readonly StaleService[]): readonly Finding[] {
  const service: string = stale.service ?? '';
  return [
    ...(service === '' ? [required(`${path}.service`)]
      : !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(service) ? [{ ...invalid(`${path}.service`, service, 'must be NAMESPACE/NAME'), help: service.includes('/') ? 'For example shop/api.' : `With its namespace: shop/${service}.` }]
        : before.some((other) => other.service === service) ? [duplicate(`${path}.service`, service)] : []),
    ...(stale.endpoints ?? []).flatMap((text, at) => (isSocket(text) ? [] : [{ ...invalid(`${path}.endpoints[${at}]`, text, 'must be IP:PORT'), help: 'For example 10.244.1.5:8080, or [fd00::5]:8080.' }])),
  ];
}

function isSocket(text: string): boolean {
  const [, ip = '', port = ''] = /^(\[[^\]]+\]|[^:[\]]+):(\d{1,5})$/.exec(text) ?? [];
  return parseAddress(ip.replace(/^\[|\]$/g, '')) !== undefined && (ip.startsWith('[') === ip.includes(':')) && Number(port) >= 1 && Number(port) <= 65_535;
}

const taken: readonly string[] = ['lo', 'eth0'];

function interfaceFindings(path: string, one: { readonly name: string; readonly address: string }, before: readonly { readonly name: string }[]): readonly Finding[] {
  const name: string = one.name ?? '';
  const text: string = one.address ?? '';
  const bare = parseAddress(text);
  return [
    // The kernel's rule for names of devices (net/core/dev.c, dev_valid_name), without what no terminal should print.
    ...(name === '' ? [required(`${path}.name`)] : !/^[A-Za-z0-9._@-]{1,15}$/.test(name) || name === '.' || name === '..' ? [invalid(`${path}.name`, name, 'must be at most 15 letters, digits and . _ @ -')]
      : taken.includes(name) ? [{ ...invalid(`${path}.name`, name, 'every node has one of that name'), help: 'More interfaces have other names: eth1.' }]
        : before.some((other) => other.name === name) ? [duplicate(`${path}.name`, name)] : []),
    ...(text === '' ? [required(`${path}.address`)] : parseRange(text) === undefined ? [{ ...invalid(`${path}.address`, text, 'must be an address with prefix length'), help: bare === undefined ? 'For example 192.168.56.11/24.' : `For example ${text}/${bare.family === 'IPv4' ? 24 : 64}.` }] : []),
  ];
}
