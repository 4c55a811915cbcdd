// What the kernel of a node or of a pod's network shows: addresses, routes, and on nodes the rules that kube-proxy wrote.
import { byText } from '../../sim/base/order.ts';
import type { NetworkNode } from '../../sim/model/network.ts';
import { ipAddrOfNode, ipAddrOfPod, ipRouteOfNode, ipRouteOfPod } from '../../sim/dataplane/printers/ip.ts';
import { iptablesSave } from '../../sim/dataplane/printers/iptables-save.ts';
import { ipvsadmLn } from '../../sim/dataplane/printers/ipvsadm.ts';
import { nftListRuleset } from '../../sim/dataplane/printers/nft-list-ruleset.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { insideOf } from './inside.ts';

function nodeOf(call: Call): NetworkNode | undefined {
  const inside = insideOf(call);
  const { nodes } = call.lab.network;
  if (inside.from.kind === 'node') {
    const { name } = inside.from;
    return nodes.find((node) => node.name === name);
  }
  return nodes.find((node) => node.name === inside.pod?.node);
}

/** `ip [-4|-6] addr|route [show]`, and `ip link` as far as the addresses' lines show it. */
export function ip(call: Call): Answer {
  const inside = insideOf(call);
  const six = call.args.includes('-6');
  const words = call.args.filter((word) => !word.startsWith('-'));
  const [object = 'help', action = 'show'] = words;
  const node = nodeOf(call);
  if (node === undefined) return failed('ip: the lab knows nothing of this host but its address', 1);
  const beside = (what: string) => ({ meanings: [`exec ip ${what}`] });
  const is = (name: string): boolean => object !== '' && name.startsWith(object);
  if (!['show', 'list', 'ls', 's', 'l'].includes(action) && !(is('address') && action === 'dev') && words.length > 1) return failed(`the lab's ip only shows: ip addr, ip route`, 255);
  if (is('address')) return printed(inside.pod === null ? ipAddrOfNode(node) : ipAddrOfPod(call.lab.network, node, inside.pod), beside('addr'));
  if (is('route')) return printed(inside.pod === null ? ipRouteOfNode(node, six ? 'IPv6' : 'IPv4') : six ? '' : ipRouteOfPod(call.lab.network, node, inside.pod), beside('route'));
  if (is('link')) {
    const text = inside.pod === null ? ipAddrOfNode(node) : ipAddrOfPod(call.lab.network, node, inside.pod);
    return printed(text.split('\n').filter((line) => !/^ {4}inet|^ {7}valid_lft/.test(line)).join('\n'), beside('link'));
  }
  if (is('neighbour') || is('neighbor') || is('rule')) return failed(`the lab's ip has no ${object}: it knows addr, route and link`, 255);
  return failed(`Object "${object.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')}" is unknown, try "ip help".`, 1);
}

/** `iptables-save [-t TABLE]` and `ip6tables-save`, without the dates. */
export function iptablesSaveTool(call: Call): Answer {
  const node = nodeOf(call);
  if (node === undefined) return failed(`${call.name}: not here`);
  const at = call.args.indexOf('-t');
  const table = at < 0 ? null : call.args[at + 1] ?? '';
  const text = iptablesSave(call.lab.network, node, call.name.startsWith('ip6') ? 'IPv6' : 'IPv4');
  const tables = text.split(/(?<=^COMMIT\n)/m).filter((one) => table === null || one.startsWith(`*${table}\n`));
  return printed(tables.join(''), { meanings: ['exec iptables-save'] });
}

/** `nft list ruleset`. */
export function nft(call: Call): Answer {
  const node = nodeOf(call);
  if (node === undefined || call.args.join(' ') !== 'list ruleset') return failed("the lab's nft knows one thing: nft list ruleset", 1);
  return printed(nftListRuleset(call.lab.network, node), { meanings: ['exec nft'] });
}

/** `ipvsadm -Ln`. */
export function ipvsadm(call: Call): Answer {
  const node = nodeOf(call);
  const letters = [...call.args.join('').replaceAll('-', '')].sort(byText).join('');
  if (node === undefined || letters !== 'Ln') return failed("the lab's ipvsadm knows one thing: ipvsadm -Ln", 1);
  return printed(ipvsadmLn(call.lab.network, node), { meanings: ['exec ipvsadm'] });
}
