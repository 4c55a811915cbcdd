// nslookup in a pod: BIND's (dnsutils), or BusyBox' with its own search and its own errors (dns.md 2).
import { sourceText } from '../../sim/lab.ts';
import type { DnsRecord, Lookup, RecordType } from '../../sim/model/lookup.ts';
import { both, failed } from '../command.ts';
import type { Answer, AskedLookup, Call, Inside } from '../command.ts';
import { askDns, bare, isAuthoritative, isClusterDns, resolvConfOf, reverseName, silent } from './ask-dns.ts';
import { hasBusybox } from './images.ts';
import { insideOf } from './inside.ts';

export function nslookup(call: Call): Answer {
  const inside = insideOf(call);
  let type: RecordType | null = null;
  const rest: string[] = [];
  for (const word of call.args) {
    const option = /^-(?:query|q|type|ty)=(\w+)$/i.exec(word);
    const named = option?.[1]?.toUpperCase();
    if (named !== undefined && isType(named)) type = named;
    else if (option !== null) return failed(`unknown query type: ${option[1] ?? ''}`);
    else if (!word.startsWith('-')) rest.push(word);
  }
  const [name, server] = rest;
  if (name === undefined) return failed('nslookup: the lab\'s nslookup has no prompt of its own: give it a name', 1);
  const { nameservers } = resolvConfOf(inside.resolvConf);
  if (server !== undefined && !nameservers.includes(server) && !isClusterDns(call, server)) return failed(`nslookup: the lab's nslookup asks the server of /etc/resolv.conf (${nameservers[0] ?? 'none'}) and the cluster's DNS Service only`, 1);
  const asked = server ?? nameservers[0] ?? '127.0.0.1';
  return hasBusybox(inside.image) ? busybox(call, inside, name, type, asked) : bind(call, inside, name, type, asked);
}

const isType = (text: string): text is RecordType => ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'].includes(text);

/** Every question is kept for the panes. */
function asker(call: Call, inside: Inside, server: string): { readonly ask: (name: string, type: RecordType) => Lookup; readonly lookups: AskedLookup[] } {
  const lookups: AskedLookup[] = [];
  return {
    lookups,
    ask: (name, type) => {
      const lookup = askDns(call, inside, name, type, server);
      lookups.push({ from: sourceText(inside.from), lookup });
      return lookup;
    },
  };
}

function bind(call: Call, inside: Inside, name: string, type: RecordType | null, server: string): Answer {
  const { ask, lookups } = asker(call, inside, server);
  const conf = resolvConfOf(inside.resolvConf);
  const done = (out: string, status: number): Answer => both(out, '', status, { lookups, meanings: ['exec nslookup'] });
  const heading = `Server:\t\t${server}\nAddress:\t${server}#53\n\n`;
  const reverse = reverseName(name);
  // BIND asks the search list first for fewer dots than ndots, then the name; from ndots dots on the name alone.
  const dots = name.split('.').length - 1;
  const names = reverse !== null ? [reverse] : name.endsWith('.') ? [name] : dots < conf.ndots ? [...conf.searches.map((search) => `${name}.${search}`), name] : [name];
  const asked = reverse !== null ? 'PTR' : type ?? 'A';
  let lookup: Lookup | undefined;
  let found = name;
  for (const candidate of names) {
    lookup = ask(candidate, asked);
    found = candidate;
    const why = silent(lookup);
    if (why !== null) return done(`${';; communications error to '}${server}#53: ${why}\n`.repeat(why === 'timed out' ? 3 : 2) + ';; no servers could be reached\n\n', 1);
    if (lookup.rcode === 'NOERROR') break;
  }
  const rcode = lookup?.rcode ?? 'SERVFAIL';
  const answers = lookup?.queries.at(-1)?.answers ?? [];
  if (rcode !== 'NOERROR') {
    const note = rcode === 'SERVFAIL' ? `;; Got SERVFAIL reply from ${server}\n` : '';
    return done(`${note}${heading}** server can't find ${reverse ?? name}: ${rcode}\n\n`, 1);
  }
  let records = [...answers];
  // Without a type nslookup asks for AAAA too, under the name that answered.
  if (type === null && reverse === null) {
    const six = ask(found, 'AAAA').queries.at(-1)?.answers ?? [];
    records = [...records, ...six.filter((record) => record.type === 'AAAA')];
  }
  const source = isAuthoritative(call, found, records) ? '' : 'Non-authoritative answer:\n';
  if (records.length === 0) return done(`${heading}${source}*** Can't find ${name}: No answer\n\n`, 1);
  return done(heading + source + records.map(bindRecord).join('') + '\n', 0);
}

function bindRecord(record: DnsRecord): string {
  const name = bare(record.name);
  switch (record.type) {
    case 'A':
    case 'AAAA': return `Name:\t${name}\nAddress: ${record.data}\n`;
    case 'CNAME': return `${name}\tcanonical name = ${record.data}\n`;
    case 'PTR': return `${name}\tname = ${record.data}\n`;
    case 'SRV': return `${name}\tservice = ${record.data}\n`;
    case 'TXT': return `${name}\ttext = ${record.data}\n`;
    case 'NS': return `${name}\tnameserver = ${record.data}\n`;
    case 'SOA': return `${name}\n\torigin = ${record.data.split(' ')[0] ?? ''}\n`;
  }
}

/** BusyBox 1.35: a name with any dot is asked as it is; one without is asked under every search domain at once, and every miss is an error. */
function busybox(call: Call, inside: Inside, name: string, type: RecordType | null, server: string): Answer {
  const { ask, lookups } = asker(call, inside, server);
  const conf = resolvConfOf(inside.resolvConf);
  const reverse = reverseName(name);
  const names = reverse !== null ? [reverse] : name.includes('.') || conf.searches.length === 0 ? [name] : conf.searches.map((search) => `${name}.${search}`);
  const types: readonly RecordType[] = reverse !== null ? ['PTR'] : type === null ? ['A', 'AAAA'] : [type];
  let text = `Server:\t\t${server}\nAddress:\t${server}:53\n\n`;
  let missed = false;
  for (const candidate of names) {
    for (const wanted of types) {
      const lookup = ask(candidate, wanted);
      if (silent(lookup) !== null) return both(`;; connection timed out; no servers could be reached\n\n`, '', 1, { lookups, meanings: ['exec nslookup'] });
      const answers = lookup.queries.at(-1)?.answers ?? [];
      if (lookup.rcode !== 'NOERROR') {
        missed = true;
        text += `** server can't find ${bare(candidate)}: ${lookup.rcode ?? 'SERVFAIL'}\n\n`;
        continue;
      }
      if (!isAuthoritative(call, candidate, answers)) text += 'Non-authoritative answer:\n';
      if (answers.length > 0) text += `${answers.map(bindRecord).join('')}\n`;
      else if (wanted !== 'AAAA') text += `*** Can't find ${bare(candidate)}: No answer\n\n`;
      else text += '\n';
    }
  }
  return both(text, '', missed ? 1 : 0, { lookups, meanings: ['exec nslookup'] });
}
