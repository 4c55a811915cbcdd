// What the kernel of a node shows beside addresses and routes: nft, IPVS, connection tracking, settings, counters and its log.
import { byText, sortedEntries } from '../../sim/base/order.ts';
import { conntrackCount, conntrackEntries, conntrackLine, conntrackListed, conntrackStats } from '../../sim/dataplane/printers/conntrack.ts';
import { ipvsadmLn, ipvsadmLnc } from '../../sim/dataplane/printers/ipvsadm.ts';
import { nftListRuleset } from '../../sim/dataplane/printers/nft-list-ruleset.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { connectionsBefore } from './ask-network.ts';
import { insideOf } from './inside.ts';
import { interfacesAt, nodeAt } from './interfaces.ts';
import { sysctls } from './sysctl-values.ts';

const usageNft = 'the lab\'s nft shows: nft list ruleset | tables | table FAMILY NAME | chain FAMILY TABLE NAME | map FAMILY TABLE NAME';

/** `nft list …`. Simplified: rules of iptables are shown by iptables-save alone, not as the nft tables that iptables-nft makes of them. */
export function nft(call: Call): Answer {
  const node = nodeAt(call.lab, insideOf(call));
  if (node === undefined) return failed('nft: not here');
  const words = call.args.filter((word) => !/^-/.test(word)).join(' ').split(/\s+/);
  const [verb, what, family, table, name] = words;
  if (verb !== 'list') return failed(verb === 'add' || verb === 'flush' || verb === 'delete' || verb === 'insert' ? 'nft: the lab shows rules and changes none: kube-proxy and the CNI plugin write them, and would write them again' : usageNft);
  const text = nftListRuleset(call.lab.network, node);
  const beside = { meanings: ['exec nft'] };
  const tables = text.split(/(?<=^\}\n)/m).filter((one) => one.startsWith('table '));
  const titleOf = (one: string): string => /^table (\S+ \S+)/.exec(one)?.[1] ?? '';
  if (what === 'ruleset') return printed(family === undefined ? text : tables.filter((one) => titleOf(one).startsWith(`${family} `)).join(''), beside);
  if (what === 'tables') return printed(tables.map((one) => `table ${titleOf(one)}\n`).join(''), beside);
  const found = tables.find((one) => titleOf(one) === (table === undefined ? `ip ${family ?? ''}` : `${family ?? ''} ${table}`));
  if (what === 'table') return found === undefined ? failed(`Error: No such file or directory\nlist table ${family ?? ''} ${table ?? ''}`) : printed(found, beside);
  if (what === 'chain' || what === 'map' || what === 'set') {
    const inner = found?.split(/(?<=^\t\}\n)/m).map((one) => one.replace(/^table [^\n]*\n/, '').replace(/^\n+/, '')).find((one) => one.startsWith(`\t${what} ${name ?? ''} {`));
    return inner === undefined ? failed(`Error: No such file or directory\nlist ${words.slice(1).join(' ')}`) : printed(`table ${family ?? ''} ${table ?? ''} {\n${inner}}\n`, beside);
  }
  if (what === 'chains') return printed(tables.map((one) => `table ${titleOf(one)} {\n${[...one.matchAll(/^\tchain (\S+) \{\n(\t\ttype [^\n]*\n)?/gm)].map((match) => `\tchain ${match[1] ?? ''} {\n${match[2] ?? ''}\t}\n`).join('')}}\n`).join(''), beside);
  return failed(usageNft);
}

/** `ipvsadm -Ln` and `-Lnc`. */
export function ipvsadm(call: Call): Answer {
  const node = nodeAt(call.lab, insideOf(call));
  const letters = new Set(call.args.filter((word) => /^-[A-Za-z]+$/.test(word)).join('').replaceAll('-', ''));
  if (node === undefined || !(letters.has('L') || letters.has('l') || call.args.includes('--list')) && call.args.length > 0) return failed('the lab\'s ipvsadm shows and changes nothing: ipvsadm -Ln, ipvsadm -Lnc');
  const beside = { meanings: ['exec ipvsadm'] };
  return printed(letters.has('c') ? ipvsadmLnc(call.lab.network, node, connectionsBefore(call)) : ipvsadmLn(call.lab.network, node), beside);
}

/** `conntrack -L|-C|-S|-D`, with the filters that people use. */
export function conntrack(call: Call): Answer {
  const node = nodeAt(call.lab, insideOf(call));
  if (node === undefined) return failed('conntrack: not here');
  const { network } = call.lab;
  const connections = connectionsBefore(call);
  const beside = { meanings: ['exec conntrack'] };
  const values: Record<string, string> = {};
  let does = '';
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (/^-[LCSDEGFU]$|^--(dump|count|stats|delete|event|flush)$/.test(word)) does = { '--dump': 'L', '--count': 'C', '--stats': 'S', '--delete': 'D', '--event': 'E', '--flush': 'F' }[word] ?? word.slice(1);
    else if (/^(-[sdrqpgnjfu]|--[a-z-]+)$/.test(word)) values[word] = call.args[++index] ?? '';
  }
  if (does === 'C') return printed(conntrackCount(network, node, connections), beside);
  if (does === 'S') return printed(conntrackStats(network, node, connections), beside);
  if (does === 'F') return both('', `conntrack v1.4.7 (conntrack-tools): connection tracking table has been emptied.\n`, 0, beside);
  if (does === 'E') return both('', '^Cconntrack v1.4.7 (conntrack-tools): 0 flow events have been shown.\n', 0, beside);
  if (does !== 'L' && does !== 'D') return failed('Command line tool for the connection tracking subsystem. Version 1.4.7\nUsage: conntrack [commands] [options]\n\nCommands:\n  -L [table] [options]\t\tList conntrack or expectation table\n  -D [table] parameters\t\tDelete conntrack or expectation\n  -C [table]\t\t\tShow counter\n  -S\t\t\t\tShow statistics', 2);
  const option = (...names: readonly string[]): string | undefined => names.map((name) => values[name]).find((value) => value !== undefined);
  const wanted: readonly (readonly [RegExp | null, string | undefined])[] = [
    [/^(\S+)/, option('-p', '--proto', '--protonum')], [/ src=(\S+)/, option('-s', '--src', '--orig-src')], [/ dst=(\S+)/, option('-d', '--dst', '--orig-dst')], [/ dport=(\d+)/, option('--dport', '--orig-port-dst', '--port-dst')], [/ sport=(\d+)/, option('--sport', '--orig-port-src', '--port-src')],
  ];
  const reply = [[/ src=\S+.* src=(\S+)/, option('-r', '--reply-src')], [/ dst=\S+.* dst=(\S+)/, option('-q', '--reply-dst')]] as const;
  const state = option('--state');
  const lines = conntrackEntries(network, node, connections).map(conntrackLine).filter((line) => [...wanted, ...reply].every(([pattern, value]) => value === undefined || pattern === null || pattern.exec(line)?.[1] === value) && (state === undefined || line.includes(` ${state} `)));
  const text = lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('');
  if (does === 'D') return both(text, `conntrack v1.4.7 (conntrack-tools): ${lines.length} flow entries have been deleted.\n`, lines.length > 0 ? 0 : 1, beside);
  return both(text, conntrackListed(lines.length), 0, beside);
}

/** `sysctl [-n] NAME…` and `-a`. */
export function sysctl(call: Call): Answer {
  const inside = insideOf(call);
  const all = sysctls(call.lab, inside);
  const beside = { meanings: ['exec sysctl'] };
  const names = call.args.filter((word) => !word.startsWith('-'));
  const bare = call.args.some((word) => /^-\w*n/.test(word));
  if (call.args.some((word) => word === '-a' || word === '--all')) return printed(sortedEntries(all).map(([name, value]) => `${name} = ${value}\n`).join(''), beside);
  if (call.args.some((word) => /^-\w*w/.test(word)) || names.some((name) => name.includes('='))) return failed(`sysctl: permission denied on key "${(names[0] ?? '').replace(/=.*$/, '')}"\nthe lab's kernel settings stand in the Cluster document (spec.nodes)`, 255);
  let out = '';
  let err = '';
  for (const name of names) {
    const key = name.replaceAll('/', '.');
    if (Object.hasOwn(all, key)) out += bare ? `${all[key] ?? ''}\n` : `${key} = ${all[key] ?? ''}\n`;
    else err += `sysctl: cannot stat /proc/sys/${key.replaceAll('.', '/')}: No such file or directory\n`;
  }
  return both(out, err, err === '' ? 0 : 255, beside);
}

/** `dmesg`: what the kernel says of a full table and of packets from where they cannot come. */
export function dmesg(call: Call): Answer {
  const node = nodeAt(call.lab, insideOf(call));
  if (node === undefined || insideOf(call).pod !== null) return failed('dmesg: read kernel buffer failed: Operation not permitted');
  const lines: string[] = [];
  for (const { walk, at } of call.sent) {
    const last = walk?.hops.findLast((hop) => hop.at.kind === 'node' && hop.at.name === node.name);
    if (walk?.reason === 'conntrack-full' && last !== undefined) lines.push(`[${(84_000 + at).toFixed(6)}] nf_conntrack: nf_conntrack: table full, dropping packet\n`);
    if (walk?.reason === 'reverse-path-filter' && last !== undefined) lines.push(`[${(84_000 + at).toFixed(6)}] IPv4: martian source ${last.packet.destination.ip} from ${last.packet.source.ip}, on dev ${node.interfaces.find(({ kind }) => kind === 'uplink')?.name ?? 'eth0'}\n`);
  }
  const full = node.state.conntrack.used >= node.state.conntrack.max && lines.length === 0 ? ['[84000.000000] nf_conntrack: nf_conntrack: table full, dropping packet\n'] : [];
  return printed([...full, ...lines].join(''), { meanings: ['exec dmesg'] });
}

/** `nstat -az`: the counters that a lost packet leaves. */
export function nstat(call: Call): Answer {
  const inside = insideOf(call);
  const counts: Record<string, number> = { IpInReceives: 0, IpOutRequests: 0, IpForwDatagrams: 0, IpOutNoRoutes: 0, IpFragFails: 0, IcmpInDestUnreachs: 0, TcpActiveOpens: 0, TcpAttemptFails: 0, TcpRetransSegs: 0, TcpExtTCPSynRetrans: 0, TcpExtTCPTimeouts: 0, TcpExtIPReversePathFilter: 0, UdpNoPorts: 0 };
  const add = (name: string, by = 1): void => { counts[name] = (counts[name] ?? 0) + by; };
  for (const { walk, from, trace } of call.sent) {
    if (walk === null || trace === null) continue;
    const here = inside.from.kind === from.kind && 'name' in inside.from && 'name' in from && inside.from.name === from.name;
    const crosses = inside.from.kind === 'node' && walk.hops.some((hop) => hop.at.kind === 'node' && inside.from.kind === 'node' && hop.at.name === inside.from.name);
    if (crosses && !here) add('IpForwDatagrams');
    if (crosses && walk.reason === 'reverse-path-filter') add('TcpExtIPReversePathFilter');
    if (crosses && walk.reason === 'packet-too-big') add('IpFragFails');
    if (!here || trace.request.to.protocol !== 'TCP') continue;
    add('TcpActiveOpens');
    add('IpOutRequests');
    if (walk.verdict === 'refused' || walk.verdict === 'timeout' || walk.verdict === 'unreachable') add('TcpAttemptFails');
    if (walk.verdict === 'timeout') { add('TcpRetransSegs', 3); add('TcpExtTCPSynRetrans', 3); add('TcpExtTCPTimeouts', 3); }
    if (walk.verdict === 'unreachable') add('IcmpInDestUnreachs');
  }
  const zeros = call.args.some((word) => /^-\w*z/.test(word));
  const names = call.args.filter((word) => !word.startsWith('-'));
  const rows = sortedEntries(counts).filter(([name, count]) => (zeros || count > 0) && (names.length === 0 || names.includes(name))).sort(([left], [right]) => byText(left, right));
  return printed(`#kernel\n${rows.map(([name, count]) => `${name.padEnd(32)}${String(count).padEnd(18)} 0.0\n`).join('')}`, { meanings: ['exec nstat'] });
}

/** `ethtool -k DEVICE` and `ethtool DEVICE`, the few lines that matter to tunnels. */
export function ethtool(call: Call): Answer {
  const inside = insideOf(call);
  const device = call.args.find((word) => !word.startsWith('-'));
  const found = interfacesAt(call.lab, inside).find((one) => one.name === device);
  if (device === undefined) return failed('ethtool: bad command line argument(s)\nFor more information run ethtool -h');
  if (found === undefined) return failed(`netlink error: no device matches name (offset 24)\nnetlink error: No such device`, 75);
  if (call.args.includes('-k') || call.args.includes('--show-features')) return printed(`Features for ${device}:\nrx-checksumming: on\ntx-checksumming: on\ntcp-segmentation-offload: on\ngeneric-segmentation-offload: on\ngeneric-receive-offload: on\ntx-udp_tnl-segmentation: ${found.kind === 'ether' ? 'on' : 'off [fixed]'}\n`, { meanings: ['exec ethtool'] });
  if (call.args.includes('-S')) return printed(`NIC statistics:\n     peer_ifindex: ${/@if(\d+)$/.exec(found.shown)?.[1] ?? '0'}\n`, { meanings: ['exec ethtool'] });
  return printed(`Settings for ${device}:\n\tSpeed: 10000Mb/s\n\tDuplex: Full\n\tLink detected: ${found.state === 'DOWN' ? 'no' : 'yes'}\n`, { meanings: ['exec ethtool'] });
}
