// The cluster around the manifests: the Cluster document, kube-proxy's ConfigMap and the options of the command line, read once.
import { parse } from 'yaml';
import { parseAddress, parseRange } from '../base/address.ts';
import { fail, succeed, type Result } from '../base/result.ts';
import { dumpedPodRanges, dumpedServiceRanges } from './dumped-ranges.ts';
import type { CniPlugin, CniTraits } from '../cni/cni-plugin.ts';
import { chooseCni, type CniChoice } from '../cni/cni-plugins.ts';
import { isRecord } from '../cluster/record.ts';
import { find, list, type Store, type Stored } from '../cluster/store.ts';
import type { ClusterBgp, ClusterNode, ClusterObject, ClusterUnderlay, OutsideHost } from '../model/cluster-document.ts';
import { refOf, type ConfigMap, type ObjectRef } from '../model/object.ts';
import type { ProxyFacts, ProxyMode } from '../model/network.ts';
import type { Problem, Where } from '../model/problem.ts';

/** What may stand in for the Cluster document. */
export interface SettingsOptions {
  readonly cni?: string;
  readonly proxy?: string;
  readonly ipBlocks?: 'all' | 'outside';
  readonly seed?: number;
}

/** What the Cluster document says of one node, and where. */
export interface DeclaredNode {
  /** `spec.nodes[0]` */
  readonly field: string;
  readonly node: ClusterNode;
}

export interface Settings {
  /** The Cluster document, or what stands for it where there is none. */
  readonly cluster: ObjectRef;
  readonly seed: number;
  readonly ipBlocks: 'all' | 'outside';
  readonly plugin: CniPlugin;
  readonly mode: string;
  readonly mtu: number | null;
  readonly traits: CniTraits;
  /** Of the plugin: that it is historic. */
  readonly cniWarnings: readonly Problem[];
  readonly underlayMtu: number;
  readonly podRanges: readonly string[];
  readonly serviceRanges: readonly string[];
  readonly domain: string;
  readonly proxy: ProxyFacts;
  readonly hosts: readonly OutsideHost[];
  readonly loadBalancers: boolean;
  readonly underlay: ClusterUnderlay;
  /** `null`: the document has no such section. */
  readonly bgp: ClusterBgp | null;
  /** By the node's name; nodes that do not exist may be among them. */
  readonly declaredNodes: ReadonlyMap<string, DeclaredNode>;
}

/** A place in the Cluster document. */
export function whereIn(stored: Stored | undefined, object: string, field: string): Where | null {
  if (stored?.origin == null) return null;
  const [line, column] = stored.origin.positions[field] ?? stored.origin.positions[''] ?? [null, null];
  return { file: stored.origin.file, line, column, object, field };
}

const ranges = (text: string): string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

/** What a person wrote is only said to be a host. */
const isHost = (host: unknown): host is OutsideHost =>
  isRecord(host) && typeof host['name'] === 'string' && Array.isArray(host['addresses']) && host['addresses'].every((ip: unknown) => typeof ip === 'string' && parseAddress(ip) !== undefined);

/** Reads what is said and fills in cli.md's defaults. Plugins and proxy modes that are not simulated are failures: nothing is guessed. */
export function readSettings(store: Store, options: SettingsOptions): Result<Settings, Problem> {
  const stored = list(store, 'Cluster')[0];
  const cluster: ClusterObject | undefined = stored?.object;
  const where = (field: string): Where | null => whereIn(stored, `Cluster ${cluster?.metadata.name ?? ''}`, field);
  const failures: Problem[] = [];
  const spec = cluster?.spec;
  const found = chooseCni(spec?.cni, options.cni ?? null, where);
  if (!found.ok) failures.push(...found.failures);
  const config = proxyConfig(store);
  const mode = options.proxy ?? config?.mode ?? spec?.kubeProxy?.mode ?? null;
  if (mode !== null && !isProxyMode(mode)) {
    failures.push({ code: 'unknown-mode', severity: 'error', where: options.proxy === undefined ? where('spec.kubeProxy.mode') : null, says: `kube-proxy has no mode "${mode}"`, help: `There are: ${proxyModes.join(', ')}.` });
  }
  const checked = (field: string, text: string): string[] => {
    const list = ranges(text);
    for (const cidr of list) {
      if (parseRange(cidr) === undefined) failures.push({ code: 'invalid-value', severity: 'error', says: `spec.network.${field}: Invalid value: "${cidr}": must be a CIDR such as 10.244.0.0/16`, where: where(`spec.network.${field}`), help: null });
    }
    return list;
  };
  const serviceRanges = spec?.network?.services === undefined ? dumpedServiceRanges(store, '10.96.0.0/12') : checked('services', spec.network.services);
  const podRanges = spec?.network?.pods === undefined ? dumpedPodRanges(store, '10.244.0.0/16', serviceRanges) : checked('pods', spec.network.pods);
  const underlay = spec?.underlay;
  const hosts: OutsideHost[] = [];
  for (const [index, host] of (underlay?.hosts ?? []).entries()) {
    if (isHost(host)) hosts.push(host);
    else failures.push({ code: 'invalid-value', severity: 'error', says: `spec.underlay.hosts[${index}]: a host outside needs a name and addresses`, where: where(`spec.underlay.hosts[${index}]`), help: null });
  }
  if (failures.length > 0 || !found.ok || (mode !== null && !isProxyMode(mode))) return fail(...failures);
  return succeed({
    cluster: cluster === undefined ? { kind: 'Cluster', namespace: '', name: 'lab' } : refOf(cluster),
    seed: options.seed ?? 0, ipBlocks: options.ipBlocks ?? found.value.traits.ipBlocks, plugin: found.value.plugin, mode: found.value.mode, mtu: found.value.mtu, traits: found.value.traits, cniWarnings: found.value.warnings,
    underlayMtu: underlay?.mtu ?? 1500,
    podRanges, serviceRanges, domain: (spec?.network?.domain ?? 'cluster.local').replace(/\.$/, ''),
    proxy: readProxy(config, mode, found.value, podRanges), hosts, loadBalancers: underlay?.loadBalancers !== undefined && underlay.loadBalancers !== false && underlay.loadBalancers !== null,
    underlay: underlay ?? {}, bgp: spec?.bgp ?? null, declaredNodes: new Map((spec?.nodes ?? []).map((node, index) => [node.name, { field: `spec.nodes[${index}]`, node }])),
  });
}

const proxyModes: readonly ProxyMode[] = ['iptables', 'ipvs', 'nftables', 'none'];
const isProxyMode = (text: string): text is ProxyMode => proxyModes.some((mode) => mode === text);

type ProxyConfig = Partial<Pick<ProxyFacts, 'clusterRanges' | 'masqueradeAll' | 'nodePortAddresses' | 'localhostNodePorts'>> & { readonly mode?: ProxyMode };

/** kube-proxy's own configuration (KubeProxyConfiguration v1alpha1) where the ConfigMap has one that can be read; `null` otherwise: with one that cannot, the rules that stand stay as they are. */
function proxyConfig(store: Store): ProxyConfig | null {
  const object = find(store, { kind: 'ConfigMap', namespace: 'kube-system', name: 'kube-proxy' })?.object as ConfigMap | undefined;
  const text = object?.data?.['config.conf'];
  if (text === undefined) return null;
  let config: unknown;
  try {
    config = parse(text, { maxAliasCount: 100 });
  } catch {
    return null;
  }
  if (!isRecord(config)) return null;
  const of = (mode: string): unknown => (isRecord(config) && isRecord(config[mode]) ? config[mode]['masqueradeAll'] : undefined);
  const { mode, clusterCIDR, nodePortAddresses } = config;
  const iptables = config['iptables'];
  // An empty mode is the platform's default; one that does not exist keeps kube-proxy from starting.
  const named = typeof mode === 'string' && mode !== 'none' && isProxyMode(mode) ? mode : undefined;
  return {
    ...(named === undefined ? {} : { mode: named }),
    ...(typeof clusterCIDR === 'string' ? { clusterRanges: ranges(clusterCIDR) } : {}),
    ...(Array.isArray(nodePortAddresses) ? { nodePortAddresses: nodePortAddresses.filter((item): item is string => typeof item === 'string') } : {}),
    masqueradeAll: of(named ?? 'iptables') === true || of('iptables') === true,
    localhostNodePorts: !(isRecord(iptables) && iptables['localhostNodePorts'] === false),
  };
}

/** What kube-proxy does, or who does it in its place: the plugin where it is told to, or where the mode is `none` and it can. */
function readProxy(config: ProxyConfig | null, mode: ProxyMode | null, cni: CniChoice, podRanges: readonly string[]): ProxyFacts {
  const services = cni.traits.services ?? (mode === 'none' ? ableToReplace(cni) : null);
  return {
    mode: services !== null ? 'none' : mode ?? 'iptables',
    replacement: services === null ? null : { by: cni.plugin.name, noEndpoints: services.noEndpoints, atConnect: services.atConnect, localhostNodePorts: services.localhostNodePorts },
    clusterRanges: config?.clusterRanges ?? podRanges, masqueradeAll: config?.masqueradeAll ?? false, nodePortAddresses: config?.nodePortAddresses ?? [], localhostNodePorts: config?.localhostNodePorts ?? true,
  };
}

/** What the plugin would do with its replacement switched on by the one option that does it; `null` when it has none, or when the document says no. */
function ableToReplace(cni: CniChoice): CniChoice['traits']['services'] {
  for (const option of cni.plugin.options) {
    if (cni.options[option.name] !== undefined) continue;
    for (const value of option.type === 'boolean' ? [true] : option.values ?? []) {
      const { services } = cni.plugin.traits(cni.mode, { ...cni.options, [option.name]: value });
      if (services !== null) return services;
    }
  }
  return null;
}
