// host at a place, as BIND 9.18 has it: one line a record.
import type { DnsRecord, Lookup, RecordType } from '../../sim/model/lookup.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { asker, bare, resolvConfOf, reverseName, serverNamed, silent } from './ask-dns.ts';
import { insideOf } from './inside.ts';

const types: readonly RecordType[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'];
const usage = 'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]';
const rcodes: Readonly<Record<string, number>> = { FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };

export function host(call: Call): Answer {
  const inside = insideOf(call);
  const conf = resolvConfOf(inside.resolvConf);
  let type: RecordType | null = null;
  let patience = 5;
  let port = 53;
  let tcp = false;
  let { ndots } = conf;
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (!/^-./.test(word)) { rest.push(word); continue; }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if ('tWpRNcm'.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : call.args[++index] ?? '';
        if (letter === 't') {
          const known = types.find((one) => one === value.toUpperCase());
          if (known === undefined) return failed(`host: invalid type: ${value}`);
          type = known;
        } else if (letter === 'W') patience = Number(value) || 5;
        else if (letter === 'p') port = Number(value) || 53;
        else if (letter === 'N') ndots = Number(value);
        break;
      }
      if (letter === 'T') tcp = true;
      else if (!'adrvVwlisU46AC'.includes(letter)) return failed(`host: illegal option -- ${letter}\n${usage}`);
    }
  }
  const [name, server] = rest;
  if (name === undefined) return failed(usage);
  const at = server === undefined ? conf.nameservers[0] ?? '127.0.0.1' : serverNamed(call, inside, server);
  if (typeof at !== 'string') return failed(`host: ${at.problem}`);
  const asking = asker(call, inside, patience * 2);
  const reverse = reverseName(name);
  const dots = name.split('.').length - 1;
  const names = reverse !== null ? [reverse] : name.endsWith('.') || dots >= ndots ? [name] : [...conf.searches.map((domain) => `${name}.${domain}`), name];
  const heading = server === undefined ? '' : `Using domain server:\nName: ${server}\nAddress: ${at}#${port}\nAliases: \n\n`;
  const done = (out: string, status: number): Answer => both(out, '', status, { lookups: asking.lookups, sent: asking.sent, seconds: asking.seconds(), meanings: ['exec host'] });
  const wanted: RecordType = reverse !== null ? 'PTR' : type ?? 'A';
  let lookup: Lookup | undefined;
  let found = name;
  for (const candidate of names) {
    lookup = asking.ask(candidate, wanted, { ip: at, port, tcp });
    found = candidate;
    const why = silent(lookup);
    if (why !== null) return done(`${`;; communications error to ${at}#${port}: ${why}\n`.repeat(2)};; no servers could be reached\n`, 1);
    if (lookup.rcode === 'NOERROR') break;
  }
  const rcode = lookup?.rcode ?? 'SERVFAIL';
  if (rcode !== 'NOERROR') return done(`${heading}Host ${reverse === null ? bare(name) : `${reverse}.`} not found: ${rcodes[rcode] ?? 2}(${rcode})\n`, 1);
  const answers = lookup?.queries.at(-1)?.answers ?? [];
  if (reverse !== null || type !== null) {
    if (answers.length === 0) return done(`${heading}${bare(found)} has no ${wanted} record\n`, 0);
    return done(heading + answers.map(line).join(''), 0);
  }
  // Without a type host asks for AAAA too, under the name that the answer ended with.
  const last = bare(answers.at(-1)?.name ?? found);
  const six = asking.ask(last, 'AAAA', { ip: at, port, tcp }).queries.at(-1)?.answers ?? [];
  const all = [...answers, ...six.filter((record) => record.type === 'AAAA')];
  return done(heading + (all.length === 0 ? '' : all.map(line).join('')), 0);
}

function line(record: DnsRecord): string {
  const name = bare(record.name);
  switch (record.type) {
    case 'A': return `${name} has address ${record.data}\n`;
    case 'AAAA': return `${name} has IPv6 address ${record.data}\n`;
    case 'CNAME': return `${name} is an alias for ${record.data}\n`;
    case 'PTR': return `${name} domain name pointer ${record.data}\n`;
    case 'SRV': return `${name} has SRV record ${record.data}\n`;
    case 'TXT': return `${name} descriptive text ${record.data}\n`;
    case 'NS': return `${name} name server ${record.data}\n`;
    case 'SOA': return `${name} has SOA record ${record.data}\n`;
  }
}
