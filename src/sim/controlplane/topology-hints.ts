// The annotation service.kubernetes.io/topology-mode: Auto: endpoints are dealt out to zones by their share of the cluster's CPUs (k8s.io/endpointslice/topologycache).
import { byText } from '../base/order.ts';
import type { NodeObject, SliceEndpoint } from '../model/object.ts';

/** No zone's endpoints may get more than a fifth above their share of the traffic. */
const overload = 0.2;

const units: Readonly<Record<string, number>> = { '': 1, m: 1e-3, u: 1e-6, n: 1e-9, k: 1e3 };

/** Kubernetes' quantities of CPUs; `undefined` where the node does not say. */
function cpusOf(node: NodeObject): number | undefined {
  const text = node.status?.allocatable?.['cpu'];
  const [, digits = '', unit = ''] = text === undefined ? [] : /^(\d+(?:\.\d+)?)([munk]?)$/.exec(String(text)) ?? [];
  return text === undefined ? undefined : digits === '' ? 0 : Number(digits) * (units[unit] ?? 1);
}

const takesPart = ({ metadata, status }: NodeObject): boolean => !Object.hasOwn(metadata.labels ?? {}, 'node-role.kubernetes.io/control-plane') && !Object.hasOwn(metadata.labels ?? {}, 'node-role.kubernetes.io/master')
  && (status?.conditions ?? []).every((condition) => condition.type !== 'Ready' || condition.status === 'True');

/** Each zone's share of the CPUs of all nodes that take workloads; `null` where a node has no zone or no CPUs, or where there are not two zones. */
export function zoneShares(nodes: readonly NodeObject[]): ReadonlyMap<string, number> | null {
  const counted = nodes.filter(takesPart).map((node) => ({ zone: node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '', cpus: cpusOf(node) }));
  const said = counted.flatMap(({ cpus }) => cpus ?? []);
  // Simplified: kubelet says in a Node's status how many CPUs it has; a Node that is declared without counts as an average one.
  const average = said.length === 0 ? 1 : said.reduce((sum, number) => sum + number, 0) / said.length;
  const found = new Map<string, number>();
  for (const { zone, cpus = average } of counted) {
    if (zone === '' || cpus === 0) return null;
    found.set(zone, (found.get(zone) ?? 0) + cpus);
  }
  const total = [...found.values()].reduce((sum, number) => sum + number, 0);
  return found.size < 2 ? null : new Map([...found].sort(([left], [right]) => byText(left, right)).map(([zone, number]) => [zone, number / total]));
}

/** How many endpoints each zone should have; `null` where that cannot be without an overload. */
function wanted(shares: ReadonlyMap<string, number>, endpoints: number): ReadonlyMap<string, number> | null {
  if (shares.size > endpoints) return null;
  let left = endpoints;
  const found = new Map<string, number>();
  for (const [zone, share] of shares) {
    const desired = share * endpoints;
    const least = Math.ceil(desired * (1 / (1 + overload)));
    left -= least;
    if (left < 0) return null;
    found.set(zone, Math.max(desired, least));
  }
  return found;
}

const most = (zones: ReadonlyMap<string, number>): [zone: string, number: number] => [...zones].reduce<[string, number]>((best, [zone, number]) => (number > best[1] ? [zone, number] : best), ['', 0]);

/** How many endpoints each zone gives to others, and how many each gets. */
function exchange(targets: ReadonlyMap<string, number>, had: ReadonlyMap<string, number>): { readonly giving: Map<string, number>; readonly getting: Map<string, number> } {
  const over = new Map<string, number>();
  const under = new Map<string, number>();
  for (const [zone, target] of targets) {
    const number = had.get(zone) ?? 0;
    if (number > target) over.set(zone, number - target);
    else if (number < target) under.set(zone, target - number);
  }
  const giving = new Map<string, number>();
  const getting = new Map<string, number>();
  for (;;) {
    const [from, give] = most(over);
    const [to, take] = most(under);
    if (from === '' || to === '' || (give < 1 && take < 1) || give < 0.5 || take < 0.5) return { giving, getting };
    giving.set(from, (giving.get(from) ?? 0) + 1);
    getting.set(to, (getting.get(to) ?? 0) + 1);
    over.set(from, give - 1);
    under.set(to, take - 1);
  }
}

/** The zone that each endpoint is for, in their order, `null` for those that are not ready; `null` for all where the controller writes no hints. */
export function autoHints(endpoints: readonly SliceEndpoint[], shares: ReadonlyMap<string, number> | null): readonly (string | null)[] | null {
  const ready = endpoints.filter(({ conditions }) => conditions?.ready === true);
  const targets = shares === null ? null : wanted(shares, ready.length);
  if (targets === null || ready.some(({ zone }) => zone === undefined || zone === '')) return null;
  const had = new Map<string, number>();
  for (const { zone = '' } of ready) had.set(zone, (had.get(zone) ?? 0) + 1);
  const { giving, getting } = exchange(targets, had);
  return endpoints.map(({ conditions, zone = '' }) => {
    if (conditions?.ready !== true) return null;
    const give = giving.get(zone) ?? 0;
    const [to] = [...getting].sort(([left], [right]) => byText(left, right)).find(([, number]) => number > 0) ?? [];
    if (give === 0 || to === undefined) return zone;
    giving.set(zone, give - 1);
    getting.set(to, (getting.get(to) ?? 0) - 1);
    return to;
  });
}
