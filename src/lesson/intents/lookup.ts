// An intent that a name leads to addresses, or to none.
import type { Lab, Source } from '../../sim/lab.ts';
import { lookUp, parseSource } from '../../sim/lab.ts';
import type { Lookup } from '../../sim/model/lookup.ts';
import { byText } from '../../sim/base/order.ts';
import type { LookupIntent } from '../lesson.ts';
import type { Found, IntentCheck } from './intent-check.ts';
import { cannotAsk, together } from './intent-check.ts';
import { podsNamed } from './ready.ts';

/** Whether the answer is as expected; a text says why it cannot be told. */
function asExpected({ expect }: LookupIntent, answer: Lookup, addresses: readonly string[], lab: Lab): boolean | string {
  const some = addresses.length > 0 || (answer.rcode === 'NOERROR' && answer.queries.some((query) => query.answers.length > 0));
  if (expect === 'found') return some;
  if (expect === 'not-found') return !some && answer.rcode !== 'DROP' && answer.rcode !== 'SERVFAIL' && answer.rcode !== 'UNREACHABLE';
  if ('rcode' in expect) return answer.rcode === expect.rcode;
  if ('addresses' in expect) return addresses.join() === [...expect.addresses].sort(byText).join();
  const pods = podsNamed(lab, expect.pods);
  if (pods === undefined) return `there is no workload or pod ${expect.pods}`;
  const theirs = pods.filter((pod) => pod.ready && !pod.terminating).flatMap((pod) => pod.addresses);
  return theirs.length > 0 && addresses.every((address) => theirs.includes(address)) && pods.every((pod) => !pod.ready || pod.terminating || pod.addresses.some((address) => addresses.includes(address)));
}

function ask(intent: LookupIntent, lab: Lab, source: Source): Found {
  const answer = lookUp(lab, { from: source, name: intent.name, type: intent.type, resolver: null, direct: false });
  const addresses = [...answer.addresses].sort(byText);
  const found = (holds: boolean, why: string): Found => ({ holds, asked: true, why, trace: null, lookup: answer, traces: [] });
  const why = addresses.length > 0 ? `${intent.name} is ${addresses.join(', ')}.` : `${intent.name} has no address (${answer.rcode ?? answer.error ?? 'no answer'}).`;
  const expected = asExpected(intent, answer, addresses, lab);
  if (typeof expected === 'string') return cannotAsk(expected);
  const { length } = answer.queries;
  if (expected && intent.queries !== null && length > intent.queries) return found(false, `${intent.name} costs ${length} queries; ${intent.queries} are allowed.`);
  return found(expected, why);
}

export const lookup: IntentCheck<'lookup'> = (intent, lab, standIn) => {
  if (standIn !== null) return ask(intent, lab, standIn.source);
  return together(intent.sources.map((of) => {
    const source = parseSource(of, lab.network);
    return { of, ...(source.ok ? ask(intent, lab, source.value) : cannotAsk(source.failures.map((failure) => failure.says).join('; '))) };
  }));
};
