// What must hold, as a lesson file says it: a request, a question to the DNS, or pods that must be ready.
import type { Intent, LookupIntent, ReadyIntent, RequestIntent } from './lesson.ts';
import type { Rcode, RecordType } from '../sim/model/lookup.ts';
import { isMap, isScalar, isSeq } from 'yaml';
import { choiceOf, complain, listOf, mapOf, numberOf, textOf, textsOf, wanted } from './fields.ts';
import type { Field } from './fields.ts';
import { aSource, askFields, extrasOf, oneOrMore, pairsOf } from './decode-ask.ts';

export const verdicts = ['delivered', 'refused', 'timeout', 'unreachable', 'name-not-found', 'dns-failure', 'http-error', 'tls-error', 'hang', 'intermittent'] as const;
export const rcodes: readonly Rcode[] = ['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR', 'DROP', 'UNREACHABLE'];
const recordTypes: readonly RecordType[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'];

/** What each kind may have; `say`, `expect` and `after` belong to all. */
const ofKind = {
  request: ['from', 'to', 'by', 'backends', 'status', 'sees', 'queries', ...askFields],
  lookup: ['from', 'lookup', 'type', 'queries'],
  ready: ['ready'],
} as const;
const allFields = ['say', 'expect', 'after', ...new Set(Object.values(ofKind).flat())];

interface Reading {
  readonly field: Field;
  readonly fields: ReadonlyMap<string, Field>;
  readonly say: string;
  readonly after: readonly string[];
}

const count = (field: Field | undefined, what: string): number | null => {
  if (field === undefined) return null;
  if (!isMap(field.node)) return numberOf(field, 0, 1000) ?? null;
  return numberOf(wanted(field, mapOf(field, ['max']), 'max', `the most ${what}`), 0, 1000) ?? null;
};

function verdictOf(field: Field | undefined): RequestIntent['expect'] | undefined {
  if (field === undefined || !isSeq(field.node)) return choiceOf(field, ['blocked', ...verdicts]);
  const any = listOf(field, 'verdicts, any of which will do').map((item) => choiceOf(item, verdicts)).filter((verdict) => verdict !== undefined);
  if (any.length === 0) complain(field, 'invalid-value', 'no verdict is expected', `Write one of blocked, ${verdicts.join(', ')}, or a list of verdicts.`);
  return any.length === 0 ? undefined : any;
}

function decodeRequest({ field, fields, say, after }: Reading): RequestIntent | undefined {
  const pairs = pairsOf(field, fields);
  const expect = verdictOf(wanted(field, fields, 'expect', 'delivered, blocked or another verdict'));
  const by = fields.has('by') ? oneOrMore(fields.get('by'), 'the workloads or pods that must answer: NAMESPACE/NAME') : [];
  const status = numberOf(fields.get('status'), 100, 599) ?? null;
  const sees = choiceOf(fields.get('sees'), ['client', 'other']) ?? null;
  const backends = numberOf(fields.get('backends'), 1, 1000) ?? null;
  const [first] = pairs;
  if (first === undefined || expect === undefined) return undefined;
  return { kind: 'request', say, after, ...first, ...extrasOf(fields), pairs, expect, by, backends, status, sees, queries: count(fields.get('queries'), 'queries that the name may cost') };
}

function lookupExpectation(field: Field | undefined): LookupIntent['expect'] | undefined {
  if (field === undefined || !isMap(field.node)) return choiceOf(field, ['found', 'not-found']);
  const inside = mapOf(field, ['addresses', 'pods', 'rcode']);
  if (inside.size !== 1) {
    complain(field, 'invalid-value', 'a lookup expects one thing', 'Write { addresses: [10.96.42.7] }, { pods: NAMESPACE/WORKLOAD }, { rcode: SERVFAIL }, found or not-found.');
    return undefined;
  }
  const pods = textOf(inside.get('pods'), 'NAMESPACE/WORKLOAD or NAMESPACE/POD');
  if (pods !== undefined) return { pods };
  const rcode = choiceOf(inside.get('rcode'), rcodes);
  if (rcode !== undefined) return { rcode };
  const listed = inside.get('addresses');
  const addresses = textsOf(listed, 'addresses');
  if (listed !== undefined && addresses.length === 0) complain(field, 'invalid-value', 'a lookup that is to find addresses names at least one', 'For no address write expect: not-found.');
  return addresses.length === 0 ? undefined : { addresses };
}

function decodeLookup({ field, fields, say, after }: Reading): LookupIntent | undefined {
  const sources = oneOrMore(wanted(field, fields, 'from', aSource), aSource);
  const name = textOf(fields.get('lookup'), 'a name');
  const type = choiceOf(fields.get('type'), recordTypes) ?? null;
  const expect = lookupExpectation(wanted(field, fields, 'expect', 'found, not-found, { addresses: […] }, { pods: NAMESPACE/WORKLOAD } or { rcode: … }'));
  const [from] = sources;
  return from === undefined || name === undefined || expect === undefined ? undefined : { kind: 'lookup', say, after, from, sources, name, type, expect, queries: count(fields.get('queries'), 'queries that the name may cost') };
}

function decodeReady({ field, fields, say, after }: Reading): ReadyIntent | undefined {
  const from = textOf(fields.get('ready'), 'NAMESPACE/WORKLOAD, NAMESPACE/POD or node/NAME');
  const expected = wanted(field, fields, 'expect', 'how many pods, or all');
  const expect = expected !== undefined && isScalar(expected.node) && typeof expected.node.value === 'number' ? numberOf(expected, 0, 1000) : choiceOf(expected, ['all']);
  return from === undefined || expect === undefined ? undefined : { kind: 'ready', say, after, from, expect };
}

/** One entry of `spec.intents`: a request (`to`), a question to the DNS (`lookup`) or pods that must be ready (`ready`). */
export function decodeIntent(field: Field): Intent | undefined {
  const fields = mapOf(field, allFields);
  const say = textOf(wanted(field, fields, 'say', 'what must hold, as a sentence'), 'a sentence');
  const after = textsOf(fields.get('after'), "lines for the lab's terminal");
  const named = (['to', 'lookup', 'ready'] as const).filter((name) => fields.has(name));
  const [only] = named;
  if (only === undefined || named.length > 1) {
    complain(field, 'invalid-value', only === undefined ? 'an intent needs "to", "lookup" or "ready"' : `an intent has ${named.map((name) => `"${name}"`).join(' or ')}, not both`, 'A request has "to", a question to the DNS "lookup", and pods that must be ready "ready".');
    return undefined;
  }
  const kind = only === 'to' ? 'request' : only;
  for (const [name, found] of fields) {
    if (name === 'say' || name === 'expect' || name === 'after' || ofKind[kind].some((one) => one === name)) continue;
    complain(found, 'unknown-field', `"${name}" does not belong to ${kind === 'request' ? 'a request' : kind === 'lookup' ? 'a lookup' : '"ready"'}`, `Leave it out; there it has ${ofKind[kind].join(', ')}.`);
  }
  if (say === undefined) return undefined;
  const reading: Reading = { field, fields, say, after };
  switch (kind) {
    case 'request': return decodeRequest(reading);
    case 'lookup': return decodeLookup(reading);
    case 'ready': return decodeReady(reading);
  }
}
