// The lab's own Cluster document: plugins, proxies, ranges and outside hosts that exist (cli.md, "The cluster around the manifests").
import { parseAddress, parseRange } from '../../base/address.ts';
import type { ClusterObject } from '../../model/cluster-document.ts';
import { duplicate, invalid, required } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { bgpFindings, nodeFindings } from './cluster-node.ts';
import { mtu, oneOf, underlayFindings } from './cluster-underlay.ts';
import { address, checked, cidr, isDns1123Subdomain, portNumber } from './names.ts';

/** Every plugin that a document may name; which of them the lab simulates, their room says. */
export const pluginNames = ['aws-vpc-cni', 'calico', 'cilium', 'flannel', 'weave'] as const;
export const proxyModes = ['iptables', 'ipvs', 'nftables', 'none'] as const;

/** A Cluster document with its defaults. */
export function clusterDocument(object: ClusterObject): readonly Finding[] {
  const { cni, kubeProxy, network, underlay, bgp, nodes } = object.spec ?? {};
  const hosts = underlay?.hosts ?? [];
  return [
    ...oneOf('spec.cni.plugin', cni?.plugin, pluginNames),
    ...mtu('spec.cni.mtu', cni?.mtu),
    ...oneOf('spec.kubeProxy.mode', kubeProxy?.mode, proxyModes),
    ...ranges('spec.network.pods', network?.pods),
    ...ranges('spec.network.services', network?.services),
    ...(network?.domain === undefined ? [] : checked('spec.network.domain', network.domain.replace(/\.$/, ''), isDns1123Subdomain)),
    ...hosts.flatMap((host, index): readonly Finding[] => {
      const path = `spec.underlay.hosts[${index}]`;
      const name: string = host.name ?? '';
      const addresses = host.addresses ?? [];
      return [
        ...(name === '' ? [required(`${path}.name`)] : [...checked(`${path}.name`, name, isDns1123Subdomain), ...(hosts.slice(0, index).some((other) => other.name === name) ? [duplicate(`${path}.name`, name)] : [])]),
        ...(addresses.length === 0 ? [required(`${path}.addresses`, 'must contain at least 1 address')] : addresses.flatMap((ip, at) => address(`${path}.addresses[${at}]`, ip))),
        ...(host.ports ?? []).flatMap((port, at) => [...portNumber(`${path}.ports[${at}].port`, port.port ?? 0), ...oneOf(`${path}.ports[${at}].protocol`, port.protocol, ['SCTP', 'TCP', 'UDP'])]),
      ];
    }),
    ...(underlay === undefined ? [] : underlayFindings(underlay)),
    ...(bgp === undefined ? [] : bgpFindings(bgp)),
    ...nodeFindings(nodes ?? []),
  ];
}

// One range, or one of each family behind a comma.
function ranges(field: string, value: string | undefined): readonly Finding[] {
  if (value === undefined) return [];
  const parts = value.split(',');
  const families = parts.map((part) => parseRange(part)?.family);
  const wrong = parts.flatMap((part) => cidr(field, part));
  if (wrong.length > 0) return wrong;
  return parts.length > 2 || (parts.length === 2 && families[0] === families[1]) ? [invalid(field, value, 'may hold one range, or one of each IP family')] : [];
}

/** The ranges that cluster addresses are given out from: the document's, or the default. */
export const serviceRanges = (object: ClusterObject | undefined): readonly string[] => (object?.spec?.network?.services ?? '10.96.0.0/12').split(',');

/** True for an address in one of the ranges. */
export function inRanges(ranges: readonly string[], ip: string): boolean {
  const parsed = parseAddress(ip);
  return parsed !== undefined && ranges.some((text) => {
    const range = parseRange(text);
    return range !== undefined && range.family === parsed.family && range.first <= parsed.value && parsed.value <= range.last;
  });
}
