// dig at a place, as BIND 9.18 has it: asks the name as it stands, without the search list unless +search says so.
import { hash32 } from '../../sim/base/choose.ts';
import { timestampOf } from '../../sim/cluster/server-metadata.ts';
import type { AskedQuery, DnsRecord, Lookup, RecordType } from '../../sim/model/lookup.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { asker, bare, isAuthoritative, isClusterDns, isName, messageSize, resolvConfOf, reverseName, serverNamed, silent } from './ask-dns.ts';
import { insideOf } from './inside.ts';

const types: readonly RecordType[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'];
/** What DNS has and the lab's servers have no records of. */
const otherTypes: ReadonlySet<string> = new Set(['MX', 'ANY', 'CAA', 'HTTPS', 'SVCB', 'DS', 'DNSKEY', 'NAPTR', 'HINFO']);

const version = '9.18.49';
const usage = 'Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n            {global-d-opt} host [@local-server] {local-d-opt}\n            [ host [@local-server] {local-d-opt} [...]]\n\nUse "dig -h" (or "dig -h | more") for complete list of options';

interface Shown { cmd: boolean; comments: boolean; question: boolean; answer: boolean; authority: boolean; additional: boolean; stats: boolean; short: boolean; recurse: boolean; multiline: boolean; identify: boolean }
interface Question { name: string; type: string }

export function dig(call: Call): Answer {
  const inside = insideOf(call);
  const conf = resolvConfOf(inside.resolvConf);
  let named: string | null = null;
  let port = 53;
  let tcp = false;
  let search = false;
  let searches = conf.searches;
  let ndots = conf.ndots;
  let tries = 3;
  let patience = 5;
  let edns = true;
  let trace = false;
  let type: string | null = null;
  const shown: Shown = { cmd: true, comments: true, question: true, answer: true, authority: true, additional: true, stats: true, short: false, recurse: true, multiline: false, identify: false };
  const questions: Question[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    const upper = word.toUpperCase();
    if (word.startsWith('+')) {
      const [, no, name = '', value = ''] = /^\+(no)?([a-z0-9]+)(?:=(.*))?$/i.exec(word) ?? [];
      const on = no === undefined;
      switch (name) {
        case 'short': shown.short = on; break;
        case 'search': case 'defname': search = on; break;
        case 'showsearch': search = on; break;
        case 'domain': search = on; searches = value === '' ? searches : [value]; break;
        case 'ndots': ndots = Number(value) || 1; break;
        case 'tcp': case 'vc': tcp = on; break;
        case 'all': shown.cmd = shown.cmd && on; shown.comments = shown.question = shown.answer = shown.authority = shown.additional = shown.stats = on; break;
        case 'cmd': shown.cmd = on; break;
        case 'comments': shown.comments = on; break;
        case 'question': shown.question = on; break;
        case 'answer': shown.answer = on; break;
        case 'authority': shown.authority = on; break;
        case 'additional': shown.additional = on; break;
        case 'stats': shown.stats = on; break;
        case 'recurse': case 'rec': case 'rdflag': shown.recurse = on; break;
        case 'multiline': shown.multiline = on; break;
        case 'identify': shown.identify = on; break;
        case 'trace': trace = on; break;
        case 'edns': edns = on; break;
        case 'tries': tries = Math.max(1, Number(value) || 3); break;
        case 'retry': tries = Math.max(1, (Number(value) || 2) + 1); break;
        case 'time': case 'timeout': patience = Number(value) || 5; break;
        case 'bufsize': case 'dnssec': case 'cookie': case 'qr': case 'ignore': case 'nssearch': case 'ttlid': case 'ttlunits': case 'fail': case 'besteffort': case 'rrcomments': case 'idn': case 'idnout': case 'adflag': case 'cdflag': case 'keepopen': case 'unknownformat': case 'yaml': case 'onesoa': case 'class': break;
        default: return failed(`Invalid option: ${word}\n${usage}`);
      }
    } else if (word.startsWith('@')) named = word.slice(1);
    else if (/^-[tqpxcb46uvhrmkyfi]/.test(word)) {
      const letter = word.charAt(1);
      if (letter === 'v') return printed(`DiG ${version}-1~deb12u3-Debian\n`);
      if (letter === 'h') return printed(`${usage}\n`);
      if ('46urmi'.includes(letter)) continue;
      const value = word.length > 2 ? word.slice(2) : call.args[++index] ?? '';
      if (letter === 'q') questions.push({ name: value, type: '' });
      else if (letter === 't') {
        if (!isType(value.toUpperCase())) return failed(`;; Warning, ignoring invalid type ${value}`);
        type = value.toUpperCase();
      } else if (letter === 'p') port = Number(value) || 53;
      else if (letter === 'x') {
        const reverse = reverseName(value);
        if (reverse === null) return failed(`Invalid IP address ${value}`);
        questions.push({ name: reverse, type: 'PTR' });
      }
    } else if (word.startsWith('-')) return failed(`Invalid option: ${word}\n${usage}`);
    else if (upper === 'IN' || upper === 'CH') continue;
    else if (isType(upper)) {
      const last = questions.at(-1);
      if (last !== undefined && last.type === '') last.type = upper;
      else type = upper;
    } else questions.push({ name: word, type: '' });
  }
  const at = named === null ? conf.nameservers[0] ?? '127.0.0.1' : serverNamed(call, inside, named);
  if (typeof at !== 'string') return failed(`dig: ${at.problem}`, 1);
  if (questions.length === 0) questions.push({ name: '.', type: type ?? 'NS' });
  const asking = asker(call, inside, patience);
  const beside = (): { readonly lookups: typeof asking.lookups; readonly sent: typeof asking.sent; readonly seconds: number; readonly meanings: readonly string[] } => ({ lookups: asking.lookups, sent: asking.sent, seconds: asking.seconds(), meanings: ['exec dig'] });
  if (trace) return both(`\n; <<>> DiG ${version}-1~deb12u3-Debian <<>> ${call.args.join(' ')}\n;; global options: +cmd\n;; UDP setup with ${at}#${port}(${at}) for . failed: the lab has no root servers\n`, '', 9, beside());
  const heading = `\n; <<>> DiG ${version}-1~deb12u3-Debian <<>> ${call.args.join(' ')}\n${named === null ? '' : '; (1 server found)\n'}${shown.cmd ? ';; global options: +cmd\n' : ''}`;
  let out = '';
  let status = 0;
  for (const [count, question] of questions.entries()) {
    const wanted = question.type === '' ? type ?? 'A' : question.type;
    const known = types.find((one) => one === wanted);
    if (!isName(question.name)) {
      out += `dig: '${question.name}' is not a legal name (label too long)\n`;
      return both('', out, 10, beside());
    }
    const dots = bare(question.name).split('.').length - 1;
    const names = search && !question.name.endsWith('.') ? (dots < ndots ? [...searches.map((domain) => `${question.name}.${domain}`), question.name] : [question.name]) : [question.name];
    let lookup: Lookup | undefined;
    let asked = question.name;
    for (const candidate of names) {
      lookup = asking.ask(candidate, known ?? 'A', { ip: at, port, tcp });
      asked = candidate;
      if (silent(lookup) !== null || (lookup.rcode === 'NOERROR' && (lookup.queries.at(-1)?.answers.length ?? 0) > 0) || lookup.rcode === 'SERVFAIL') break;
    }
    const why = lookup === undefined ? 'timed out' : silent(lookup);
    if (why !== null) {
      if (tcp) {
        out += `;; Connection to ${at}#${port}(${at}) for ${bare(asked)} failed: ${why}.\n;; no servers could be reached\n`.repeat(tries);
      } else out += `;; communications error to ${at}#${port}: ${why}\n`.repeat(tries) + (shown.short || !shown.cmd ? '' : heading) + ';; no servers could be reached\n';
      status = 9;
      continue;
    }
    const query = lookup?.queries.at(-1);
    if (lookup === undefined || query === undefined) continue;
    const other = known === undefined;
    const told: AskedQuery = other ? { ...query, answers: [] } : query;
    if (shown.short) {
      out += told.answers.map((record) => `${record.data}${shown.identify ? ` from server ${at} in 1 ms.` : ''}\n`).join('');
      continue;
    }
    // Too big for UDP: the answer that counts came over TCP.
    const truncated = lookup.queries.length > 1 && lookup.queries[0]?.truncated === true ? ';; Truncated, retrying in TCP mode.\n' : '';
    out += truncated + (count === 0 && shown.cmd ? heading : '') + message(call, told, wanted, shown, { edns, at, port, cluster: isClusterDns(call, at) || call.lab.network.pods.some((pod) => pod.answersDns && pod.addresses.includes(at)), seconds: asking.seconds() });
  }
  return both(out, '', status, beside());
}

const isType = (text: string): boolean => types.some((one) => one === text) || otherTypes.has(text);

/** Cells in dig's columns (24, 32, 40, 48): tabs up to the next one, a blank where the text is past it. */
function laid(cells: readonly string[], columns: readonly number[]): string {
  let text = '';
  let at = 0;
  cells.forEach((cell, index) => {
    const column = columns[index - 1];
    if (column !== undefined) {
      text += at >= column ? ' ' : '\t'.repeat(Math.ceil((column - at) / 8));
      at = Math.max(at + 1, column);
    }
    text += cell;
    at += cell.length;
  });
  return text;
}

export const recordLine = (record: DnsRecord): string => `${laid([record.name, String(record.ttl), 'IN', record.type, record.data], [24, 32, 40, 48])}\n`;

function message(call: Call, query: AskedQuery, type: string, shown: Shown, how: { readonly edns: boolean; readonly at: string; readonly port: number; readonly cluster: boolean; readonly seconds: number }): string {
  const { answers, authority, additional } = query;
  const own = how.cluster && isAuthoritative(call, query.name, answers);
  const cookie = how.edns && how.cluster ? `; COOKIE: ${hash32(`${call.turn}c`).toString(16).padStart(8, '0')}${hash32(`${call.turn}k`).toString(16).padStart(8, '0')} (echoed)\n` : '';
  let text = '';
  if (shown.comments) {
    text += ';; Got answer:\n';
    if (bare(query.name).endsWith('.local')) text += ';; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n';
    text += `;; ->>HEADER<<- opcode: QUERY, status: ${query.rcode}, id: ${hash32(call.turn) % 65_536}\n`;
    text += `;; flags: qr ${[...(own ? ['aa'] : []), ...(shown.recurse ? ['rd'] : []), ...(own ? [] : ['ra'])].join(' ')}; QUERY: 1, ANSWER: ${answers.length}, AUTHORITY: ${authority.length}, ADDITIONAL: ${additional.length + (how.edns ? 1 : 0)}\n`;
    text += `${own && shown.recurse ? ';; WARNING: recursion requested but not available\n' : ''}\n`;
    if (how.edns) text += `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n${cookie}`;
  }
  const section = (title: string, records: readonly DnsRecord[]): string => (records.length === 0 ? '' : `${shown.comments ? `;; ${title} SECTION:\n` : ''}${records.map(recordLine).join('')}${shown.comments ? '\n' : ''}`);
  if (shown.question) {
    text += `${shown.comments ? ';; QUESTION SECTION:\n' : ''}${laid([`;${query.name}`, 'IN', type], [32, 40])}\n${shown.comments ? '\n' : ''}`;
  }
  if (shown.answer) text += section('ANSWER', answers);
  if (shown.authority) text += section('AUTHORITY', authority);
  if (shown.additional) text += section('ADDITIONAL', additional);
  if (shown.stats) {
    const ednsBytes = how.edns ? 11 + (cookie === '' ? 0 : 12) : 0;
    text += `;; Query time: 1 msec\n;; SERVER: ${how.at}#${how.port}(${how.at}) (${query.proto.toUpperCase()})\n;; WHEN: ${when(call, how.seconds)}\n;; MSG SIZE  rcvd: ${messageSize(query, ednsBytes)}\n\n`;
  }
  return text;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const days = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/** `Mon Nov 23 01:23:35 UTC 2026` */
function when(call: Call, seconds: number): string {
  const now = call.lab.store.now + seconds;
  const [day = '', time = ''] = timestampOf(now).replace('Z', '').split('T');
  const [year = '', month = '', date = ''] = day.split('-');
  return `${days[Math.floor(now / 86_400) % 7] ?? ''} ${months[Number(month) - 1] ?? ''} ${date} ${time} UTC ${year}`;
}
