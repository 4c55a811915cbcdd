// The container that a tool runs in: tools are only called there.
import type { Call, Inside } from '../command.ts';

/** Throws when a tool was called on the learner's own machine: that is our own mistake, the lists are apart. */
export function insideOf(call: Call): Inside {
  if (call.inside === null) throw new Error(`${call.name} runs inside a pod`);
  return call.inside;
}
