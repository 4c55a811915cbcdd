// What the Cluster document says beside the other objects: nodes that do not exist, settings that the plugin has no use for, ranges that overlap.
import { closest } from 'fastest-levenshtein';
import { parseAddress, parseRange, rangeHolds, type AddressRange } from '../base/address.ts';
import { list, type Store } from '../cluster/store.ts';
import type { Network } from '../model/network.ts';
import { refText } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { nodeNamesToCome } from './implied.ts';
import { whereIn, type Settings } from './settings.ts';

const nameOf = (settings: Settings): string => refText(settings.cluster);

const quoted = (text: string): string => JSON.stringify(text);

/** Every name of a node in the document that no node has; errors, for whoever writes the document. */
export function unknownNodes(store: Store): Problem[] {
  const stored = list(store, 'Cluster')[0];
  const spec = stored?.object.spec;
  if (stored === undefined || spec === undefined) return [];
  const known = list(store, 'Node').map(({ object }) => object.metadata.name);
  const names = known.length > 0 ? known : nodeNamesToCome(list(store, 'Pod').map(({ object }) => object));
  const said: (readonly [field: string, name: string])[] = [
    ...(spec.nodes ?? []).map((node, index) => [`spec.nodes[${index}].name`, node.name] as const),
    ...(spec.underlay?.securityGroups ?? []).flatMap((group, index) => (group.nodes ?? []).map((name, at) => [`spec.underlay.securityGroups[${index}].nodes[${at}]`, name] as const)),
    ...(spec.underlay?.segments ?? []).flatMap((segment, index) => segment.map((name, at) => [`spec.underlay.segments[${index}][${at}]`, name] as const)),
  ];
  return said.filter(([, name]) => !names.includes(name)).map(([field, name]): Problem => ({
    code: 'unknown-node', severity: 'error', says: `${field}: Invalid value: ${quoted(name)}: the cluster has no node of that name`,
    where: whereIn(stored, refText({ kind: 'Cluster', namespace: '', name: stored.object.metadata.name }), field), help: `There are: ${names.join(', ')}.${names.length === 0 ? '' : ` Did you mean ${quoted(closest(name, names))}?`}`,
  }));
}

/** Settings that are taken and mean nothing here. */
function withoutEffect(settings: Settings, network: Network): (readonly [field: string, says: string])[] {
  const { traits, plugin, mode, underlay, bgp, declaredNodes } = settings;
  const who = `${plugin.name} in mode ${mode}`;
  const hasBridge = network.nodes.some(({ interfaces }) => interfaces.some(({ kind }) => kind === 'bridge')) || network.nodes.every(({ interfaces }) => interfaces.every(({ pod }) => pod === null));
  const found: (readonly [string, string])[] = [];
  if (bgp !== null && traits.announcedBy !== 'bgp') found.push(['spec.bgp', `${who} speaks no BGP`]);
  if (underlay.segments !== undefined && !traits.sameSegment) found.push(['spec.underlay.segments', `${who} needs no common segment: nodes are not each other's next hop`]);
  for (const [index, group] of (underlay.securityGroups ?? []).entries()) {
    const field = `spec.underlay.securityGroups[${index}].pods`;
    if (group.pods === undefined) continue;
    if (traits.announcedBy !== 'cloud') found.push([field, 'only with the Amazon VPC CNI do pods have interfaces of their own that a security group can be on']);
    else if (network.underlay.securityGroups[index]?.pods.length === 0) found.push([field, 'selects no pod']);
  }
  for (const { field, node } of declaredNodes.values()) {
    const here = network.nodes.find(({ name }) => name === node.name);
    if (here === undefined) continue;
    if (node.asNumber !== undefined && traits.announcedBy !== 'bgp') found.push([`${field}.asNumber`, `${who} speaks no BGP`]);
    if (node.wireguard === false && traits.withoutWireGuard === null) found.push([`${field}.wireguard`, `${who} uses no WireGuard`]);
    if (node.announces !== undefined && traits.announcedBy === 'cloud') found.push([`${field}.announces`, `with ${plugin.name} the cloud knows by itself where pods are`]);
    if (node.hairpinMode === false && !hasBridge) found.push([`${field}.hairpinMode`, `${who} has no bridge`]);
    if (node.kubeProxy !== undefined && settings.proxy.mode === 'none') found.push([`${field}.kubeProxy`, 'no kube-proxy runs in this cluster']);
    for (const [index, { service }] of (node.kubeProxy?.stale ?? []).entries()) {
      if (!network.services.some(({ ref }) => `${ref.namespace}/${ref.name}` === service)) found.push([`${field}.kubeProxy.stale[${index}].service`, `there is no Service ${service}`]);
    }
    for (const [index, cidr] of (node.missingRoutes ?? []).entries()) {
      const missing = parseRange(cidr);
      const hits = network.nodes.some((other) => other.name !== node.name && other.podRanges.some((own) => { const range = parseRange(own); return missing !== undefined && range !== undefined && range.family === missing.family && missing.first <= range.first && range.last <= missing.last; }));
      if (!hits) found.push([`${field}.missingRoutes[${index}]`, `no other node's pods have addresses in ${cidr}`]);
    }
  }
  return found;
}

const ranges = (cidrs: readonly string[]): (readonly [string, AddressRange])[] => cidrs.flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [[cidr, range] as const]; });

const holder = (cidrs: readonly string[], ip: string): string | undefined => {
  const address = parseAddress(ip);
  return address === undefined ? undefined : ranges(cidrs).find(([, range]) => rangeHolds(range, address))?.[0];
};

/** Ranges that hold addresses of somebody else: the API server takes them, and whoever has such an address is hidden. */
function overlaps(settings: Settings, network: Network): (readonly [field: string, says: string])[] {
  const found: (readonly [string, string])[] = [];
  const kinds = [
    ['spec.network.pods', settings.podRanges, 'pods', settings.traits.underlayKnowsPods], ['spec.network.services', settings.serviceRanges, 'Services', false],
  ] as const;
  for (const [pods, left] of ranges(settings.podRanges)) {
    for (const [services, right] of ranges(settings.serviceRanges)) {
      if (left.family === right.family && left.first <= right.last && right.first <= left.last) found.push(['spec.network.services', `the Services' range ${services} and the pods' range ${pods} overlap: what is sent to a Service's address never reaches a pod that has it too`]);
    }
  }
  for (const [field, cidrs, whose, shared] of kinds) {
    for (const node of shared ? [] : network.nodes) {
      const ip = node.addresses.find(({ type, address }) => type.endsWith('IP') && holder(cidrs, address) !== undefined)?.address;
      if (ip !== undefined) { found.push([field, `the range of ${whose} ${holder(cidrs, ip) ?? ''} holds ${ip}, the address of node ${node.name}`]); break; }
    }
    for (const host of network.outside.hosts) {
      const ip = host.addresses.find((one) => holder(cidrs, one) !== undefined);
      if (ip !== undefined && settings.hosts.some(({ name }) => name === host.name)) found.push([field, `the range of ${whose} ${holder(cidrs, ip) ?? ''} holds ${ip}, the address of ${host.name} outside: the cluster keeps what is sent there`]);
    }
  }
  return found;
}

/** Two nodes with one range: each gives its addresses out without knowing of the other. */
function sharedRanges(store: Store, settings: Settings): Problem[] {
  if (!settings.traits.needsPodCidr) return [];
  const nodes = list(store, 'Node');
  return nodes.flatMap((stored, index) => (stored.object.spec?.podCIDRs ?? []).flatMap((cidr): Problem[] => {
    const other = nodes.slice(0, index).find(({ object }) => object.spec?.podCIDRs?.includes(cidr));
    if (other === undefined) return [];
    const { name } = stored.object.metadata;
    return [{
      code: 'duplicate-range', severity: 'warning', says: `nodes ${other.object.metadata.name} and ${name} have the same range ${cidr}: both give its addresses to their pods`,
      where: whereIn(stored, `Node ${name}`, 'spec.podCIDR'), help: 'Every node needs a range of its own.',
    }];
  }));
}

/** What is odd and no error. The document's nodes that do not exist are among them: they may have been there. */
export function documentWarnings(store: Store, settings: Settings, network: Network): Problem[] {
  const stored = list(store, 'Cluster')[0];
  const at = (code: string, help: string | null) => ([field, says]: readonly [string, string]): Problem => ({ code, severity: 'warning', says: `${field}: ${says}`, where: whereIn(stored, nameOf(settings), field), help });
  return [
    ...unknownNodes(store).map((problem): Problem => ({ ...problem, severity: 'warning' })),
    ...withoutEffect(settings, network).map(at('no-effect', 'It has no effect here.')),
    ...overlaps(settings, network).map(at('overlapping-ranges', 'Addresses of the cluster must be nobody else\'s.')),
    ...sharedRanges(store, settings),
  ];
}
