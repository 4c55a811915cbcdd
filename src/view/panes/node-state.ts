// What is particular about a node: what does not run, tables that are full, sessions that are down, firewalls in front of it.
import type { Network, NetworkNode, SecurityRuleFacts } from '../../sim/model/network.ts';
import type { Line } from '../frame.ts';
import { span, wrapLine } from '../span.ts';
import type { Marks } from '../words.ts';

const full = 0.95;

/** In two words each, for the list of nodes; empty: nothing is the matter. */
export function troubleWords({ ready, state }: NetworkNode): readonly string[] {
  return [
    ...(ready ? [] : ['not ready']), ...(state.cniInstalled ? [] : ['no CNI plugin']), ...(state.kubeProxyRuns ? [] : ['no kube-proxy']), ...(Object.keys(state.stale).length === 0 ? [] : ['stale rules']),
    ...(state.conntrack.used >= state.conntrack.max * full ? ['conntrack full'] : []), ...(state.unrouted.length === 0 ? [] : ['route missing']), ...(state.bgp.some(({ why }) => why !== null) ? ['BGP session down'] : []),
    ...(state.ipForward ? [] : ['forwards nothing']),
  ];
}

const portWords = ({ ports: [low, high], protocol }: SecurityRuleFacts): string =>
  protocol === 'all' ? 'everything' : protocol === 'ICMP' || protocol === 'IPIP' ? protocol : low <= 1 && high >= 65535 ? `all ${protocol}` : `${low === high ? low : `${low}-${high}`}/${protocol}`;

const rulesWords = (rules: readonly SecurityRuleFacts[], way: 'from' | 'to'): string =>
  (rules.length === 0 ? 'nothing' : rules.map((rule) => `${portWords(rule)} ${way} ${rule.peers === null ? 'anywhere' : rule.peers.join(' ')}`).join(', '));

/** `width` wide; only what a lab's node is not by itself, but for connection tracking, which every node has. */
export function nodeStateLines(network: Network, node: NetworkNode, width: number, marks: Marks): readonly Line[] {
  const { state } = node;
  const lines: Line[] = [];
  const good = (name: string, text: string): void => { lines.push(...wrapLine([span(`   ${name.padEnd(11)}`, 'dim'), span(text)], width, ' '.repeat(14))); };
  const bad = (name: string, text: string, field: string | null = null): void => {
    lines.push(...wrapLine([span(`   ${name.padEnd(11)}`, 'dim'), span(`${marks.bad} ${text}`, 'bad'), span(field === null ? '' : `  ${field}`, 'object')], width, ' '.repeat(14)));
  };
  const at = (field: string): string | null => (state.field === null ? null : `${state.field}.${field}`);
  if (!state.cniInstalled) bad('plugin', 'no CNI plugin is installed: pods get no network', at('cniInstalled'));
  const held = Object.entries(state.stale);
  if (!state.kubeProxyRuns) bad('kube-proxy', 'does not run: the rules stay as it left them', at('kubeProxy.running'));
  for (const [service, ends] of held) bad('stale', `${service}: ${ends === null || ends.length === 0 ? 'has no rules here' : `still ${ends.map(({ ip, port }) => `${ip}:${port}`).join(', ')}`}`, at('kubeProxy.stale'));
  const { used, max } = state.conntrack;
  if (used >= max * full) bad('conntrack', `${used} of ${max} connections: new ones are dropped`, at('conntrack'));
  else good('conntrack', `${used} of ${max} connections`);
  if (state.rpFilter === 'strict') good('rp_filter', 'strict: a packet must come in where the answer would go out');
  if (state.rpFilter === 'none') good('rp_filter', 'off: nobody asks where a packet came in');
  if (state.forwardPolicy === 'DROP') good('FORWARD', `policy DROP${network.cni.acceptsForwarded === true ? `: the plugin's own rules accept pods' packets` : ': what no rule accepts is dropped'}`);
  if (!state.ipForward) bad('forwarding', 'net.ipv4.ip_forward is 0', at('ipForward'));
  if (!state.hairpinMode) good('hairpin', 'off: a pod does not reach itself by its Service');
  if (state.mtu !== network.underlay.mtu) bad('MTU', `${state.mtu} on the uplink; the underlay carries ${network.underlay.mtu}`, at('mtu'));
  if (!state.wireguard) good('WireGuard', 'the kernel has none');
  if (state.announces !== null && node.internal.length > 0 && !node.internal.includes(state.announces)) bad('announces', `${state.announces}, which is none of its InternalIPs`, at('announces'));
  for (const session of state.bgp) {
    if (session.why === null) good('BGP', `${session.node} ${session.ip} ${session.state}`);
    else bad('BGP', `${session.node} ${session.ip} ${session.info}: ${session.why}`, session.field);
  }
  for (const { to, node: other, why, field } of state.unrouted) bad('no route', `to ${to} of ${other}: ${why}`, field);
  for (const group of network.underlay.securityGroups.filter(({ nodes }) => nodes.includes(node.name))) {
    good('group', `${group.name} lets in ${rulesWords(group.ingress, 'from')}; out ${group.egress === null ? 'everything' : rulesWords(group.egress, 'to')}   ${group.field}`);
  }
  return lines;
}
