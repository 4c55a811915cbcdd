// glibc 2.36: walks the search list past NXDOMAIN, NODATA and SERVFAIL, and tries the name as it is in the end.
import type { DnsReply, LookupError, RecordType } from '../../model/lookup.ts';
import { absoluteName, dotsIn, isAskable } from '../names.ts';
import { parseResolvConf } from '../parse-resolv-conf.ts';
import { glibcHosts } from './hosts-file.ts';
import { rfc3484Precedence } from './destination-order.ts';
import type { Wire } from './ask.ts';
import { send } from './glibc-send.ts';
import type { GlibcState } from './glibc-send.ts';
import type { Resolved, Resolver } from './resolver.ts';

type HostError = 'HOST_NOT_FOUND' | 'TRY_AGAIN' | 'NO_DATA' | 'NO_RECOVERY';
type Answered = { readonly replies: readonly DnsReply[] } | { readonly failed: HostError; readonly refused: boolean };

const begin = (conf: string): GlibcState => {
  const config = parseResolvConf(conf, 'glibc');
  return { config, nowMs: 0, singleRequest: config.singleRequest, singleRequestReopen: config.singleRequestReopen, header: null, sends: 0 };
};

const hasRecords = (reply: DnsReply): boolean => reply.rcode === 'NOERROR' && reply.answers.length > 0;

/** One absolute name (`__res_context_query`). */
function query(state: GlibcState, wire: Wire, name: string, types: readonly RecordType[]): Answered {
  if (!isAskable(name)) return { failed: 'NO_RECOVERY', refused: false };
  const sent = send(state, wire, absoluteName(name), types);
  if ('failed' in sent) return { failed: 'TRY_AGAIN', refused: sent.failed === 'ECONNREFUSED' };
  const replies = sent.replies.filter((reply) => reply !== null);
  if (replies.some(hasRecords)) return { replies };
  const telling = replies.find((reply) => reply.rcode !== 'NOERROR') ?? replies[0];
  switch (telling?.rcode) {
    case 'NXDOMAIN': return { failed: 'HOST_NOT_FOUND', refused: false };
    case 'SERVFAIL': return { failed: 'TRY_AGAIN', refused: false };
    case 'NOERROR': return { failed: 'NO_DATA', refused: false };
    default: return { failed: 'NO_RECOVERY', refused: false };
  }
}

/** A name through the search list (`__res_context_search`). */
function search(state: GlibcState, wire: Wire, name: string, types: readonly RecordType[]): { readonly replies: readonly DnsReply[] } | { readonly failed: HostError } {
  const { ndots, searches } = state.config;
  const trailingDot = name.endsWith('.');
  const dots = dotsIn(name);
  let asItIs: HostError | null = null;
  if (dots >= ndots || trailingDot) {
    const answered = query(state, wire, name, types);
    if ('replies' in answered || trailingDot) return answered;
    asItIs = answered.failed;
  }
  let last: HostError = asItIs ?? 'HOST_NOT_FOUND';
  let gotNoData = false;
  let gotServfail = false;
  let rootOnList = false;
  for (const entry of searches) {
    const domain = entry.startsWith('.') ? entry.slice(1) : entry;
    rootOnList ||= domain === '';
    const answered = query(state, wire, domain === '' ? name : `${name}.${domain}`, types);
    if ('replies' in answered) return answered;
    // No server is there at all: the rest of the list would end the same way.
    if (answered.refused) return { failed: 'TRY_AGAIN' };
    last = answered.failed;
    if (last === 'NO_DATA') gotNoData = true;
    else if (last === 'TRY_AGAIN' && state.header === 'SERVFAIL') gotServfail = true;
    else if (last !== 'HOST_NOT_FOUND') break;
  }
  if (asItIs === null && !rootOnList) {
    const answered = query(state, wire, name, types);
    if ('replies' in answered) return answered;
    last = answered.failed;
  }
  return { failed: asItIs ?? (gotNoData ? 'NO_DATA' : gotServfail ? 'TRY_AGAIN' : last) };
}

const errorOf = (failed: HostError): LookupError => (failed === 'TRY_AGAIN' ? 'EAI_AGAIN' : failed === 'NO_DATA' ? 'EAI_NODATA' : 'EAI_NONAME');

/** Room that getaddrinfo has for addresses at first, and what one address takes in it. */
const firstBuffer = 1024;
const bytesPerAddress = 40;

function addresses(wire: Wire, conf: string, name: string, types: readonly ('A' | 'AAAA')[]): Resolved {
  const state = begin(conf);
  const asked = state.config.noAaaa ? types.filter((type) => type !== 'AAAA') : types;
  if (asked.length === 0) return { addresses: [], error: 'EAI_NODATA', elapsedMs: 0 };
  for (let room = firstBuffer; ; room *= 2) {
    const found = search(state, wire, name, asked);
    if ('failed' in found) return { addresses: [], error: errorOf(found.failed), elapsedMs: state.nowMs };
    const records = found.replies.flatMap((reply) => reply.answers).filter((record) => record.type === 'A' || record.type === 'AAAA');
    const [first] = records;
    // An alias without an address behind it ends the search.
    if (first === undefined) return { addresses: [], error: 'EAI_NONAME', elapsedMs: state.nowMs };
    // Simplified: the size of the answer in memory is that of the addresses and one name; when it does not fit, everything is asked once more.
    if (records.length * bytesPerAddress + first.name.length <= room) return { addresses: records.map((record) => record.data), error: null, elapsedMs: state.nowMs };
  }
}

function records(wire: Wire, conf: string, name: string, type: RecordType): Resolved {
  const state = begin(conf);
  const answered = query(state, wire, name, [type]);
  return { addresses: [], error: 'failed' in answered ? errorOf(answered.failed) : null, elapsedMs: state.nowMs };
}

export const glibc: Resolver = { flavour: 'glibc', addresses, records, precedence: rfc3484Precedence, inHostsFile: glibcHosts };
