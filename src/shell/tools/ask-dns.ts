// How a tool asks DNS servers by itself, past the C library: one name, one type, one server.
import { parseAddress } from '../../sim/base/address.ts';
import { lookUp, send, sourceText } from '../../sim/lab.ts';
import type { AskedQuery, DnsRecord, Lookup, RecordType } from '../../sim/model/lookup.ts';
import type { AskedLookup, Call, Inside } from '../command.ts';
import type { Sent } from '../session.ts';
import { targetOf, walkOf } from './ask-network.ts';

/** What a tool reads in /etc/resolv.conf. */
export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly ndots: number;
}

export function resolvConfOf(text: string): ResolvConf {
  const nameservers: string[] = [];
  let searches: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === 'nameserver' && values[0] !== undefined && nameservers.length < 3) nameservers.push(values[0]);
    if (key === 'search' || key === 'domain') searches = values;
    if (key === 'options') for (const value of values) if (/^ndots:\d+$/.test(value)) ndots = Math.min(15, Number(value.slice(6)));
  }
  return { nameservers, searches, ndots };
}

/** The address of the cluster's DNS Service. */
export function isClusterDns(call: Call, server: string): boolean {
  const { network } = call.lab;
  const { service } = network.dns;
  return network.services.some((one) => one.ref.namespace === service.namespace && one.ref.name === service.name && one.clusterAddresses.includes(server));
}

export interface ServerAt {
  readonly ip: string;
  readonly port: number;
  readonly tcp: boolean;
}

/** Collects the questions of one command, for the panes and for what looks back on them. */
export interface Asker {
  readonly ask: (name: string, type: RecordType, server: ServerAt) => Lookup;
  readonly lookups: AskedLookup[];
  readonly sent: Sent[];
  /** Simulated seconds that all of them took. */
  readonly seconds: () => number;
}

export function asker(call: Call, inside: Inside, patience: number): Asker {
  const lookups: AskedLookup[] = [];
  const sent: Sent[] = [];
  let seconds = 0;
  return {
    lookups, sent, seconds: () => seconds,
    ask: (name, type, server) => {
      const lookup = askServer({ ...call, turn: `${call.turn}.${lookups.length}` }, inside, name, type, server);
      lookups.push({ from: sourceText(inside.from), lookup });
      sent.push({ from: inside.from, at: call.clock + seconds + lookups.length * 0.001, trace: null, walk: null, lookup, limit: null, times: 1, turn: call.turn });
      if (silent(lookup) === 'timed out') seconds += patience;
      return lookup;
    },
  };
}

/** One question, of the name as it stands, to one server. */
function askServer(call: Call, inside: Inside, name: string, type: RecordType, server: ServerAt): Lookup {
  const absolute = name.endsWith('.') ? name : `${name}.`;
  const plain = server.port === 53 && !server.tcp;
  if (plain && inside.pod !== null && server.ip === call.lab.network.dns.clusterDns[0]) return lookUp(call.lab, { from: inside.from, name: absolute, type, resolver: null, direct: true });
  const { trace, walk } = wayTo(call, inside, server);
  const query = (rest: Pick<AskedQuery, 'rcode' | 'answers' | 'authority' | 'additional'>): Lookup => ({
    name: absolute, type, resolver: null, resolvConf: null, rcode: rest.rcode, error: null, elapsed: 0.001, without: null,
    addresses: rest.answers.filter((record) => record.type === 'A' || record.type === 'AAAA').map(({ data }) => data),
    queries: [{ name: absolute, type, server: server.ip, proto: server.tcp ? 'tcp' : 'udp', truncated: false, at: 0, walk, ...rest }],
  });
  const none = { answers: [], authority: [], additional: [] };
  if (walk.verdict === 'refused') return query({ rcode: 'UNREACHABLE', ...none });
  if (walk.verdict !== 'delivered') return query({ rcode: 'DROP', ...none });
  const pod = walk.backend?.pod ?? podAt(call, trace.request.to.host);
  if (pod !== null && call.lab.network.pods.some((one) => one.answersDns && `${one.namespace}/${one.name}` === pod)) {
    const answered = lookUp(call.lab, { from: null, name: absolute, type, resolver: null, direct: true });
    return { ...answered, queries: answered.queries.map((one) => ({ ...one, server: server.ip, walk, ...(server.tcp ? { proto: 'tcp' as const } : {}) })) };
  }
  // A stub on a node asks the public DNS; so does everybody outside. What else answers on that port is no DNS server.
  if (pod !== null) return query({ rcode: 'DROP', ...none });
  const known = lookUp(call.lab, { from: { kind: 'external', ip: call.lab.network.outside.client, atNode: null }, name: absolute, type, resolver: null, direct: false });
  const answers = known.addresses.filter((ip) => ip.includes(':') === (type === 'AAAA') && (type === 'A' || type === 'AAAA')).map((data): DnsRecord => ({ name: absolute, type, ttl: 300, data }));
  return query({ rcode: known.rcode === 'NOERROR' || known.addresses.length > 0 ? 'NOERROR' : 'NXDOMAIN', answers, authority: [], additional: [] });
}

const podAt = (call: Call, ip: string): string | null => {
  const pod = call.lab.network.pods.find((one) => !one.hostNetwork && one.addresses.includes(ip));
  return pod === undefined ? null : `${pod.namespace}/${pod.name}`;
};

function wayTo(call: Call, inside: Inside, server: ServerAt): { readonly trace: ReturnType<typeof send>; readonly walk: ReturnType<typeof walkOf> } {
  const trace = send(call.lab, { from: inside.from, to: targetOf(server.tcp ? 'tcp' : 'udp', server.ip, server.port) });
  return { trace, walk: walkOf(trace, call.turn, call.lab.network.seed) };
}

/** The server that a tool was told to ask: its address, looked up where it is a name. A text says what is wrong with it. */
export function serverNamed(call: Call, inside: Inside, text: string): string | { readonly problem: string } {
  if (parseAddress(text) !== undefined) return text;
  const found = lookUp(call.lab, { from: inside.from, name: text, type: null, resolver: inside.resolver, direct: false }).addresses[0];
  return found ?? { problem: `couldn't get address for '${text}': not found` };
}

/** The name of an address in the tree for reverse lookups; `null` when the text is no address. */
export function reverseName(text: string): string | null {
  const address = parseAddress(text);
  if (address === undefined) return null;
  if (address.family === 'IPv4') return `${text.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${address.value.toString(16).padStart(32, '0').split('').reverse().join('.')}.ip6.arpa`;
}

/** True where the cluster's server speaks for the name itself: its own domain, and addresses that have a name there. Everything else it got from another server. */
// Simplified: a CoreDNS that answers from its cache calls every answer authoritative.
export function isAuthoritative(call: Call, name: string, answers: readonly DnsRecord[]): boolean {
  const domain = call.lab.network.domain;
  const within = (text: string): boolean => bare(text) === domain || bare(text).endsWith(`.${domain}`);
  if (call.inside?.from.kind === 'external') return false;
  return within(name) || answers.some((record) => record.type === 'PTR' && within(record.data));
}

/** How the last question ended: an answer, no server, or a closed port. */
export function silent(lookup: Lookup): 'timed out' | 'connection refused' | null {
  const last = lookup.queries.at(-1);
  if (last === undefined || last.rcode === 'DROP') return 'timed out';
  return last.rcode === 'UNREACHABLE' ? 'connection refused' : null;
}

/** Without the dot at the end. */
export const bare = (name: string): string => (name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name);

/** What cannot be in the wire format of a name: an answer of a server is never asked for it. */
export const isName = (name: string): boolean => bare(name).split('.').every((label) => label.length < 64 && (label !== '' || bare(name) === '.')) && name.length < 255;

/** Bytes of a message without name compression, as CoreDNS sends it: header, question, records, and the OPT record where EDNS is spoken. */
export function messageSize(query: AskedQuery, edns: number): number {
  const nameSize = (name: string): number => (bare(name) === '.' || name === '' ? 1 : bare(name).length + 2);
  const dataSize = (record: DnsRecord): number => {
    const words = record.data.split(' ');
    switch (record.type) {
      case 'A': return 4;
      case 'AAAA': return 16;
      case 'SRV': return 6 + nameSize(words[3] ?? '');
      case 'SOA': return nameSize(words[0] ?? '') + nameSize(words[1] ?? '') + 20;
      case 'TXT': return record.data.replace(/"/g, '').length + 1;
      default: return nameSize(record.data);
    }
  };
  const records = [...query.answers, ...query.authority, ...query.additional];
  return 12 + nameSize(query.name) + 4 + records.reduce((sum, record) => sum + nameSize(record.name) + 10 + dataSize(record), 0) + edns;
}
