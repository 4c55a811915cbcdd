// Kernel settings that matter to the network, as /proc/sys shows them at a place.
import type { Inside } from '../command.ts';
import type { Lab } from '../../sim/lab.ts';
import { nodeAt } from './interfaces.ts';

const rpFilters = { none: '0', strict: '1', loose: '2' } as const;

/** Names and values, sorted by name; hosts outside have none that the lab knows. */
export function sysctls(lab: Lab, inside: Inside): Readonly<Record<string, string>> {
  const node = nodeAt(lab, inside);
  if (node === undefined) return {};
  const { proxy } = lab.network;
  const { state } = node;
  const interfaces = ['all', 'default', ...node.interfaces.map(({ name }) => name)];
  // A pod's own namespace takes the IPv4 settings of the node when it is made (devconf_inherit_init_net=0).
  const filter = rpFilters[state.rpFilter];
  const own: Record<string, string> = {
    'kernel.hostname': inside.hostname, 'net.core.somaxconn': '4096', 'net.ipv4.ip_forward': state.ipForward ? '1' : '0', 'net.ipv4.ip_local_port_range': '32768\t60999', 'net.ipv4.ip_unprivileged_port_start': inside.pod === null ? '1024' : '0',
    'net.ipv4.tcp_mtu_probing': '0', 'net.ipv4.tcp_syn_retries': '6', 'net.ipv4.ping_group_range': inside.pod === null ? '1\t0' : '0\t2147483647',
  };
  for (const name of inside.pod === null ? interfaces : ['all', 'default', 'eth0', 'lo']) {
    own[`net.ipv4.conf.${name}.rp_filter`] = name === 'lo' ? '0' : filter;
    own[`net.ipv4.conf.${name}.forwarding`] = state.ipForward ? '1' : '0';
    if (name === 'all') own[`net.ipv4.conf.${name}.route_localnet`] = inside.pod === null && state.kubeProxyRuns && proxy.mode === 'iptables' && proxy.localhostNodePorts ? '1' : '0';
  }
  if (inside.pod !== null) return own;
  return {
    ...own, 'net.bridge.bridge-nf-call-ip6tables': '1', 'net.bridge.bridge-nf-call-iptables': '1', 'net.ipv6.conf.all.forwarding': state.ipForward ? '1' : '0', 'net.netfilter.nf_conntrack_count': String(state.conntrack.used), 'net.netfilter.nf_conntrack_max': String(state.conntrack.max),
    'net.netfilter.nf_conntrack_tcp_timeout_established': '86400', 'net.netfilter.nf_conntrack_udp_timeout': '30', ...(proxy.mode === 'ipvs' ? { 'net.ipv4.vs.conntrack': '1' } : {}),
  };
}

export const sysctlOf = (lab: Lab, inside: Inside, name: string): string | null => {
  const all = sysctls(lab, inside);
  return Object.hasOwn(all, name) ? all[name] ?? null : null;
};
