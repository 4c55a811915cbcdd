// What is particular about each node, with every choice made: the Cluster document's word, or how machines usually are.
import type { ClusterNode, StaleService } from '../model/cluster-document.ts';
import type { NodeState } from '../model/network.ts';
import type { NodeObject } from '../model/object.ts';
import type { DeclaredNode, Settings } from './settings.ts';

/** Without what only the network as a whole tells. */
export type OwnState = Omit<NodeState, 'bgp' | 'unrouted'>;

/** `IP:PORT`, IPv6 in brackets; `null` for what is none. */
function socketOf(text: string): { readonly ip: string; readonly port: number } | null {
  const cut = text.lastIndexOf(':');
  const port = Number(text.slice(cut + 1));
  return cut > 0 && Number.isInteger(port) ? { ip: text.slice(0, cut).replace(/^\[|\]$/g, ''), port } : null;
}

const staleRules = (stale: readonly StaleService[]): NodeState['stale'] =>
  Object.fromEntries(stale.map(({ service, endpoints }) => [service, endpoints === undefined ? null : endpoints.flatMap((text) => socketOf(text) ?? [])]));

/** kube-proxy makes the table this large for a machine with up to four CPUs (conntrack.maxPerCore 32768, conntrack.min 131072). */
const usualTable = 131_072;

const oneOf = <Value extends string>(value: string | undefined, values: readonly Value[], usual: Value): Value => values.find((one) => one === value) ?? usual;

export function nodeState(node: NodeObject, declared: DeclaredNode | undefined, settings: Settings): OwnState {
  const said: Partial<ClusterNode> = declared?.node ?? {};
  const runs = said.kubeProxy?.running !== false;
  return {
    field: declared?.field ?? null, cniInstalled: said.cniInstalled !== false,
    // A proxy that runs makes its rules anew: whatever was stale is gone.
    kubeProxyRuns: runs, stale: runs ? {} : staleRules(said.kubeProxy?.stale ?? []),
    conntrack: { max: said.conntrack?.max ?? usualTable, used: said.conntrack?.used ?? 0 },
    rpFilter: oneOf(said.rpFilter, ['none', 'strict', 'loose'], 'loose'), forwardPolicy: oneOf(said.forwardPolicy, ['ACCEPT', 'DROP'], 'ACCEPT'),
    ipForward: said.ipForward !== false, hairpinMode: said.hairpinMode !== false, mtu: said.mtu ?? settings.underlayMtu, wireguard: said.wireguard !== false,
    announces: said.announces ?? (node.status?.addresses ?? []).find(({ type }) => type === 'InternalIP')?.address ?? null,
  };
}
