// iptables-save, and `iptables -L` and `-S`, which show the same rules in their own ways.
import { iptablesSave } from '../../sim/dataplane/printers/iptables-save.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { insideOf } from './inside.ts';
import { nodeAt } from './interfaces.ts';

interface Table { readonly name: string; readonly chains: readonly { readonly name: string; readonly policy: string | null }[]; readonly rules: readonly { readonly chain: string; readonly text: string }[] }

function tablesOf(text: string): readonly Table[] {
  return text.split(/(?<=^COMMIT\n)/m).filter((one) => one.startsWith('*')).map((one): Table => {
    const lines = one.split('\n');
    return {
      name: (lines[0] ?? '').slice(1),
      chains: lines.flatMap((line) => { const match = /^:(\S+) (\S+)/.exec(line); return match === null ? [] : [{ name: match[1] ?? '', policy: match[2] === '-' ? null : match[2] ?? null }]; }),
      rules: lines.flatMap((line) => { const match = /^-A (\S+) ?(.*)$/.exec(line); return match === null ? [] : [{ chain: match[1] ?? '', text: match[2] ?? '' }]; }),
    };
  });
}

const builtIn: Readonly<Record<string, readonly string[]>> = { filter: ['INPUT', 'FORWARD', 'OUTPUT'], nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'], raw: ['PREROUTING', 'OUTPUT'], security: ['INPUT', 'FORWARD', 'OUTPUT'] };

/** `iptables-save [-t TABLE]` and `ip6tables-save`, without the dates. */
export function iptablesSaveTool(call: Call): Answer {
  const node = nodeAt(call.lab, insideOf(call));
  if (node === undefined) return failed(`${call.name}: not here`);
  const at = call.args.indexOf('-t');
  const table = at < 0 ? null : call.args[at + 1] ?? '';
  const text = iptablesSave(call.lab.network, node, call.name.startsWith('ip6') ? 'IPv6' : 'IPv4');
  const tables = text.split(/(?<=^COMMIT\n)/m).filter((one) => table === null || one.startsWith(`*${table}\n`));
  return printed(tables.join(''), { meanings: ['exec iptables-save'] });
}

const valued: ReadonlySet<string> = new Set(['-t', '--table', '-w', '-W']);

/** `iptables [-t TABLE] -L|-S [CHAIN] [-n] [-v] [--line-numbers]` */
export function iptables(call: Call): Answer {
  const node = nodeAt(call.lab, insideOf(call));
  if (node === undefined) return failed(`${call.name}: not here`);
  let table = 'filter';
  let does: 'L' | 'S' | null = null;
  let verbose = false;
  let numbers = false;
  let chain: string | null = null;
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (valued.has(word)) {
      const value = call.args[index + 1] ?? '';
      if (word === '-t' || word === '--table') { table = value; index += 1; }
      continue;
    }
    if (word === '--list' || word === '--list-rules') does = word === '--list' ? 'L' : 'S';
    else if (word === '--line-numbers' || word === '--line-number') numbers = true;
    else if (word === '--numeric' || word === '--exact') continue;
    else if (word === '--verbose') verbose = true;
    else if (/^-[LSnvxw]+$/.test(word)) {
      if (word.includes('L')) does = 'L';
      if (word.includes('S')) does = 'S';
      verbose ||= word.includes('v');
    } else if (/^-[ADIRFXPNZE]$|^--(append|delete|insert|flush|policy)$/.test(word)) return failed(`${call.name}: the lab shows rules and changes none: kube-proxy and the CNI plugin write them, and would write them again`, 4);
    else if (word.startsWith('-')) return failed(`${call.name} v1.8.11 (nf_tables): unknown option "${word}"\nTry \`${call.name} -h' or '${call.name} --help' for more information.`, 2);
    else chain = word;
  }
  if (does === null) return failed(`${call.name} v1.8.11 (nf_tables): no command specified\nTry \`${call.name} -h' or '${call.name} --help' for more information.`, 2);
  if (!Object.hasOwn(builtIn, table)) return failed(`${call.name} v1.8.11 (nf_tables): table '${table}' does not exist\nPerhaps ${call.name} or your kernel needs to be upgraded.`, 3);
  const known = tablesOf(iptablesSave(call.lab.network, node, call.name.startsWith('ip6') ? 'IPv6' : 'IPv4')).find(({ name }) => name === table) ?? { name: table, chains: (builtIn[table] ?? []).map((name) => ({ name, policy: 'ACCEPT' })), rules: [] };
  const chains = known.chains.filter(({ name }) => chain === null || name === chain);
  if (chains.length === 0) return failed(`${call.name}: No chain/target/match by that name.`);
  const beside = { meanings: ['exec iptables'] };
  if (does === 'S') return printed([...chains.map(({ name, policy }) => (policy === null ? `-N ${name}\n` : `-P ${name} ${policy}\n`)), ...known.rules.filter((rule) => chain === null || rule.chain === chain).map((rule) => `-A ${rule.chain} ${rule.text}\n`)].join(''), beside);
  const heading = `${numbers ? 'num  ' : ''}${verbose ? ' pkts bytes target     prot opt in     out     source               destination         ' : 'target     prot opt source               destination         '}\n`;
  return printed(chains.map(({ name, policy }) => {
    const references = known.rules.filter(({ text }) => new RegExp(`(?:^| )-[jg] ${name}(?: |$)`).test(text)).length;
    const title = `Chain ${name} (${policy === null ? `${references} references` : `policy ${policy}${verbose ? ' 0 packets, 0 bytes' : ''}`})\n`;
    return title + heading + known.rules.filter((rule) => rule.chain === name).map((rule, index) => `${numbers ? String(index + 1).padEnd(5) : ''}${listed(rule.text, verbose, call.name.startsWith('ip6'))}\n`).join('');
  }).join('\n'), beside);
}

/** A rule as `-L` lays it out: target, protocol, addresses, and what else must hold. */
function listed(text: string, verbose: boolean, six: boolean): string {
  const words = text.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  const anywhere = six ? '::/0' : '0.0.0.0/0';
  let target = '';
  let [protocol, source, destination, input, output] = ['all', anywhere, anywhere, '*', '*'];
  const extras: string[] = [];
  const after: string[] = [];
  let not = '';
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const next = (): string => words[++index] ?? '';
    const sign = not;
    if (word === '!') { not = '!'; continue; }
    not = '';
    const shown = (value: string): string => `${sign}${value.replace(/\/32$|\/128$/, '')}`;
    switch (word) {
      case '-j': case '-g': target = next(); break;
      case '-p': protocol = `${sign}${next()}`; break;
      case '-s': source = shown(next()); break;
      case '-d': destination = shown(next()); break;
      case '-i': input = `${sign}${next()}`; break;
      case '-o': output = `${sign}${next()}`; break;
      case '-m': next(); break;
      case '--comment': extras.push(`/* ${next().replace(/^"|"$/g, '')} */`); break;
      case '--dport': extras.push(`${protocol} dpt:${sign}${next()}`); break;
      case '--sport': extras.push(`${protocol} spt:${sign}${next()}`); break;
      case '--dports': extras.push(`multiport dports ${sign}${next()}`); break;
      case '--ctstate': extras.push(`${sign === '' ? '' : '! '}ctstate ${next()}`); break;
      case '--mark': extras.push(`mark match ${sign}${sign === '' ? '' : ' '}${next()}`); break;
      case '--mode': extras.push(`statistic mode ${next()}`); break;
      case '--probability': extras.push(`probability ${next()}`); break;
      case '--dst-type': extras.push(`ADDRTYPE match ${sign === '' ? '' : '! '}dst-type ${next()}`); break;
      case '--src-type': extras.push(`ADDRTYPE match ${sign === '' ? '' : '! '}src-type ${next()}`); break;
      case '--match-set': extras.push(`${sign === '' ? '' : '! '}match-set ${next()} ${next()}`); break;
      case '--to-destination': after.push(`to:${next()}`); break;
      case '--reject-with': after.push(`reject-with ${next()}`); break;
      case '--set-xmark': {
        const [value = '', mask = ''] = next().split('/');
        after.push(value === mask || mask === '' ? `MARK or ${value}` : value === '0x0' ? `MARK and 0x${(~Number(mask) >>> 0).toString(16)}` : `MARK xset ${value}/${mask}`);
        break;
      }
      case '--or-mark': after.push(`MARK or ${next()}`); break;
      case '--xor-mark': after.push(`MARK xor ${next()}`); break;
      case '--random-fully': after.push('random-fully'); break;
      case '--icmp-type': case '--icmpv6-type': extras.push(`icmptype ${next()}`); break;
      case '--rcheck': extras.push('recent: CHECK'); break;
      case '--seconds': extras.push(`seconds: ${next()}`); break;
      case '--name': extras.push(`name: ${next()}`); break;
      case '--set': extras.push('recent: SET'); break;
      case '--reap': extras.push('reap'); break;
      case '--rsource': extras.push('side: source'); break;
      case '--mask': extras.push(`mask: ${next()}`); break;
      default: extras.push(word);
    }
  }
  const rest = [...extras, ...after].join(' ');
  if (verbose) return `${'0'.padStart(5)} ${'0'.padStart(5)} ${target.padEnd(10)} ${protocol.padEnd(4)} --  ${input.padEnd(6)} ${output.padEnd(6)}  ${source.padEnd(20)} ${destination.padEnd(20)} ${rest}`;
  return `${target.padEnd(10)} ${protocol.padEnd(4)} --  ${source.padEnd(20)} ${destination.padEnd(20)} ${rest}`;
}
