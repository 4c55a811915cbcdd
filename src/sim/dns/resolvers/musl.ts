// musl: asks all servers at once, stops the search at the first name that is not NXDOMAIN, and never searches a name with enough dots.
import type { DnsReply, LookupError, RecordType } from '../../model/lookup.ts';
import { absoluteName, dotsIn, withoutFinalDot } from '../names.ts';
import { parseResolvConf } from '../parse-resolv-conf.ts';
import type { ResolverConfig } from '../parse-resolv-conf.ts';
import { earliest } from './ask.ts';
import type { Flight, Wire } from './ask.ts';
import { muslDestinations } from './destination-order.ts';
import { muslHosts } from './hosts-file.ts';
import type { Resolved, Resolver } from './resolver.ts';

/** What changed with 1.2.4: TCP after a truncated answer, EAI_NODATA, names that cannot be asked do not exist. */
export interface MuslVersion {
  readonly fallsBackToTcp: boolean;
  readonly knowsNoData: boolean;
  readonly refusesBadNames: boolean;
}

/** Most addresses that getaddrinfo keeps. */
const mostAddresses = 48;

interface Clock { nowMs: number }

/** Asks all questions of one name (`__res_msend_rc`); a question without a usable answer gives `null`. */
function exchange(wire: Wire, clock: Clock, config: ResolverConfig, version: MuslVersion, name: string, types: readonly RecordType[]): readonly (DnsReply | null)[] {
  const start = clock.nowMs;
  const total = config.timeout * 1000;
  const answers = types.map((): DnsReply | null => null);
  const overTcp = types.map(() => false);
  let flights: readonly Flight[] = [];
  // One socket for all questions and servers of a name; over TCP one for each question.
  const udp = wire.open();
  const post = (type: RecordType, server: string, proto: 'udp' | 'tcp'): void => {
    flights = [...flights, wire.send({ name, type, server, proto, socket: proto === 'udp' ? udp : wire.open() }, clock.nowMs)];
  };
  for (let round = 0; round < config.attempts && total > 0; round++) {
    clock.nowMs = start + (total * round) / config.attempts;
    const roundEnds = start + (total * (round + 1)) / config.attempts;
    types.forEach((type, index) => {
      if (answers[index] === null && overTcp[index] === false) for (const server of config.nameservers) post(type, server, 'udp');
    });
    let servfailRetries = 2 * types.length;
    for (let flight = earliest(flights); flight !== undefined && flight.arrives < roundEnds; flight = earliest(flights)) {
      const arrived = flight;
      flights = flights.filter((other) => other !== arrived);
      clock.nowMs = arrived.arrives;
      const { query, reply } = arrived;
      const index = types.indexOf(query.type);
      if (query.proto === 'tcp') {
        // A broken connection or a failure over it ends the whole exchange with what there is.
        if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN') return answers;
        answers[index] = reply;
      } else if (answers[index] !== null || overTcp[index] === true) continue;
      else if (reply.rcode === 'SERVFAIL') {
        if (servfailRetries > 0) {
          servfailRetries -= 1;
          post(query.type, query.server, 'udp');
        }
      } else if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN') continue; // the socket is not connected: it hears of no closed port
      else if (reply.truncated && version.fallsBackToTcp) {
        overTcp[index] = true;
        post(query.type, query.server, 'tcp');
      } else answers[index] = reply;
      if (answers.every((answer) => answer !== null)) return answers;
    }
  }
  clock.nowMs = start + total;
  return answers;
}

/** Bytes that no host name has, as DNS writes them: musl asks for them all the same. */
const escaped = (name: string): string => [...new TextEncoder().encode(name)].map((byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`)).join('');

/** What a packet can carry: labels of 1 to 63 bytes, 254 bytes at most with a final dot. */
function fitsPacket(name: string): boolean {
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  const bare = withoutFinalDot(name);
  return bytes(bare) < 254 && (name === '.' || bare.split('.').every((label) => label !== '' && bytes(label) <= 63));
}

/** One name (`name_from_dns`): addresses, an error that ends the search, or `null` for a name that does not exist. */
function lookUp(wire: Wire, clock: Clock, config: ResolverConfig, version: MuslVersion, name: string, types: readonly ('A' | 'AAAA')[]): { readonly addresses: readonly string[] } | { readonly error: LookupError } | null {
  if (!fitsPacket(name)) {
    if (version.refusesBadNames) return null;
    // Older versions send a malformed packet for a name that ends in two dots, which nobody answers.
    if (!name.endsWith('..') || !fitsPacket(name.slice(0, -1))) return { error: 'EAI_NONAME' };
    clock.nowMs += config.timeout * 1000;
    return { error: 'EAI_AGAIN' };
  }
  const answers = exchange(wire, clock, config, version, absoluteName(escaped(name)), types);
  for (const answer of answers) {
    if (answer === null) return { error: 'EAI_AGAIN' };
    if (answer.rcode === 'NXDOMAIN') return null;
  }
  // The last question's records come first.
  const found = answers.toReversed().flatMap((answer, index) => (answer?.answers ?? []).filter((record) => record.type === types[types.length - 1 - index]));
  if (found.length > 0) return { addresses: found.slice(0, mostAddresses).map((record) => record.data) };
  return { error: version.knowsNoData ? 'EAI_NODATA' : 'EAI_NONAME' };
}

function addresses(version: MuslVersion, wire: Wire, conf: string, name: string, types: readonly ('A' | 'AAAA')[]): Resolved {
  const config = parseResolvConf(conf, 'musl');
  const clock: Clock = { nowMs: 0 };
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  const searches = dotsIn(name) >= config.ndots || name.endsWith('.') ? [] : config.searches;
  if (bare === '' || bare.endsWith('.') || name.length >= 255) return { addresses: [], error: 'EAI_NONAME', elapsedMs: 0 };
  // `search .` makes a candidate that ends in two dots.
  const candidates = [...searches.map((domain) => `${bare}.${domain}`).filter((candidate) => candidate.length < 256), name];
  for (const candidate of candidates) {
    const found = lookUp(wire, clock, config, version, candidate, types);
    if (found !== null) return { addresses: 'addresses' in found ? found.addresses : [], error: 'error' in found ? found.error : null, elapsedMs: clock.nowMs };
  }
  return { addresses: [], error: 'EAI_NONAME', elapsedMs: clock.nowMs };
}

function records(version: MuslVersion, wire: Wire, conf: string, name: string, type: RecordType): Resolved {
  const clock: Clock = { nowMs: 0 };
  const done = (error: LookupError | null): Resolved => ({ addresses: [], error, elapsedMs: clock.nowMs });
  if (!fitsPacket(name)) return done('EAI_NONAME');
  const [answer = null] = exchange(wire, clock, parseResolvConf(conf, 'musl'), version, absoluteName(escaped(name)), [type]);
  if (answer === null) return done('EAI_AGAIN');
  if (answer.rcode === 'NXDOMAIN') return done('EAI_NONAME');
  return done(answer.answers.length > 0 ? null : 'EAI_NODATA');
}

/** The resolver of one version of musl. */
export const musl = (version: MuslVersion): Resolver => ({
  flavour: 'musl',
  addresses: (wire, conf, name, types) => addresses(version, wire, conf, name, types),
  records: (wire, conf, name, type) => records(version, wire, conf, name, type),
  destinations: muslDestinations,
  otherFamily: version.knowsNoData ? 'EAI_NODATA' : 'EAI_NONAME',
  // A name that is too long is not even looked for there.
  inHostsFile: (hosts, name, types) => (name.length >= 255 ? null : muslHosts(hosts, name, types, version.knowsNoData ? 'EAI_NODATA' : 'EAI_NONAME')),
});
