// A stand-in for every DNS server, written as a document: records, and what goes wrong.
import { parseAddress } from '../base/address.ts';
import type { DnsQuery, DnsRecord, DnsReply, Rcode, RecordType } from '../model/lookup.ts';
import type { Problem } from '../model/problem.ts';
import type { Result } from '../base/result.ts';
import { fail, succeed } from '../base/result.ts';
import { childPath } from '../cluster/decode/read.ts';
import { absoluteName, comparableName, isAskable } from './names.ts';
import type { Ask, AskReply } from './resolvers/ask.ts';

/** What happens to a query instead of its answer, or to the answer on its way. */
export type FaultAction =
  | { readonly kind: 'rcode'; readonly rcode: Rcode }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'delay'; readonly seconds: number };

export interface Fault {
  /** All that is written must fit; names in any case, with or without a final dot. */
  readonly match: { readonly name?: string; readonly type?: string; readonly server?: string; readonly proto?: string };
  readonly action: FaultAction;
  /** Only this many matching queries; all of them when `null`. */
  readonly first: number | null;
}

/** The document in its checked form. */
export interface Script {
  /** By comparable name, then by type: the data of the records. */
  readonly records: ReadonlyMap<string, ReadonlyMap<RecordType, readonly string[]>>;
  /** The first that matches wins. */
  readonly faults: readonly Fault[];
  /** How many records a truncated answer keeps. */
  readonly tcKeep: number;
  /** Nothing listens on TCP. */
  readonly tcpClosed: boolean;
  /** Servers where nothing listens at all; `all` of them. */
  readonly closed: readonly string[] | 'all';
}

const recordTypes: readonly RecordType[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'];
const faultRcodes: readonly Rcode[] = ['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR', 'DROP', 'UNREACHABLE'];
/** What stands around the script in a file of scenarios: read by others. */
const otherKeys = ['id', 'note', 'name', 'family', 'resolvConf', 'results'];
const ttl = 30;
const longestChain = 8;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Checks a parsed document: `{ records: { NAME: { TYPE: [DATA…] } }, faults: [{ match: { name, type, server, proto }, action, first }], tcKeep, tcpClosed, closed: [ADDRESS…] or true }`.
 * `zone` is another word for `records`. Actions: `DROP`, `UNREACHABLE` (the port is closed), `TC`, `DELAY:SECONDS`, or an rcode. Fails with every problem found.
 */
export function readScript(document: unknown, file: string): Result<Script, Problem> {
  const problems: Problem[] = [];
  const complain = (field: string, says: string): void => {
    problems.push({ code: 'invalid-value', severity: 'error', says: `${field}: ${says}`, where: { file, line: null, column: null, object: null, field }, help: null });
  };
  if (!isFields(document)) {
    complain('records', 'Required value: a document { records: { NAME: { A: [ADDRESS] } } } is expected');
    return fail(...problems);
  }
  const known = ['records', 'zone', 'faults', 'tcKeep', 'tcpClosed', 'closed', ...otherKeys];
  for (const key of Object.keys(document)) if (!known.includes(key)) complain(key, 'unknown field');
  const recordsKey = document['records'] === undefined && document['zone'] !== undefined ? 'zone' : 'records';
  const records = readRecords(document[recordsKey], recordsKey, complain);
  const faults = readFaults(document['faults'], complain);
  const tcKeep = document['tcKeep'] ?? 0;
  if (typeof tcKeep !== 'number' || !Number.isInteger(tcKeep) || tcKeep < 0) complain('tcKeep', 'Invalid value: must be a number of records');
  const tcpClosed = document['tcpClosed'] ?? false;
  if (typeof tcpClosed !== 'boolean') complain('tcpClosed', 'Invalid value: must be true or false');
  const written = document['closed'] ?? [];
  const closed = written === true ? 'all' : (Array.isArray(written) ? written : written === false ? [] : [written]).filter((server): server is string => typeof server === 'string');
  const wrong = closed === 'all' ? undefined : closed.find((server) => parseAddress(server) === undefined);
  if (wrong !== undefined || (Array.isArray(written) ? written.length !== closed.length : typeof written !== 'string' && typeof written !== 'boolean')) complain('closed', 'Invalid value: must be a list of addresses, or true');
  if (problems.length > 0) return fail(...problems);
  return succeed({ records, faults, tcKeep: typeof tcKeep === 'number' ? tcKeep : 0, tcpClosed: tcpClosed === true, closed });
}

type Complain = (field: string, says: string) => void;

function readRecords(value: unknown, key: string, complain: Complain): Script['records'] {
  const records = new Map<string, Map<RecordType, readonly string[]>>();
  if (value === undefined || value === null) return records;
  if (!isFields(value)) {
    complain(key, 'Invalid value: must be names with their records');
    return records;
  }
  for (const [name, types] of Object.entries(value)) {
    const field = childPath(key, name);
    const byType = new Map<RecordType, readonly string[]>();
    if (types !== null && !isFields(types)) complain(field, 'Invalid value: must be record types with their data');
    for (const [type, data] of Object.entries(isFields(types) ? types : {})) {
      const recordType = recordTypes.find((known) => known === type);
      const texts = Array.isArray(data) ? data : [data];
      if (recordType === undefined) complain(`${field}.${type}`, `Unsupported value: "${type}": supported values: ${recordTypes.map((known) => `"${known}"`).join(', ')}`);
      else if (!texts.every((text): text is string => typeof text === 'string')) complain(`${field}.${type}`, 'Invalid value: must be a list of texts');
      else {
        const wrong = texts.find((text) => !isDataOf(recordType, text));
        if (wrong === undefined) byType.set(recordType, texts);
        else complain(`${field}.${type}`, `Invalid value: "${wrong}": must be ${dataForms[recordType] ?? 'data'}`);
      }
    }
    records.set(comparableName(name), byType);
  }
  return records;
}

const dataForms: Readonly<Partial<Record<RecordType, string>>> = { A: 'an IPv4 address', AAAA: 'an IPv6 address', CNAME: 'a domain name', NS: 'a domain name', PTR: 'a domain name', SRV: '"PRIORITY WEIGHT PORT TARGET"' };

function isDataOf(type: RecordType, text: string): boolean {
  switch (type) {
    case 'A': return parseAddress(text)?.family === 'IPv4';
    case 'AAAA': return parseAddress(text)?.family === 'IPv6';
    case 'CNAME': case 'NS': case 'PTR': return isAskable(absoluteName(text));
    case 'SRV': return /^\d{1,5} \d{1,5} \d{1,5} \S+$/.test(text);
    default: return true;
  }
}

/** What a fault can match, where not every text makes sense. */
const matchForms: Readonly<Record<string, (text: string) => string | undefined>> = {
  type: (text) => (recordTypes.some((known) => known === text) ? undefined : `Unsupported value: "${text}": supported values: ${recordTypes.map((known) => `"${known}"`).join(', ')}`),
  proto: (text) => (text === 'udp' || text === 'tcp' ? undefined : `Unsupported value: "${text}": supported values: "udp", "tcp"`),
  server: (text) => (parseAddress(text) === undefined ? `Invalid value: "${text}": must be an IP address` : undefined),
};

function readFaults(value: unknown, complain: Complain): readonly Fault[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    complain('faults', 'Invalid value: must be a list');
    return [];
  }
  const faults: Fault[] = [];
  for (const [index, entry] of value.entries()) {
    const field = `faults[${index}]`;
    if (!isFields(entry)) {
      complain(field, 'Invalid value: must be { match, action }');
      continue;
    }
    const match: Record<string, string> = {};
    const written = entry['match'] ?? {};
    if (!isFields(written)) complain(`${field}.match`, 'Invalid value: must be { name, type, server, proto }');
    for (const [key, wanted] of Object.entries(isFields(written) ? written : {})) {
      if (key !== 'name' && key !== 'type' && key !== 'server' && key !== 'proto') complain(`${field}.match.${key}`, 'unknown field');
      else if (typeof wanted !== 'string') complain(`${field}.match.${key}`, 'Invalid value: must be a text');
      else {
        const wrong = matchForms[key]?.(wanted);
        if (wrong !== undefined) complain(`${field}.match.${key}`, wrong);
        match[key] = wanted;
      }
    }
    for (const key of Object.keys(entry)) if (!['match', 'action', 'first'].includes(key)) complain(`${field}.${key}`, 'unknown field');
    const action = readAction(entry['action']);
    if (action === undefined) complain(`${field}.action`, `Unsupported value: supported values: "TC", "DELAY:SECONDS", ${faultRcodes.map((rcode) => `"${rcode}"`).join(', ')}`);
    const first = entry['first'] ?? null;
    if (first !== null && (typeof first !== 'number' || !Number.isInteger(first) || first < 0)) complain(`${field}.first`, 'Invalid value: must be a number of queries');
    if (action !== undefined) faults.push({ match, action, first: typeof first === 'number' ? first : null });
  }
  return faults;
}

function readAction(value: unknown): FaultAction | undefined {
  if (typeof value !== 'string') return undefined;
  if (value === 'TC') return { kind: 'truncate' };
  const delay = /^DELAY:(\d{1,4}(?:\.\d{1,3})?)$/.exec(value);
  if (delay !== null) return { kind: 'delay', seconds: Number(delay[1]) };
  const rcode = faultRcodes.find((known) => known === value);
  return rcode === undefined ? undefined : { kind: 'rcode', rcode };
}

/** The servers of a script. Each call starts anew with the counts of `first`. */
export function scripted(script: Script): Ask {
  const used = script.faults.map(() => 0);
  return (query) => {
    if (script.closed === 'all' || script.closed.includes(query.server) || (script.tcpClosed && query.proto === 'tcp')) return bare('UNREACHABLE');
    const index = script.faults.findIndex((fault, at) => (fault.first === null || (used[at] ?? 0) < fault.first) && matches(fault, query));
    const action = script.faults[index]?.action;
    if (action !== undefined) used[index] = (used[index] ?? 0) + 1;
    if (action?.kind === 'rcode') return bare(action.rcode);
    const reply = fromRecords(script, query);
    if (action?.kind === 'delay') return { ...reply, walk: null, delay: action.seconds };
    if (action?.kind === 'truncate' && query.proto === 'udp') return { ...reply, truncated: true, answers: reply.answers.slice(0, script.tcKeep), walk: null };
    return { ...reply, walk: null };
  };
}

const bare = (rcode: Rcode): AskReply => ({ rcode, truncated: false, answers: [], authority: [], additional: [], walk: null });

const matches = ({ match }: Fault, query: DnsQuery): boolean =>
  (match.name === undefined || comparableName(match.name) === comparableName(query.name)) &&
  (match.type === undefined || match.type === query.type) &&
  (match.server === undefined || match.server === query.server) &&
  (match.proto === undefined || match.proto === query.proto);

/** Aliases are followed by the server; a name without the asked type is NODATA, a name that is not there NXDOMAIN. */
function fromRecords(script: Script, query: DnsQuery): DnsReply {
  const answers: DnsRecord[] = [];
  let name = query.name;
  for (let links = 0; links < longestChain; links++) {
    const types = script.records.get(comparableName(name));
    if (types === undefined) return { rcode: links === 0 ? 'NXDOMAIN' : 'NOERROR', truncated: false, answers, authority: [], additional: [] };
    const data = types.get(query.type) ?? [];
    const owner = absoluteName(name);
    answers.push(...data.map((text): DnsRecord => ({ name: owner, type: query.type, ttl, data: text })));
    const alias = types.get('CNAME')?.[0];
    if (data.length > 0 || alias === undefined) break;
    name = absoluteName(alias);
    answers.push({ name: owner, type: 'CNAME', ttl, data: name });
  }
  return { rcode: 'NOERROR', truncated: false, answers, authority: [], additional: [] };
}
