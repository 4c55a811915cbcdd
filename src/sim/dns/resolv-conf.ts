// What the kubelet writes into a pod's /etc/resolv.conf.
import type { PodSpec } from '../model/object.ts';
import { mergeOptions, parseNodeResolvConf } from './node-resolv-conf.ts';
export { parseResolvConf } from './parse-resolv-conf.ts';
export type { ResolverConfig } from './parse-resolv-conf.ts';

export interface PodDnsInput {
  /** `ClusterFirst` when it is not said. */
  readonly dnsPolicy: string | undefined;
  readonly dnsConfig: PodSpec['dnsConfig'] | undefined;
  readonly hostNetwork: boolean;
  readonly namespace: string;
  /** The cluster domain; empty when the kubelet has none. */
  readonly domain: string;
  /** The kubelet's `clusterDNS`. */
  readonly clusterDns: readonly string[];
  /** The text of the file that the kubelet's `resolvConf` names; `null` for `resolvConf: ""`. */
  readonly nodeResolvConf: string | null;
}

export interface DnsConfigEvent {
  readonly reason: 'DNSConfigForming' | 'MissingClusterDNS';
  readonly message: string;
}

export interface PodResolvConf {
  readonly text: string;
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  /** `name` or `name:value`. */
  readonly options: readonly string[];
  /** Warnings on the pod. */
  readonly events: readonly DnsConfigEvent[];
}

interface DnsLines {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

const mostNameservers = 3;
const mostSearches = 32;
const longestSearchList = 2048;
const longestSearch = 253;

/** Whose DNS a pod gets: the cluster's, its node's, or only what its dnsConfig says. */
export function podDnsType(dnsPolicy: string | undefined, hostNetwork: boolean): 'cluster' | 'host' | 'none' {
  if (dnsPolicy === 'None') return 'none';
  if (dnsPolicy === 'Default') return 'host';
  return hostNetwork && (dnsPolicy === undefined || dnsPolicy === 'ClusterFirst') ? 'host' : 'cluster';
}

/** The file as the kubelet forms it and the runtime writes it (kubernetes pkg/kubelet/network/dns/dns.go, `GetPodDNS`; containerd's order of lines). */
export function podResolvConf(input: PodDnsInput): PodResolvConf {
  const events: DnsConfigEvent[] = [];
  const added = input.dnsConfig;
  const base = baseLines(input, events);
  const options = (added?.options ?? []).map(({ name, value }) => (value === undefined || value === '' ? name : `${name}:${value}`));
  const lines = withinLimits({
    nameservers: once([...base.nameservers, ...(added?.nameservers ?? [])]),
    searches: once([...base.searches, ...(added?.searches ?? [])]),
    options: mergeOptions(base.options, options),
  }, events);
  return { ...lines, text: textOf(lines), events };
}

function baseLines(input: PodDnsInput, events: DnsConfigEvent[]): DnsLines {
  const type = podDnsType(input.dnsPolicy, input.hostNetwork);
  if (type === 'none') return { nameservers: [], searches: [], options: [] };
  const node = input.nodeResolvConf === null ? null : parseNodeResolvConf(input.nodeResolvConf);
  if (type === 'cluster' && input.clusterDns.length > 0) {
    const { namespace, domain } = input;
    const own = domain === '' ? [] : [`${namespace}.svc.${domain}`, `svc.${domain}`, domain];
    return { nameservers: input.clusterDns, searches: once([...own, ...(node?.searches ?? [])]), options: ['ndots:5'] };
  }
  if (type === 'cluster') {
    events.push({ reason: 'MissingClusterDNS', message: 'kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.' });
  }
  return node ?? { nameservers: ['127.0.0.1'], searches: ['.'], options: [] };
}

function withinLimits(lines: DnsLines, events: DnsConfigEvent[]): DnsLines {
  const searches = fittingSearches(lines.searches);
  if (searches.length < lines.searches.length) {
    events.push({ reason: 'DNSConfigForming', message: `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(' ')}` });
  }
  const nameservers = lines.nameservers.slice(0, mostNameservers);
  if (nameservers.length < lines.nameservers.length) {
    events.push({ reason: 'DNSConfigForming', message: `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${nameservers.join(' ')}` });
  }
  return { ...lines, nameservers, searches };
}

function fittingSearches(all: readonly string[]): readonly string[] {
  // What is too long is left out only of those that were kept.
  let searches = all.slice(0, mostSearches).filter((search) => search.length <= longestSearch);
  while (searches.join(' ').length > longestSearchList) searches = searches.slice(0, -1);
  return searches;
}

const once = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

function textOf({ nameservers, searches, options }: DnsLines): string {
  const search = searches.length > 0 ? `search ${searches.join(' ')}\n` : '';
  return `${search}${nameservers.map((server) => `nameserver ${server}\n`).join('')}${options.length > 0 ? `options ${options.join(' ')}\n` : ''}`;
}
