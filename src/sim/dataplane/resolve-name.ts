// Names: the source's own resolver asks, and every query is a packet that walks to a DNS server like any other.
import { parseAddress, parseRange, rangeHolds } from '../base/address.ts';
import { hash32 } from '../base/choose.ts';
import { keptWith } from '../base/kept.ts';
import type { ClusterRecords } from '../dns/cluster-records.ts';
import { comparableName, withoutFinalDot } from '../dns/names.ts';
import { reply, type DnsServer, type Question } from '../dns/plugins/plugin.ts';
import { direct } from '../dns/resolvers/direct.ts';
import type { SourceAddress, SourceAddresses } from '../dns/resolvers/destination-order.ts';
import { resolve, type Ask, type AskReply } from '../dns/resolvers/resolve.ts';
import { answer } from '../dns/server.ts';
import type { DnsRecord, DnsReply, Lookup, RecordType, ResolverName } from '../model/lookup.ts';
import type { NetworkPod } from '../model/network.ts';
import type { Source } from '../model/request.ts';
import type { Walk } from '../model/trace.ts';
import { refusesName } from './http-policy.ts';
import type { Plane } from './plane.ts';
import { senderOf, sourceKey, startJourney } from './sender.ts';
import type { Sender } from './station.ts';
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

/** Whether the question came to the stub of the node's own resolver. */
function isStub(plane: Plane, walk: Walk): boolean {
  const last = walk.hops.at(-1);
  if (last?.at.kind !== 'node' || walk.backend?.pod != null) return false;
  const { ip, port } = last.packet.destination;
  return plane.nodes.get(last.at.name)?.sockets.some((socket) => socket.container === 'systemd-resolved' && socket.ip === ip && socket.port === port) === true;
}

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

const keptWays = keptWith<Plane, readonly Walk[]>(2000);

/** The ways of a source's questions to a server, worked out once: they do not depend on what is asked. */
const dnsWays = (plane: Plane, source: Source): DnsWays => {
  const from = sourceKey(source);
  return (server, proto) => keptWays(plane, `${from}\u0000${proto} ${server}`, () =>
    walkAll(startJourney(plane, source, { scheme: proto, host: server, path: '', alias: null, headless: null }, proto === 'udp' ? 'UDP' : 'TCP', server, 53), plane));
};

const keptReplies = keptWith<ClusterRecords, DnsReply>(5000);

/** What a DNS server in a pod says, worked out once: it follows from the records (with a Corefile and hosts of one network), the pod and the question. */
const replyOf = (plane: Plane, pod: NetworkPod, question: Question): DnsReply =>
  keptReplies(plane.records, `${pod.namespace}/${pod.name} ${question.client ?? ''} ${question.type} ${question.proto ?? ''} ${question.size ?? ''} ${question.name}`, () => {
    const server = serverOf(plane, pod);
    return server === null ? reply('UNREACHABLE') : answer(server, question);
  });

/** What becomes of a question on its way: which server of several answers makes no difference, whether one does. */
type Fate = 'answered' | 'refused' | 'lost';

interface Branch {
  readonly fate: Fate;
  readonly probability: number;
  readonly walks: readonly Walk[];
}

const fateOf = ({ verdict }: Walk): Fate => (verdict === 'delivered' ? 'answered' : verdict === 'refused' ? 'refused' : 'lost');

function branchesOf(walks: readonly Walk[]): readonly Branch[] {
  return (['answered', 'refused', 'lost'] as const).flatMap((fate): readonly Branch[] => {
    const of = walks.filter((walk) => fateOf(walk) === fate);
    return of.length === 0 ? [] : [{ fate, walks: of, probability: of.reduce((sum, { probability }) => sum + probability, 0) }];
  });
}

/** Which of several branches the questions of one socket take. */
type Decide = (branches: readonly Branch[]) => Branch | undefined;

/**
 * What carries a source's queries: its packets through the cluster. Queries of one socket (A and AAAA, and every try of the C libraries) have one
 * source port, so that connection tracking sends them to the same server; a new socket may get another.
 */
function askerFrom(plane: Plane, source: Source, ways: DnsWays = dnsWays(plane, source), decide: Decide | null = null): Ask {
  const sender = senderOf(plane, source);
  const decided = new Map<string, readonly Walk[]>();
  const socketsOfName = new Map<string, number[]>();
  const among = (all: readonly Walk[], key: string): readonly Walk[] => {
    if (decide === null) return all;
    const walks = decided.get(key) ?? decide(branchesOf(all))?.walks ?? all;
    decided.set(key, walks);
    return walks;
  };
  return (query): AskReply => {
    const question: Question = { name: query.name, type: query.type, proto: query.proto, client: sender.kind === 'pod' ? sender.pod.addresses[0] ?? null : null, ...(query.size === undefined ? {} : { size: query.size }) };
    const all = ways(query.server, query.proto);
    const asked = `${query.name}\u0000${query.proto}`;
    const sockets = socketsOfName.get(asked) ?? [];
    const socket = query.socket ?? 0;
    if (!sockets.includes(socket)) socketsOfName.set(asked, [...sockets, socket]);
    const later = sockets.includes(socket) ? sockets.indexOf(socket) : sockets.length;
    const taken = among(all, `${query.server} ${query.proto} ${socket}`);
    const walk = pick(taken, `${plane.network.seed}\u0000${all[0]?.hops[0]?.packet.source.ip ?? ''}\u0000${asked}${later === 0 ? '' : `\u0000${later}`}`);
    if (walk.verdict === 'refused') return { ...reply('UNREACHABLE'), walk };
    if (walk.verdict !== 'delivered') return { ...reply('DROP'), walk };
    // A plugin's DNS proxy answers for the server (Cilium: --tofqdns-dns-reject-response-code=refused).
    if (walk.names !== undefined && refusesName(walk.names, query.name) !== null) return { ...reply('REFUSED'), walk };
    const pod = walk.backend?.pod == null ? undefined : plane.pods.get(walk.backend.pod);
    if (pod?.answersDns === true) return { ...replyOf(plane, pod, question), walk };
    // On a node systemd-resolved takes questions at its stub (127.0.0.53), and asks the node's own server.
    if (isStub(plane, walk)) return { ...publicAnswer(plane, question), walk };
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

/** What the caller gets; ways that differ only in the time they take are one. */
const resultOf = ({ error, addresses }: Lookup): string => JSON.stringify([error, addresses]);

// Simplified: of a lookup whose sockets could meet good and bad DNS servers in more than 64 ways, the unlikeliest are left out.
const mostWays = 64;

/**
 * A lookup in all the ways that it may go where some DNS servers answer and others do not: each socket meets one of them by the Service's odds.
 * Ways with the same result are one, shown by the likeliest of them. The probabilities add up to 1.
 */
export function lookUpWays(plane: Plane, source: Source, name: string): readonly LookupWay[] {
  const ways = dnsWays(plane, source);
  const found: LookupWay[] = [];
  let pending: readonly { readonly choices: readonly number[]; readonly probability: number }[] = [{ choices: [], probability: 1 }];
  while (pending.length > 0 && found.length < mostWays) {
    const [likeliest = { choices: [], probability: 1 }, ...others] = pending.toSorted((left, right) => right.probability - left.probability);
    const open = [...others];
    const made: number[] = [];
    let { probability } = likeliest;
    const decide: Decide = (branches) => {
      const at = made.length;
      const total = branches.reduce((sum, branch) => sum + branch.probability, 0);
      const share = (index: number): number => (branches[index]?.probability ?? 0) / total;
      // Past what was chosen for this run, the first branch is taken and the others wait for runs of their own.
      if (at >= likeliest.choices.length) {
        for (let index = 1; index < branches.length; index++) open.push({ choices: [...made, index], probability: probability * share(index) });
        probability *= share(0);
      }
      const choice = likeliest.choices[at] ?? 0;
      made.push(choice);
      return branches[choice];
    };
    const lookup = lookUpName(plane, source, name, 'A+AAAA', null, askerFrom(plane, source, ways, decide));
    found.push({ probability, lookup });
    pending = open;
  }
  const all = found.reduce((sum, way) => sum + way.probability, 0);
  const results = new Map<string, LookupWay>();
  for (const { probability, lookup } of found) {
    const key = resultOf(lookup);
    const before = results.get(key);
    results.set(key, { probability: (before?.probability ?? 0) + probability / all, lookup: before?.lookup ?? lookup });
  }
  return [...results.values()];
}

/** What a sender's packets leave from, with the prefix of the interface: pods on a bridge share its network, others are alone. */
function sourcesOf(plane: Plane, sender: Exclude<Sender, { readonly kind: 'outside' }>): SourceAddresses {
  const node = sender.kind === 'node' ? sender.node : plane.nodes.get(sender.pod.node ?? '');
  const addresses = sender.kind === 'pod' ? sender.pod.addresses : sender.node.internal;
  const own = (six: boolean): SourceAddress | null => {
    const ip = addresses.find((address) => address.includes(':') === six);
    if (ip === undefined) return null;
    const shared = (node?.interfaces ?? []).filter(({ kind }) => kind === (sender.kind === 'pod' ? 'bridge' : 'uplink')).flatMap((link) => link.addresses).find((cidr) => {
      const range = parseRange(cidr);
      const address = parseAddress(ip);
      return range !== undefined && address !== undefined && rangeHolds(range, address);
    });
    return { ip, prefixLength: Number(shared?.split('/')[1] ?? (six ? 128 : 32)) };
  };
  return { IPv4: own(false), IPv6: own(true) };
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
  return resolve({ resolver: resolver ?? (sender.kind === 'pod' ? sender.pod.resolver : 'glibc'), conf, hosts, name, type, ask, sources: sourcesOf(plane, sender) });
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

