// A request as a lesson file writes it, in intents and predictions alike: who calls, where to, and what the client says beyond the URL.
import type { HttpRequest } from '../sim/model/request.ts';
import { isMap, isSeq } from 'yaml';
import type { Ask, IntentTarget, Pair } from './lesson.ts';
import { choiceOf, complain, listOf, mapOf, numberOf, textOf, wanted } from './fields.ts';
import type { Field } from './fields.ts';

export const aSource = 'who calls: NAMESPACE/WORKLOAD, NAMESPACE/POD, node/NAME or external';
const aTarget = 'where to: [PROTOCOL://]HOST[:PORT][/PATH], or { env: NAME } of the source';

/** Fields of a request beside `from` and `to`. */
export const askFields = ['method', 'headers', 'size'] as const;

const schemes = ['http', 'https', 'tcp', 'udp', 'sctp', 'icmp'] as const;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** Bytes: more than anybody's packet, less than what a file would be. */
const largest = 10_000_000;

function targetOf(field: Field | undefined): IntentTarget | undefined {
  if (field === undefined) return undefined;
  if (!isMap(field.node)) {
    const text = textOf(field, aTarget);
    return text === undefined ? undefined : { kind: 'target', text };
  }
  const inside = mapOf(field, ['env', 'scheme']);
  const name = textOf(wanted(field, inside, 'env', 'the name of a variable of the source'), 'the name of a variable');
  const scheme = choiceOf(inside.get('scheme'), schemes) ?? null;
  return name === undefined ? undefined : { kind: 'env', name, scheme };
}

/** One text, or a list of them. Never empty unless there is a problem. */
export function oneOrMore(field: Field | undefined, what: string): string[] {
  const found = field !== undefined && isSeq(field.node) ? listOf(field, what).map((item) => textOf(item, what)) : [textOf(field, what)];
  if (field !== undefined && found.length === 0) complain(field, 'invalid-value', 'the list is empty', `Write ${what}.`);
  return found.filter((text) => text !== undefined);
}

function headersOf(field: Field | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  if (field === undefined) return headers;
  for (const [name, value] of mapOf(field, null)) {
    const text = textOf(value, 'the value of a header');
    if (!/^[A-Za-z0-9-]{1,60}$/.test(name)) complain(value, 'invalid-value', `"${name}" is no name of a header`, 'Letters, digits and dashes: X-Tenant.');
    else if (text !== undefined) headers[name.toLowerCase()] = text;
  }
  return headers;
}

/** Every pair of the sources and targets of `from` and `to`, each a text or a list. */
export function pairsOf(parent: Field, fields: ReadonlyMap<string, Field>): Pair[] {
  const sources = oneOrMore(wanted(parent, fields, 'from', aSource), aSource);
  const to = wanted(parent, fields, 'to', aTarget);
  const targets = (to !== undefined && isSeq(to.node) ? listOf(to, aTarget).map(targetOf) : [targetOf(to)]).filter((target) => target !== undefined);
  return sources.flatMap((from) => targets.map((target) => ({ from, to: target })));
}

/** What the client says beyond the URL. */
export function extrasOf(fields: ReadonlyMap<string, Field>): Pick<Ask, 'http' | 'size'> {
  const method = choiceOf(fields.get('method'), methods);
  const headers = headersOf(fields.get('headers'));
  const http: HttpRequest | null = method === undefined && Object.keys(headers).length === 0 ? null : { method: method ?? 'GET', headers };
  return { http, size: numberOf(fields.get('size'), 1, largest) ?? null };
}
