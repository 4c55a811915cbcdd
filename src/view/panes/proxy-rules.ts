// The rules of a node that are about one Service, as the node's own tool prints them. Kept by network: a frame asks for them, a change makes them anew.
import { iptablesSave } from '../../sim/dataplane/printers/iptables-save.ts';
import { ipvsadmLn } from '../../sim/dataplane/printers/ipvsadm.ts';
import { nftListRuleset } from '../../sim/dataplane/printers/nft-list-ruleset.ts';
import type { Network, NetworkNode, NetworkService } from '../../sim/model/network.ts';

export interface ProxyRules {
  /** The command that prints them on the node; `null` where no rules are. */
  readonly command: string | null;
  readonly rows: readonly string[];
}

const printed = new WeakMap<NetworkNode, readonly string[]>();

function rowsOn(network: Network, node: NetworkNode): readonly string[] {
  const known = printed.get(node);
  if (known !== undefined) return known;
  const text = network.proxy.mode === 'iptables' ? iptablesSave(network, node) : network.proxy.mode === 'ipvs' ? ipvsadmLn(network, node) : nftListRuleset(network, node);
  const rows = text.split('\n');
  printed.set(node, rows);
  return rows;
}

/** iptables says in a comment whose each rule is, and chains are named by a hash: what jumps to such a chain is of the Service too. */
function ofIptables(rows: readonly string[], name: string): readonly string[] {
  const own = (row: string): boolean => row.includes(`"${name}"`) || row.includes(`"${name}:`) || row.includes(`"${name} `);
  return rows.filter((row) => row.startsWith('-A') && own(row)).map((row) => row.replace(/ -m comment --comment "[^"]*"/, ''));
}

/** A virtual server and the indented rows below it. */
function ofIpvs(rows: readonly string[], addresses: readonly string[]): readonly string[] {
  let inside = false;
  return rows.filter((row) => {
    if (/^(TCP|UDP|SCTP)/.test(row)) inside = addresses.some((ip) => row.includes(` ${ip}:`) || row.includes(` [${ip}]:`));
    return inside && row.trim() !== '';
  });
}

function ofNft(rows: readonly string[], name: string, addresses: readonly string[]): readonly string[] {
  return rows.filter((row) => row.includes(`-${name}/`) || addresses.some((ip) => row.includes(`${ip} . `))).map((row) => row.replace(/\t/g, '  ').trimEnd());
}

export function proxyRules(network: Network, node: NetworkNode, service: NetworkService): ProxyRules {
  const { mode, replacement } = network.proxy;
  if (replacement !== null || mode === 'none' || service.headless || service.type === 'ExternalName') return { command: null, rows: [] };
  const rows = rowsOn(network, node);
  const name = `${service.ref.namespace}/${service.ref.name}`;
  const addresses = [...service.clusterAddresses, ...service.externalAddresses, ...service.balancer.flatMap(({ ip }) => ip ?? [])];
  switch (mode) {
    case 'iptables': return { command: 'iptables-save -t nat', rows: ofIptables(rows, name) };
    case 'ipvs': return { command: 'ipvsadm -Ln', rows: ofIpvs(rows, addresses) };
    case 'nftables': return { command: 'nft list ruleset', rows: ofNft(rows, name, addresses) };
  }
}
