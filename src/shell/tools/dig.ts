// dig in a pod: asks the name as it stands, without the search list unless +search says so.
import { sourceText } from '../../sim/lab.ts';
import type { Lookup, RecordType } from '../../sim/model/lookup.ts';
import { both, failed } from '../command.ts';
import type { Answer, AskedLookup, Call } from '../command.ts';
import { hash32 } from '../../sim/base/choose.ts';
import { askDns, bare, isAuthoritative, isClusterDns, resolvConfOf, reverseName, silent } from './ask-dns.ts';
import { insideOf } from './inside.ts';

const types: readonly RecordType[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'];

export function dig(call: Call): Answer {
  const inside = insideOf(call);
  const conf = resolvConfOf(inside.resolvConf);
  let server = conf.nameservers[0] ?? '127.0.0.1';
  let name = '.';
  let type: RecordType = 'A';
  let short = false;
  let search = false;
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    const known = types.find((one) => one === word.toUpperCase());
    if (word === '+short') short = true;
    else if (word === '+search') search = true;
    else if (word.startsWith('+')) continue;
    else if (word.startsWith('@')) {
      server = word.slice(1);
      if (!conf.nameservers.includes(server) && !isClusterDns(call, server)) return failed(`dig: the lab's dig asks the server of /etc/resolv.conf (${conf.nameservers[0] ?? 'none'}) and the cluster's DNS Service only`, 10);
    } else if (word === '-t' || word === '-q') {
      const value = call.args[++index] ?? '';
      if (word === '-q') name = value;
      else type = types.find((one) => one === value.toUpperCase()) ?? 'A';
    } else if (word === '-x') {
      const reverse = reverseName(call.args[++index] ?? '');
      if (reverse === null) return failed(`Invalid IP address ${call.args[index] ?? ''}`);
      name = reverse;
      type = 'PTR';
    } else if (word.startsWith('-')) return failed(`Invalid option: ${word}`);
    else if (known !== undefined) type = known;
    else name = word;
  }
  const lookups: AskedLookup[] = [];
  const dots = bare(name).split('.').length - 1;
  const names = search && !name.endsWith('.') && dots < conf.ndots ? [...conf.searches.map((domain) => `${name}.${domain}`), name] : [name];
  let lookup: Lookup | undefined;
  let asked = name;
  for (const candidate of names) {
    lookup = askDns(call, inside, candidate, type, server);
    lookups.push({ from: sourceText(inside.from), lookup });
    asked = candidate;
    if (silent(lookup) !== null || lookup.rcode === 'NOERROR') break;
  }
  const beside = { lookups, meanings: ['exec dig'] };
  const why = lookup === undefined ? 'timed out' : silent(lookup);
  if (why !== null) {
    const trouble = `;; communications error to ${server}#53: ${why}\n`.repeat(3);
    return both(`${trouble}\n; <<>> DiG 9.18 <<>> ${call.args.join(' ')}\n;; global options: +cmd\n;; no servers could be reached\n\n`, '', 9, beside);
  }
  const last = lookup?.queries.at(-1);
  const answers = last?.answers ?? [];
  if (short) return both(answers.map((record) => `${record.data}\n`).join(''), '', 0, beside);
  const record = (one: (typeof answers)[number]): string => `${`${one.name}\t`.padEnd(24)}${one.ttl}\tIN\t${one.type}\t${one.data}\n`;
  const authority = last?.authority ?? [];
  const additional = last?.additional ?? [];
  const absolute = asked.endsWith('.') ? asked : `${asked}.`;
  let text = `\n; <<>> DiG 9.18 <<>> ${call.args.join(' ')}\n;; global options: +cmd\n;; Got answer:\n`;
  text += `;; ->>HEADER<<- opcode: QUERY, status: ${last?.rcode ?? 'SERVFAIL'}, id: ${hash32(call.turn) % 65536}\n`;
  const own = isAuthoritative(call, asked, answers);
  text += `;; flags: qr ${own ? 'aa rd' : 'rd ra'}; QUERY: 1, ANSWER: ${answers.length}, AUTHORITY: ${authority.length}, ADDITIONAL: ${additional.length + 1}\n${own ? ';; WARNING: recursion requested but not available\n' : ''}\n`;
  text += `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n;; QUESTION SECTION:\n;${absolute.padEnd(23)}\tIN\t${type}\n\n`;
  if (answers.length > 0) text += `;; ANSWER SECTION:\n${answers.map(record).join('')}\n`;
  if (authority.length > 0) text += `;; AUTHORITY SECTION:\n${authority.map(record).join('')}\n`;
  if (additional.length > 0) text += `;; ADDITIONAL SECTION:\n${additional.map(record).join('')}\n`;
  text += `;; Query time: 1 msec\n;; SERVER: ${server}#53(${server}) (UDP)\n\n`;
  return both(text, '', 0, beside);
}
