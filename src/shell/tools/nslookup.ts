// nslookup at a place: BIND's 9.18 (dnsutils), or BusyBox' with its own search and its own errors (dns.md 2). Measured against CoreDNS.
import type { DnsRecord, Lookup, RecordType } from '../../sim/model/lookup.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call, Inside } from '../command.ts';
import { asker, bare, isAuthoritative, isClusterDns, resolvConfOf, reverseName, serverNamed, silent } from './ask-dns.ts';
import { busyboxVersion, hasBusybox } from './images.ts';
import { insideOf } from './inside.ts';

const types: readonly RecordType[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'];
const isType = (text: string): text is RecordType => types.some((one) => one === text);
/** What DNS has and the lab's servers have no records of. */
const otherTypes: ReadonlySet<string> = new Set(['MX', 'ANY', 'CAA', 'HINFO']);

export interface Given { readonly type: RecordType | 'other' | null; readonly name: string; readonly port: number; readonly tcp: boolean; readonly tries: number; readonly patience: number; readonly search: boolean }

export function nslookup(call: Call): Answer {
  const inside = insideOf(call);
  return hasBusybox(inside.image) ? busybox(call, inside) : bind(call, inside);
}

function bind(call: Call, inside: Inside): Answer {
  const conf = resolvConfOf(inside.resolvConf);
  let type: RecordType | 'other' | null = null;
  let port = 53;
  let tcp = false;
  let search = true;
  let tries = 3;
  let patience = 5;
  const rest: string[] = [];
  let notes = '';
  for (const word of call.args) {
    if (!word.startsWith('-')) { rest.push(word); continue; }
    const [, name = '', value = ''] = /^-+([a-z]+)(?:=(.*))?$/i.exec(word) ?? [];
    const upper = value.toUpperCase();
    if (['query', 'q', 'querytype', 'type', 'ty'].includes(name)) {
      if (isType(upper)) type = upper;
      else if (otherTypes.has(upper)) type = 'other';
      else notes += `unknown query type: ${value}\n`;
    } else if (name === 'port' || name === 'po') port = Number(value) || 53;
    else if (name === 'timeout' || name === 't') patience = Number(value) || 5;
    else if (name === 'retry' || name === 'ret') tries = Math.max(1, Number(value) || 3);
    else if (name === 'vc' || name === 'novc') tcp = name === 'vc';
    else if (name === 'nosearch' || name === 'search') search = name === 'search';
    else if (!['debug', 'd', 'nodebug', 'recurse', 'norecurse', 'all', 'class', 'cl'].includes(name)) notes += `*** Invalid option: ${word.replace(/^-+/, '')}\n`;
  }
  const [name, server] = rest;
  if (name === undefined) return failed('nslookup: the lab\'s nslookup has no prompt of its own: give it a name', 1);
  const at = server === undefined ? conf.nameservers[0] ?? '127.0.0.1' : serverNamed(call, inside, server);
  if (typeof at !== 'string') return failed(`nslookup: ${at.problem}`);
  const asking = asker(call, inside, patience * tries);
  const done = (out: string, status: number): Answer => both(notes + out, '', status, { lookups: asking.lookups, sent: asking.sent, seconds: asking.seconds(), meanings: ['exec nslookup'] });
  const heading = `Server:\t\t${at}\nAddress:\t${at}#${port}\n\n`;
  const reverse = reverseName(name);
  // BIND asks the search list first for fewer dots than ndots, then the name; from ndots dots on the name alone.
  const dots = name.split('.').length - 1;
  const names = reverse !== null ? [reverse] : name.endsWith('.') || !search ? [name] : dots < conf.ndots ? [...conf.searches.map((domain) => `${name}.${domain}`), name] : [name];
  const asked: RecordType = reverse !== null ? 'PTR' : type === null || type === 'other' ? 'A' : type;
  const cluster = isClusterDns(call, at) || call.lab.network.pods.some((pod) => pod.answersDns && pod.addresses.includes(at));
  // A server that says nothing of recursion (CoreDNS for its own zones) is reported, answer by answer.
  const flagged = (lookup: Lookup, candidate: string): string => (cluster && isAuthoritative(call, candidate, lookup.queries.at(-1)?.answers ?? []) ? `;; Got recursion not available from ${at}\n` : '');
  let lookup: Lookup | undefined;
  let found = name;
  let before = '';
  for (const candidate of names) {
    lookup = asking.ask(candidate, asked, { ip: at, port, tcp });
    found = candidate;
    const why = silent(lookup);
    if (why !== null) return done(`${before}${`;; communications error to ${at}#${port}: ${why}\n`.repeat(tries)};; no servers could be reached\n\n`, 1);
    if (lookup.queries.length > 1 && lookup.queries[0]?.truncated === true) before += ';; Truncated, retrying in TCP mode.\n';
    before += flagged(lookup, candidate);
    if (lookup.rcode === 'NOERROR') break;
  }
  const rcode = lookup?.rcode ?? 'SERVFAIL';
  const answers = type === 'other' ? [] : lookup?.queries.at(-1)?.answers ?? [];
  if (rcode !== 'NOERROR') {
    const note = rcode === 'SERVFAIL' ? `;; Got SERVFAIL reply from ${at}\n` : '';
    return done(`${before}${note}${reverse === null ? heading : ''}** server can't find ${bare(reverse ?? name)}: ${rcode}\n\n`, 1);
  }
  const own = cluster && isAuthoritative(call, found, answers);
  const source = own ? '' : 'Non-authoritative answer:\n';
  if (reverse !== null) return done(`${before}${answers.map(bindRecord).join('')}${own ? '' : '\nAuthoritative answers can be found from:\n'}\n`, 0);
  let out = before + heading;
  if (type !== null) return done(out + (answers.length === 0 ? `*** Can't find ${name}: No answer\n\n` : `${source}${answers.map(bindRecord).join('')}\n`), 0);
  out += answers.length === 0 ? '' : source + answers.map(bindRecord).join('');
  // Without a type nslookup asks for AAAA too, under the name that the answer ended with.
  const last = bare(answers.at(-1)?.name ?? found);
  const six = asking.ask(last, 'AAAA', { ip: at, port, tcp });
  out += flagged(six, last);
  const more = (six.queries.at(-1)?.answers ?? []).filter((record) => record.type === 'AAAA');
  if (six.rcode === 'NXDOMAIN' || six.rcode === 'SERVFAIL') return done(`${out}** server can't find ${last}: ${six.rcode}\n\n`, 1);
  out += more.map(bindRecord).join('');
  return done(answers.length + more.length === 0 ? `${out}${source}*** Can't find ${name}: No answer\n\n` : `${out}\n`, 0);
}

export function bindRecord(record: DnsRecord): string {
  const name = bare(record.name);
  switch (record.type) {
    case 'A':
    case 'AAAA': return `Name:\t${name}\nAddress: ${record.data}\n`;
    case 'CNAME': return `${name}\tcanonical name = ${record.data}\n`;
    case 'PTR': return `${name}\tname = ${record.data}\n`;
    case 'SRV': return `${name}\tservice = ${record.data}\n`;
    case 'TXT': return `${name}\ttext = ${record.data}\n`;
    case 'NS': return `${name}\tnameserver = ${record.data}\n`;
    case 'SOA': {
      const [origin = '', mail = '', serial = '', refresh = '', retry = '', expire = '', minimum = ''] = record.data.split(' ');
      return `${name}\n\torigin = ${bare(origin)}\n\tmail addr = ${bare(mail)}\n\tserial = ${serial}\n\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}\n`;
    }
  }
}

/**
 * BusyBox 1.35 to 1.37: a name with any dot is asked as it is; one without is asked under every search domain at once, all questions for A before those for AAAA.
 * Every miss is an error, and an answer without records is an empty line.
 */
function busybox(call: Call, inside: Inside): Answer {
  const usage = `${busyboxVersion(inside.image)}\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n\nQuery DNS about HOST\n\nQUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any`;
  const asked: (RecordType | 'other')[] = [];
  const rest: string[] = [];
  for (const word of call.args) {
    const type = /^-(?:type|querytype|q|query)=(\w+)$/.exec(word)?.[1]?.toUpperCase();
    if (type !== undefined) {
      if (isType(type)) asked.push(type);
      else if (otherTypes.has(type)) asked.push('other');
      else return failed(`nslookup: invalid query type "${type.toLowerCase()}"`);
    } else if (word === '-debug') continue;
    else if (word.startsWith('-')) return failed(usage);
    else rest.push(word);
  }
  const [name, server] = rest;
  if (name === undefined) return failed(usage);
  const conf = resolvConfOf(inside.resolvConf);
  const at = server === undefined ? conf.nameservers[0] ?? '127.0.0.1' : serverNamed(call, inside, server);
  if (typeof at !== 'string') return failed(`nslookup: bad address '${server ?? ''}'`);
  const asking = asker(call, inside, 5);
  const reverse = reverseName(name);
  const names = reverse !== null ? [reverse] : name.includes('.') || conf.searches.length === 0 ? [name] : conf.searches.map((domain) => `${name}.${domain}`);
  const wantedTypes: readonly (RecordType | 'other')[] = reverse !== null ? ['PTR'] : asked.length === 0 ? ['A', 'AAAA'] : asked;
  const cluster = isClusterDns(call, at) || call.lab.network.pods.some((pod) => pod.answersDns && pod.addresses.includes(at));
  let text = `Server:\t\t${at}\nAddress:\t${at}:53\n\n`;
  let missed = false;
  const done = (out: string, status: number): Answer => both(out, '', status, { lookups: asking.lookups, sent: asking.sent, seconds: asking.seconds(), meanings: ['exec nslookup'] });
  for (const wanted of wantedTypes) {
    for (const candidate of names) {
      const lookup = asking.ask(candidate, wanted === 'other' ? 'A' : wanted, { ip: at, port: 53, tcp: false });
      // A closed port looks like a lost packet: BusyBox' socket hears no ICMP.
      if (silent(lookup) !== null) return done(';; connection timed out; no servers could be reached\n\n', 1);
      const answers = wanted === 'other' ? [] : lookup.queries.at(-1)?.answers ?? [];
      if (lookup.rcode !== 'NOERROR') {
        missed = true;
        text += `** server can't find ${bare(candidate)}: ${lookup.rcode ?? 'SERVFAIL'}\n\n`;
        continue;
      }
      if (!(cluster && isAuthoritative(call, candidate, answers))) text += 'Non-authoritative answer:\n';
      // Its names have no dot at their end.
      text += `${answers.map((record) => bindRecord(record.type === 'CNAME' || record.type === 'PTR' || record.type === 'NS' ? { ...record, data: bare(record.data) } : record)).join('')}\n`;
    }
  }
  return done(text, missed ? 1 : 0);
}
