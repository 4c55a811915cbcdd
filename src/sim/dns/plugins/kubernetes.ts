// The kubernetes plugin: names of Services, endpoints and pods, and addresses back to names.
import { parseAddress } from '../../base/address.ts';
import type { DnsRecord, RecordType } from '../../model/lookup.ts';
import { atAddress, endpointLabel } from '../cluster-records.ts';
import { absoluteName, comparableName, isUnder, nameUnder, withoutFinalDot } from '../names.ts';
import { addressOfReverse, matchZone } from '../zones.ts';
import { findRecords, isExposed, isRead, podsAt, readSlices } from './kubernetes-lookup.ts';
import type { Entry, Found } from './kubernetes-lookup.ts';
import { checkKubernetes, kubernetesOptions } from './kubernetes-options.ts';
import type { KubernetesOptions } from './kubernetes-options.ts';
import { reply } from './plugin.ts';
import type { Handler, Plugin, PluginContext, Question } from './plugin.ts';

const schemaVersion = '1.1.0';
const schemaTtl = 28_800;
const longestAlias = 10;

/** One question in its zone, with what the plugin needs for it. */
interface Case {
  readonly context: PluginContext;
  readonly options: KubernetesOptions;
  readonly question: Question;
  /** As the question writes it. */
  readonly zone: string;
}

/** Records, or `null` for a name that does not exist. */
type Made = { readonly answers: readonly DnsRecord[]; readonly additional?: readonly DnsRecord[]; readonly truncated?: boolean } | null;

const none: Made = { answers: [] };

/** Names of the cluster as CoreDNS answers them (plugin/kubernetes; DNS specification 1.1.0). */
export const kubernetes: Plugin = {
  name: 'kubernetes',
  check: checkKubernetes,
  handle: ([directive], context) => {
    const options = kubernetesOptions(directive, context.block);
    const handler: Handler = (question, next) => {
      const matched = matchZone(options.zones, question.name);
      if (matched === undefined) return next(question);
      const zone = matched === '.' ? '.' : question.name.slice(-matched.length);
      const made = answersOf({ context, options, question, zone });
      if (made === 'refused') return reply('REFUSED');
      const authority = [soa(zone, options)];
      if (made === null) {
        if (options.fallthrough !== null && matchZone(options.fallthrough, question.name) !== undefined) return next(question);
        return reply(context.server.synced ? 'NXDOMAIN' : 'SERVFAIL', [], authority);
      }
      const answers = withoutCopies(made.answers);
      // A slice that says no Service makes a name with an empty label: the answer cannot be written, and none is sent.
      if (answers.some(({ type, data }) => type === 'PTR' && data.includes('..'))) return reply('DROP');
      if (answers.length === 0) return reply('NOERROR', [], authority);
      return { ...reply('NOERROR', answers, [], withoutCopies(made.additional ?? [])), truncated: made.truncated ?? false };
    };
    return handler;
  },
};

function answersOf(asked: Case): Made | 'refused' {
  const { question, zone, options } = asked;
  const atApex = question.name === zone;
  switch (question.type) {
    case 'A': case 'AAAA': return addresses(asked, question.type, []);
    case 'SRV': return services(asked);
    case 'TXT': return texts(asked);
    case 'CNAME': return aliases(asked);
    case 'PTR': return pointers(asked);
    case 'SOA': return { answers: atApex ? [soa(zone, options)] : [] };
    case 'AXFR': case 'IXFR': return 'refused';
    case 'NS': if (atApex) return nameServers(asked);
  }
  // Any other type: there is no such record, but there may be the name.
  return addresses(asked, 'A', []) === null ? null : none;
}

const find = ({ context, options, zone }: Case, name: string): Found => findRecords(context.server.records, options, name, zone);

const record = (asked: Case, name: string, type: RecordType, data: string): DnsRecord => ({ name, type, ttl: asked.options.ttl, data });

const typeOf = (ip: string): 'A' | 'AAAA' => (ip.includes(':') ? 'AAAA' : 'A');

function soa(zone: string, { ttl }: KubernetesOptions): DnsRecord {
  return { name: zone, type: 'SOA', ttl: Math.min(ttl, 300), data: `${nameUnder('ns.dns', zone)} ${nameUnder('hostmaster', zone)} 1 7200 1800 86400 ${ttl}` };
}

/** A or AAAA; an alias is followed, inside the zone by the plugin itself, outside by asking the server anew. */
function addresses(asked: Case, type: 'A' | 'AAAA', before: readonly string[]): Made {
  const { question, zone, context } = asked;
  if (isDefaultNs(question.name, zone)) {
    return { answers: ownAddresses(asked).filter(({ ip }) => typeOf(ip) === type).map(({ ip }) => record(asked, question.name, type, ip)) };
  }
  const found = find(asked, question.name);
  if (found === null) return null;
  const answers: DnsRecord[] = [];
  let truncated = false;
  for (const { host, alias } of found) {
    if (!alias) {
      if (typeOf(host) === type) answers.push(record(asked, question.name, type, host));
      continue;
    }
    const target = absoluteName(host);
    const link = record(asked, question.name, 'CNAME', target);
    if (comparableName(target) === comparableName(question.name) || before.length > longestAlias || before.includes(comparableName(target))) continue;
    if (isUnder(zone, target)) {
      const inside = addresses({ ...asked, question: { ...question, name: target } }, type, [...before, comparableName(target)]);
      if (inside !== null && inside.answers.length > 0) answers.push(link, ...inside.answers);
      truncated ||= inside?.truncated ?? false;
      continue;
    }
    const outside = context.ask({ name: target, type, client: question.client ?? null });
    // What the alias leads to keeps its own time (measured: CoreDNS 1.12 and 1.15). Where the block itself forwards nothing, the cases of the
    // conformance data have the plugin's (spec/12, derived/34), and so have we.
    const forwards = context.block.directives.some(({ name }) => name === 'forward');
    answers.push(link, ...outside.answers.map((answer) => (forwards ? answer : { ...answer, ttl: Math.min(answer.ttl, asked.options.ttl) })));
    truncated ||= outside.truncated;
  }
  return { answers, truncated };
}

/** Priority 0, equal weights; a Service's own port for its address, the target port for endpoints. */
function services(asked: Case): Made {
  if (isDefaultNs(asked.question.name, asked.zone)) return none;
  const found = find(asked, asked.question.name);
  if (found === null) return null;
  const entries = found.filter(({ alias }) => !alias);
  const weight = Math.max(Math.floor((100 / (100 * entries.length)) * 100), 1);
  const withPort = entries.filter(({ port }) => port !== -1);
  return {
    answers: withPort.map(({ port, owner }) => record(asked, asked.question.name, 'SRV', `0 ${weight} ${port} ${owner}`)),
    additional: withPort.map(({ host, owner }) => record(asked, owner, typeOf(host), host)),
  };
}

function texts(asked: Case): Made {
  const { question, zone } = asked;
  if (comparableName(question.name) === comparableName(nameUnder('dns-version', zone))) {
    return { answers: [{ name: question.name, type: 'TXT', ttl: schemaTtl, data: `"${schemaVersion}"` }] };
  }
  // Where there is nothing of any other type either, CoreDNS denies the name itself; zone-scoped names are spared.
  const found = find(asked, question.name);
  return found === null || (found.length === 0 && !(asked.options.zonal && /\.(pin|prefer)\._zone\./.test(question.name.toLowerCase()))) ? null : none;
}

function aliases(asked: Case): Made {
  if (isDefaultNs(asked.question.name, asked.zone)) return none;
  const found = find(asked, asked.question.name);
  const [first]: readonly Entry[] = found ?? [];
  if (found === null || first === undefined || !first.alias) return found === null ? null : none;
  return { answers: [record(asked, asked.question.name, 'CNAME', absoluteName(first.host))] };
}

/** The Service with the address, else every ready endpoint with it. */
function pointers(asked: Case): Made {
  const { question, options } = asked;
  const { records } = asked.context.server;
  const ip = addressOfReverse(question.name);
  if (ip === undefined) return find(asked, question.name) === null ? null : none;
  const pointer = (...labels: readonly string[]): DnsRecord => record(asked, question.name, 'PTR', nameUnder([...labels, 'svc'].join('.'), options.primary));
  const visible = (namespace: string): boolean => options.namespaces.length === 0 || isExposed(records, options, namespace);
  const service = atAddress(records.servicesByAddress, ip).find((candidate) => visible(candidate.namespace) && isRead(options, candidate));
  if (service !== undefined) return { answers: [pointer(service.name, service.namespace)] };
  const slices = readSlices(options, atAddress(records.slicesByAddress, ip)).filter(({ namespace }) => visible(namespace));
  const answers = slices.flatMap((slice) => slice.addresses.filter((address) => sameText(address.ip, ip)).map((address) =>
    pointer(endpointLabel(address, options.endpointPodNames), slice.service, slice.namespace)));
  return answers.length > 0 ? { answers } : null;
}

const sameText = (left: string, right: string): boolean => left === right || parseAddress(left)?.value === parseAddress(right)?.value;

const isDefaultNs = (name: string, zone: string): boolean => comparableName(name) === comparableName(nameUnder('ns.dns', zone));

/** The Services that have this process as an endpoint; without one, `ns.dns` under the zone with the process' own addresses. */
function ownAddresses({ context, options, zone }: Case): readonly { readonly name: string; readonly ip: string }[] {
  const { records, addresses: own } = context.server;
  const mine = own.flatMap((ip) => readSlices(options, atAddress(records.slicesByAddress, ip)));
  const found = mine.flatMap(({ namespace, service: name, addresses: beside }) => {
    const service = records.services.get(`${namespace}/${name}`);
    if (service === undefined || !isRead(options, service)) return [];
    const owner = nameUnder(`${name}.${namespace}.svc`, zone);
    if (service.kind !== 'headless') return service.addresses.map((ip) => ({ name: owner, ip }));
    // Of a headless Service only the addresses of the slice that this process stands in.
    return beside.map((address) => ({ name: `${endpointLabel(address, options.endpointPodNames)}.${owner}`, ip: address.ip }));
  });
  return mine.length > 0 ? found : own.map((ip) => ({ name: nameUnder('ns.dns', zone), ip }));
}

function nameServers(asked: Case): Made {
  const own = ownAddresses(asked);
  return {
    answers: own.map(({ name }) => record(asked, asked.question.name, 'NS', name)),
    additional: own.map(({ name, ip }) => record(asked, name, typeOf(ip), ip)),
  };
}

/** Each record once, in the order in which they first came. */
function withoutCopies(records: readonly DnsRecord[]): readonly DnsRecord[] {
  const seen = new Set<string>();
  return records.filter(({ name, type, data }) => {
    const key = `${comparableName(name)} ${type} ${type === 'CNAME' ? withoutFinalDot(data) : data}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** The search list of a client pod for autopath (plugin/kubernetes/autopath.go); `undefined` without `pods verified` or for an address that no pod has. */
export function searchOfClient(options: KubernetesOptions, context: PluginContext, question: Question, ownSearches: readonly string[]): readonly string[] | undefined {
  const zone = matchZone(options.zones, question.name);
  if (zone === undefined || options.pods !== 'verified' || question.client === undefined || question.client === null) return undefined;
  const [pod] = podsAt(context.server.records, options, question.client);
  if (pod === undefined) return undefined;
  return [nameUnder(`${pod.metadata.namespace ?? ''}.svc`, zone), nameUnder('svc', zone), zone, ...ownSearches.map(absoluteName), ''];
}
