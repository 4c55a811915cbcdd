// glibc 2.36: walks the search list past NXDOMAIN, NODATA and SERVFAIL, and tries the name as it is in the end.
import type { DnsRecord, DnsReply, LookupError, RecordType } from '../../model/lookup.ts';
import { absoluteName, dotsIn, isAskable } from '../names.ts';
import { parseResolvConf } from '../parse-resolv-conf.ts';
import { glibcHosts } from './hosts-file.ts';
import { glibcDestinations } from './destination-order.ts';
import type { Wire } from './ask.ts';
import { send } from './glibc-send.ts';
import type { GlibcState } from './glibc-send.ts';
import type { Resolved, Resolver } from './resolver.ts';

type HostError = 'HOST_NOT_FOUND' | 'TRY_AGAIN' | 'NO_DATA' | 'NO_RECOVERY';
type Answered = { readonly replies: readonly DnsReply[] } | { readonly failed: HostError; readonly refused: boolean };

const begin = (conf: string): GlibcState => {
  const config = parseResolvConf(conf, 'glibc');
  return { config, nowMs: 0, singleRequest: config.singleRequest, singleRequestReopen: config.singleRequestReopen, header: null, unanswered: false, sends: 0 };
};

const hasRecords = (reply: DnsReply): boolean => reply.rcode === 'NOERROR' && reply.answers.length > 0;

/** One absolute name (`__res_context_query`). */
function query(state: GlibcState, wire: Wire, name: string, types: readonly RecordType[]): Answered {
  state.header = null;
  state.unanswered = false;
  if (!isAskable(name)) return { failed: 'NO_RECOVERY', refused: false };
  // With no-aaaa, A stands in for AAAA to find out whether the name is there; its addresses do not count (resolv/res-noaaaa.c).
  const insteadOfAaaa = state.config.noAaaa && types.length === 1 && types[0] === 'AAAA';
  const sent = send(state, wire, absoluteName(name), insteadOfAaaa ? ['A'] : types);
  state.unanswered = 'failed' in sent;
  if ('failed' in sent) return { failed: insteadOfAaaa ? 'NO_DATA' : 'TRY_AGAIN', refused: sent.failed === 'ECONNREFUSED' };
  const replies = sent.replies.filter((reply) => reply !== null).map((reply) => (insteadOfAaaa ? { ...reply, answers: [] } : reply));
  if (replies.some(hasRecords)) return { replies };
  const telling = replies.find((reply) => reply.rcode !== 'NOERROR') ?? replies[0];
  switch (telling?.rcode) {
    case 'NXDOMAIN': return { failed: 'HOST_NOT_FOUND', refused: false };
    case 'SERVFAIL': return { failed: 'TRY_AGAIN', refused: false };
    case 'NOERROR': return { failed: 'NO_DATA', refused: false };
    default: return { failed: 'NO_RECOVERY', refused: false };
  }
}

/** Letters, digits, `-` and `_`, and no `-` at the start: nothing else is asked (`res_hnok`). */
const isHostname = (name: string): boolean => isAskable(name) && !name.startsWith('-') && /^[\w.-]+$/.test(name);

/** A name through the search list (`__res_context_search`). */
function search(state: GlibcState, wire: Wire, name: string, types: readonly RecordType[]): { readonly replies: readonly DnsReply[] } | { readonly failed: HostError } {
  const { ndots, searches, noTldQuery } = state.config;
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
  if (asItIs === null && !rootOnList && (dots > 0 || searches.length === 0 || !noTldQuery)) {
    const answered = query(state, wire, name, types);
    if ('replies' in answered) return answered;
    last = answered.failed;
  }
  return { failed: asItIs ?? (gotNoData ? 'NO_DATA' : gotServfail ? 'TRY_AGAIN' : last) };
}

const errorOf = (failed: HostError): LookupError => (failed === 'TRY_AGAIN' ? 'EAI_AGAIN' : failed === 'NO_DATA' ? 'EAI_NODATA' : 'EAI_NONAME');

/** The short way for IPv4 alone (`try_simple_gethostbyname`) takes an answered failure for a name that is not there. */
const errorOfIpv4 = (failed: HostError, unanswered: boolean): LookupError => (failed === 'TRY_AGAIN' && !unanswered ? 'EAI_NONAME' : errorOf(failed));

/** Room that getaddrinfo has for an answer at first, in bytes. */
const firstRoom = 1024;

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Bytes that an answer takes in memory: a tuple for each address and the last name (`gaih_getanswer`), or, for one family, lists of addresses and of all names (`gethostbyname2_r`). */
function memoryOf(replies: readonly DnsReply[], addresses: readonly DnsRecord[], asked: string, only: RecordType | undefined): number {
  const last = addresses.at(-1)?.name ?? '';
  if (only === undefined) return addresses.length * 40 + padded(last.length);
  const links = replies.flatMap(({ answers }) => answers.filter(({ type }) => type === 'CNAME'));
  const names = [absoluteName(asked), ...links.map(({ data }) => data)];
  return padded(names.reduce((sum, name) => sum + name.length, 0)) + addresses.length * (only === 'A' ? 4 : 16) + (addresses.length + 1 + names.length) * 8;
}

function addresses(wire: Wire, conf: string, name: string, types: readonly ('A' | 'AAAA')[]): Resolved {
  const state = begin(conf);
  const [only] = types.length === 1 ? types : [];
  // Asked for IPv4 alone, a name of digits and dots that is no address is none at all.
  if (!isHostname(name) || (only === 'A' && /^[\d.]*\d$/.test(name))) return { addresses: [], error: 'EAI_NONAME', elapsedMs: 0 };
  const asked = state.config.noAaaa && only === undefined ? (['A'] as const) : types;
  for (let room = firstRoom; ; room *= 2) {
    const found = search(state, wire, name, asked);
    if ('failed' in found) return { addresses: [], error: only === 'A' ? errorOfIpv4(found.failed, state.unanswered) : errorOf(found.failed), elapsedMs: state.nowMs };
    const records = found.replies.flatMap((reply) => reply.answers).filter((record) => record.type === 'A' || record.type === 'AAAA');
    // An alias without an address behind it ends the search; when only IPv4 is wanted, the library calls that no data.
    if (records.length === 0) return { addresses: [], error: only === 'A' ? 'EAI_NODATA' : 'EAI_NONAME', elapsedMs: state.nowMs };
    // What does not fit is asked anew with twice the room.
    if (memoryOf(found.replies, records, name, only) <= room) return { addresses: records.map((record) => record.data), error: null, elapsedMs: state.nowMs };
  }
}

function records(wire: Wire, conf: string, name: string, type: RecordType): Resolved {
  const state = begin(conf);
  const answered = query(state, wire, name, [type]);
  return { addresses: [], error: 'failed' in answered ? errorOf(answered.failed) : null, elapsedMs: state.nowMs };
}

export const glibc: Resolver = { flavour: 'glibc', addresses, records, destinations: glibcDestinations, inHostsFile: glibcHosts, otherFamily: 'EAI_NONAME' };
