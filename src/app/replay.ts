// A log of messages played again: the same state comes of it, so a log is an undo history, a bug report and a hand-in.
import type { Message } from './message.ts';
import { start } from './start.ts';
import type { State } from './state.ts';
import { update } from './update.ts';
import type { World } from './world.ts';

/** The state after the messages. Effects are not performed: what the world answered stands in the log. */
export function replay(world: World, messages: readonly Message[]): State {
  let [state] = start(world);
  for (const message of messages) [state] = update(state, message);
  return state;
}
