// Names: the source's own resolver asks, and every query is a packet that walks to a DNS server like any other.
import { hash32 } from '../base/choose.ts';
import { comparableName, withoutFinalDot } from '../dns/names.ts';
import { reply, type DnsServer, type Question } from '../dns/plugins/plugin.ts';
import { parseResolvConf } from '../dns/resolv-conf.ts';
import { direct } from '../dns/resolvers/direct.ts';
import { resolve, type Ask, type AskReply } from '../dns/resolvers/resolve.ts';
import { answer } from '../dns/server.ts';
import type { DnsRecord, DnsReply, Lookup, RecordType, ResolverName } from '../model/lookup.ts';
import type { NetworkPod } from '../model/network.ts';
import type { Source } from '../model/request.ts';
import type { Walk } from '../model/trace.ts';
import type { Plane } from './plane.ts';
import { senderOf, startJourney } from './sender.ts';
import { walkAll } from './walk.ts';

/** What the public DNS says: the hosts that are known, nothing else. */
export function publicAnswer(plane: Plane, question: Question): DnsReply {
  const name = withoutFinalDot(comparableName(question.name));
  const { hosts } = plane.network.outside;
  // A wildcard of DNS stands for one label or more, and only where the name itself is not there (RFC 4592).
  const host = hosts.find((candidate) => candidate.name === name) ?? hosts.find((candidate) => candidate.name.startsWith('*.') && name.length > candidate.name.length - 1 && name.endsWith(candidate.name.slice(1)));
  if (host === undefined) return reply('NXDOMAIN');
  const addresses = host.addresses.filter((ip) => (question.type === 'AAAA' ? ip.includes(':') : question.type === 'A' && !ip.includes(':')));
  return reply('NOERROR', addresses.map((data): DnsRecord => ({ name: question.name, type: question.type === 'AAAA' ? 'AAAA' : 'A', ttl: 300, data })));
}

/** Whether a server outside is there: the nodes' own, and whatever lies in public ranges. */
const isPublicServer = (plane: Plane, ip: string): boolean => ip === plane.network.outside.resolver || !/^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd]|fe80|::1)/i.test(ip);

function serverOf(plane: Plane, pod: NetworkPod): DnsServer | null {
  if (plane.corefile === null) return null;
  return {
    corefile: plane.corefile, records: plane.records, resolvConf: pod.resolvConf, addresses: pod.addresses, synced: true,
    upstream: (question, servers) => {
      const found = servers.find((server) => isPublicServer(plane, server.replace(/^\w+:\/\//, '').replace(/:\d+$/, '')));
      return found === undefined ? reply('DROP') : publicAnswer(plane, question);
    },
  };
}

/** One of the ways, by the hash of what is asked: the same in every run. */
function pick(walks: readonly Walk[], key: string): Walk {
  let left = (hash32(key) / 0x100000000) * walks.reduce((sum, { probability }) => sum + probability, 0);
  for (const walk of walks) {
    left -= walk.probability;
    if (left < 0) return walk;
  }
  const last = walks.at(-1);
  if (last === undefined) throw new Error('a packet without a way');
  return last;
}

type DnsWays = (server: string, proto: 'udp' | 'tcp') => readonly Walk[];

/** The ways of a source's questions to a server, worked out once: they do not depend on what is asked. */
function dnsWays(plane: Plane, source: Source): DnsWays {
  const known = new Map<string, readonly Walk[]>();
  return (server, proto) => {
    const key = `${proto} ${server}`;
    const found = known.get(key) ?? walkAll(startJourney(plane, source, { scheme: proto, host: server, path: '', alias: null, headless: null }, proto === 'udp' ? 'UDP' : 'TCP', server, 53), plane);
    known.set(key, found);
    return found;
  };
}

/** What carries a source's queries: its packets through the cluster, by ways that `takes` allows where there are such. */
function askerFrom(plane: Plane, source: Source, ways: DnsWays = dnsWays(plane, source), takes: (walk: Walk) => boolean = () => true): Ask {
  const sender = senderOf(plane, source);
  return (query): AskReply => {
    const question: Question = { name: query.name, type: query.type, proto: query.proto, client: sender.kind === 'pod' ? sender.pod.addresses[0] ?? null : null };
    const all = ways(query.server, query.proto);
    const taken = all.filter(takes);
    // A and AAAA, and every try, leave from one socket: connection tracking sends them to the same server.
    const walk = pick(taken.length > 0 ? taken : all, `${plane.network.seed}\u0000${all[0]?.hops[0]?.packet.source.ip ?? ''}\u0000${query.name}\u0000${query.proto}`);
    if (walk.verdict === 'refused') return { ...reply('UNREACHABLE'), walk };
    if (walk.verdict !== 'delivered') return { ...reply('DROP'), walk };
    const pod = walk.backend?.pod == null ? undefined : plane.pods.get(walk.backend.pod);
    if (pod?.answersDns === true) {
      const server = serverOf(plane, pod);
      return { ...(server === null ? reply('UNREACHABLE') : answer(server, question)), walk };
    }
    const outside = walk.hops.at(-1)?.at.kind === 'outside';
    return { ...(outside && isPublicServer(plane, query.server) ? publicAnswer(plane, question) : reply('DROP')), walk };
  };
}

/** Whether a text is an address rather than a name. */
export const isAddress = (text: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(text) || text.includes(':');

export interface LookupWay {
  readonly probability: number;
  readonly lookup: Lookup;
}

// Simplified: all queries of one lookup go to DNS servers that answer, or all to ones that do not; each name of the search list leaves from a socket of its own and may get another server.
/** A lookup in the ways that differ in whether a DNS server answers: one where all do or none does. The probabilities add up to 1. */
export function lookUpWays(plane: Plane, source: Source, name: string): readonly LookupWay[] {
  const sender = senderOf(plane, source);
  const ways = dnsWays(plane, source);
  const once = (takes: (walk: Walk) => boolean): Lookup => lookUpName(plane, source, name, 'A+AAAA', null, askerFrom(plane, source, ways, takes));
  const conf = sender.kind === 'outside' ? '' : sender.kind === 'pod' ? sender.pod.resolvConf : sender.node.resolvConf;
  const server = parseResolvConf(conf, 'glibc').nameservers[0];
  const answers = (walk: Walk): boolean => walk.verdict === 'delivered';
  const all = server === undefined || sender.kind === 'outside' ? [] : ways(server, 'udp');
  const share = all.filter(answers).reduce((sum, { probability }) => sum + probability, 0);
  if (all.length < 2 || all.every(answers) || !all.some(answers)) return [{ probability: 1, lookup: once(() => true) }];
  const good = once(answers);
  // What no server was asked for (a file, an address) is the same either way.
  return good.queries.length === 0 ? [{ probability: 1, lookup: good }] : [{ probability: share, lookup: good }, { probability: 1 - share, lookup: once((walk) => !answers(walk)) }];
}

/** The name as the source looks it up: a pod with its resolver, a node with its own, the outside with the public DNS. */
export function lookUpName(plane: Plane, source: Source, name: string, type: RecordType | 'A+AAAA', resolver: ResolverName | null, ask: Ask = askerFrom(plane, source)): Lookup {
  const sender = senderOf(plane, source);
  if (sender.kind === 'outside') {
    const types: readonly RecordType[] = type === 'A+AAAA' ? ['A', 'AAAA'] : [type];
    const replies = isAddress(name) ? [] : types.map((one) => publicAnswer(plane, { name: comparableName(name), type: one }));
    const addresses = isAddress(name) ? [name] : replies.flatMap(({ answers }) => answers.map(({ data }) => data));
    const rcode = replies[0]?.rcode ?? null;
    return { name, type, resolver: null, resolvConf: null, queries: [], rcode, error: addresses.length > 0 ? null : rcode === 'NXDOMAIN' ? 'EAI_NONAME' : 'EAI_NODATA', elapsed: 0, addresses, without: isAddress(name) ? 'literal' : 'outside' };
  }
  const conf = sender.kind === 'pod' ? sender.pod.resolvConf : sender.node.resolvConf;
  const hosts = sender.kind === 'pod' ? sender.pod.hostsFile : `127.0.0.1\tlocalhost\n::1\tlocalhost\n${plane.network.nodes.map((node) => `${node.internal[0] ?? ''}\t${node.name}\n`).join('')}`;
  return resolve({ resolver: resolver ?? (sender.kind === 'pod' ? sender.pod.resolver : 'glibc'), conf, hosts, name, type, ask });
}

/** The cluster's DNS server asked for the name as it stands, as dig does; without a source, nothing lies between. */
export function askDirectly(plane: Plane, source: Source | null, name: string, type: RecordType): Lookup {
  const server = plane.network.dns.clusterDns[0] ?? '';
  const pod = plane.network.pods.find((candidate) => candidate.answersDns && candidate.running);
  const own = pod === undefined ? null : serverOf(plane, pod);
  const ask: Ask = source === null
    ? (query) => ({ ...(own === null ? reply('UNREACHABLE') : answer(own, { name: query.name, type: query.type, proto: query.proto, client: null })), walk: null })
    : askerFrom(plane, source);
  return direct({ server, name, type, ask });
}

