// The cluster around the manifests: the Cluster document, kube-proxy's ConfigMap and the options of the command line, read once.
import { parse } from 'yaml';
import { parseAddress, parseRange } from '../base/address.ts';
import { fail, succeed, type Result } from '../base/result.ts';
import type { CniPlugin } from '../cni/cni-plugin.ts';
import { findCniPlugin } from '../cni/cni-plugins.ts';
import { isRecord } from '../cluster/record.ts';
import { find, list, type Store, type Stored } from '../cluster/store.ts';
import type { ClusterObject, ConfigMap, OutsideHost } from '../model/object.ts';
import type { ProxyFacts } from '../model/network.ts';
import type { Problem, Where } from '../model/problem.ts';

/** What may stand in for the Cluster document. */
export interface SettingsOptions {
  readonly cni?: string;
  readonly proxy?: string;
  readonly ipBlocks?: 'all' | 'outside';
  readonly seed?: number;
}

export interface Settings {
  readonly seed: number;
  readonly ipBlocks: 'all' | 'outside';
  readonly plugin: CniPlugin;
  readonly mode: string;
  readonly mtu: number | null;
  readonly underlayMtu: number;
  readonly podRanges: readonly string[];
  readonly serviceRanges: readonly string[];
  readonly domain: string;
  readonly proxy: ProxyFacts;
  readonly hosts: readonly OutsideHost[];
  readonly loadBalancers: boolean;
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
  const found = findCniPlugin(options.cni ?? spec?.cni?.plugin ?? 'calico', options.cni === undefined || options.cni === spec?.cni?.plugin ? spec?.cni?.mode ?? null : null, options.cni === undefined ? where('spec.cni.plugin') : null);
  if (!found.ok) failures.push(...found.failures);
  const mode = options.proxy ?? spec?.kubeProxy?.mode ?? 'iptables';
  if (mode !== 'iptables') {
    const known = ['ipvs', 'nftables', 'none'].includes(mode);
    failures.push({
      code: known ? 'not-simulated' : 'unknown-mode', severity: 'error', where: options.proxy === undefined ? where('spec.kubeProxy.mode') : null,
      says: known ? `kube-proxy's mode ${mode} is not simulated yet` : `kube-proxy has no mode "${mode}"`, help: 'Simulated is: iptables.',
    });
  }
  const checked = (field: string, text: string): string[] => {
    const list = ranges(text);
    for (const cidr of list) {
      if (parseRange(cidr) === undefined) failures.push({ code: 'invalid-value', severity: 'error', says: `spec.network.${field}: Invalid value: "${cidr}": must be a CIDR such as 10.244.0.0/16`, where: where(`spec.network.${field}`), help: null });
    }
    return list;
  };
  const podRanges = checked('pods', spec?.network?.pods ?? '10.244.0.0/16');
  const serviceRanges = checked('services', spec?.network?.services ?? '10.96.0.0/12');
  const underlay = spec?.underlay;
  const hosts: OutsideHost[] = [];
  for (const [index, host] of (underlay?.hosts ?? []).entries()) {
    if (isHost(host)) hosts.push(host);
    else failures.push({ code: 'invalid-value', severity: 'error', says: `spec.underlay.hosts[${index}]: a host outside needs a name and addresses`, where: where(`spec.underlay.hosts[${index}]`), help: null });
  }
  if (failures.length > 0 || !found.ok) return fail(...failures);
  const underlayMtu = underlay?.['mtu'];
  return succeed({
    seed: options.seed ?? 0, ipBlocks: options.ipBlocks ?? 'all', plugin: found.value.plugin, mode: found.value.mode, mtu: spec?.cni?.mtu ?? null,
    underlayMtu: typeof underlayMtu === 'number' ? underlayMtu : 1500,
    podRanges, serviceRanges, domain: (spec?.network?.domain ?? 'cluster.local').replace(/\.$/, ''),
    proxy: readProxy(store, podRanges), hosts, loadBalancers: underlay?.['loadBalancers'] !== undefined && underlay['loadBalancers'] !== false && underlay['loadBalancers'] !== null,
  });
}

/** kube-proxy's own configuration (KubeProxyConfiguration v1alpha1) where the ConfigMap has one; kubeadm's defaults otherwise. */
function readProxy(store: Store, podRanges: readonly string[]): ProxyFacts {
  const defaults: ProxyFacts = { mode: 'iptables', clusterRanges: podRanges, masqueradeAll: false, nodePortAddresses: [], localhostNodePorts: true };
  const object = find(store, { kind: 'ConfigMap', namespace: 'kube-system', name: 'kube-proxy' })?.object as ConfigMap | undefined;
  const text = object?.data?.['config.conf'];
  if (text === undefined) return defaults;
  let config: unknown;
  try {
    config = parse(text, { maxAliasCount: 100 });
  } catch {
    // kube-proxy would not start with it; the rules that stand stay as they are.
    return defaults;
  }
  if (typeof config !== 'object' || config === null) return defaults;
  const get = (holder: unknown, key: string): unknown => (typeof holder === 'object' && holder !== null ? Object.entries(holder).find(([name]) => name === key)?.[1] : undefined);
  const clusterCidr = get(config, 'clusterCIDR');
  const addresses = get(config, 'nodePortAddresses');
  const localhost = get(get(config, 'iptables'), 'localhostNodePorts');
  return {
    mode: 'iptables',
    clusterRanges: typeof clusterCidr === 'string' ? ranges(clusterCidr) : podRanges,
    masqueradeAll: get(get(config, 'iptables'), 'masqueradeAll') === true,
    nodePortAddresses: Array.isArray(addresses) ? addresses.filter((item): item is string => typeof item === 'string') : [],
    localhostNodePorts: localhost !== false,
  };
}
