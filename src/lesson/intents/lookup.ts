// An intent that a name leads to addresses, or to none.
import { lookUp } from '../../sim/lab.ts';
import { byText } from '../../sim/base/order.ts';
import type { IntentCheck } from './intent-check.ts';

export const lookup: IntentCheck<'lookup'> = (intent, lab, source) => {
  const answer = lookUp(lab, { from: source, name: intent.name, type: intent.type, resolver: null, direct: false });
  const addresses = [...answer.addresses].sort(byText);
  const why = addresses.length > 0 ? `${intent.name} is ${addresses.join(', ')}.` : `${intent.name} has no address (${answer.rcode ?? answer.error ?? 'no answer'}).`;
  const found = addresses.length > 0 || (answer.rcode === 'NOERROR' && answer.queries.some((query) => query.answers.length > 0));
  const holds = intent.expect === 'found' ? found
    : intent.expect === 'not-found' ? !found && answer.rcode !== 'DROP' && answer.rcode !== 'SERVFAIL' && answer.rcode !== 'UNREACHABLE'
    : addresses.join() === [...intent.expect.addresses].sort(byText).join();
  return { holds, why, trace: null, lookup: answer };
};
