// What must hold, as a lesson file says it: intents, and the predictions that ask about such requests.
import type { Intent, IntentTarget, Prediction } from './lesson.ts';
import type { RecordType } from '../sim/model/lookup.ts';
import { isMap } from 'yaml';
import { choiceOf, complain, listOf, mapOf, nameIn, textOf, textsOf, wanted } from './fields.ts';
import type { Field } from './fields.ts';

const verdicts = ['delivered', 'refused', 'timeout', 'unreachable', 'name-not-found', 'dns-failure', 'http-error', 'tls-error', 'hang', 'intermittent'] as const;
export const layers = ['policy', 'dns', 'service', 'pod', 'network', 'external'] as const;
const recordTypes: readonly RecordType[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'];
const aSource = 'who calls: NAMESPACE/WORKLOAD, NAMESPACE/POD, node/NAME or external';
const aTarget = 'where to: [PROTOCOL://]HOST[:PORT][/PATH], or { env: NAME } of the source';

function targetOf(field: Field | undefined): IntentTarget | undefined {
  if (field === undefined) return undefined;
  if (!isMap(field.node)) {
    const text = textOf(field, aTarget);
    return text === undefined ? undefined : { kind: 'target', text };
  }
  const name = textOf(wanted(field, mapOf(field, ['env']), 'env', 'the name of a variable of the source'), 'the name of a variable');
  return name === undefined ? undefined : { kind: 'env', name };
}

/** One entry of `spec.intents`: a request (`to`) or a lookup (`lookup`). */
export function decodeIntent(field: Field): Intent | undefined {
  const fields = mapOf(field, ['say', 'from', 'to', 'by', 'lookup', 'type', 'expect']);
  const say = textOf(wanted(field, fields, 'say', 'what must hold, as a sentence'), 'a sentence');
  const from = textOf(wanted(field, fields, 'from', aSource), aSource);
  const expected = wanted(field, fields, 'expect', 'delivered, blocked, another verdict, or { addresses: […] } of a lookup');
  const lookup = fields.get('lookup');
  const to = fields.get('to');
  if ((lookup === undefined) === (to === undefined)) {
    complain(field, 'invalid-value', lookup === undefined ? 'an intent needs "to" or "lookup"' : 'an intent has "to" or "lookup", not both', 'A request has "to", a question to the DNS "lookup".');
    return undefined;
  }
  if (lookup === undefined) {
    const type = fields.get('type');
    if (type !== undefined) complain(type, 'unknown-field', '"type" belongs to a lookup', 'Leave it out.');
    const target = targetOf(to);
    const by = textOf(fields.get('by'), 'the workload that must answer: NAMESPACE/WORKLOAD') ?? null;
    const expect = choiceOf(expected, ['blocked', ...verdicts]);
    return say === undefined || from === undefined || target === undefined || expect === undefined ? undefined : { kind: 'request', say, from, to: target, expect, by };
  }
  const by = fields.get('by');
  if (by !== undefined) complain(by, 'unknown-field', '"by" belongs to a request', 'Leave it out.');
  const name = textOf(lookup, 'a name');
  const type = choiceOf(fields.get('type'), recordTypes) ?? null;
  let expect: Extract<Intent, { kind: 'lookup' }>['expect'] | undefined;
  if (expected !== undefined && isMap(expected.node)) {
    const addresses = textsOf(wanted(expected, mapOf(expected, ['addresses']), 'addresses', 'the addresses'), 'addresses');
    if (addresses.length > 0) expect = { addresses };
    else complain(expected, 'invalid-value', 'a lookup that is to find addresses names at least one', 'For no address write expect: not-found.');
  } else expect = choiceOf(expected, ['found', 'not-found']);
  return say === undefined || from === undefined || name === undefined || expect === undefined ? undefined : { kind: 'lookup', say, from, name, type, expect };
}

/** One entry of `spec.predictions`. */
export function decodePrediction(field: Field): Prediction | undefined {
  const fields = mapOf(field, ['id', 'from', 'to', 'about', 'choices']);
  const id = nameIn(wanted(field, fields, 'id', 'its name; the question stands under "## Prediction ID" in the text'));
  const from = textOf(wanted(field, fields, 'from', aSource), aSource);
  const to = targetOf(wanted(field, fields, 'to', aTarget));
  const about = fields.has('about') ? choiceOf(fields.get('about'), ['verdict', 'layer']) : 'verdict';
  const listed = wanted(field, fields, 'choices', 'the answers offered, the right one among them');
  const choices = listOf(listed, 'the answers offered').map((item) => choiceOf<string>(item, about === 'layer' ? layers : verdicts)).filter((choice) => choice !== undefined);
  if (listed !== undefined && new Set(choices).size < 2) complain(listed, 'invalid-value', 'a prediction offers at least two different answers', null);
  return id === undefined || from === undefined || to === undefined || about === undefined ? undefined : { id, from, to, about, choices };
}
