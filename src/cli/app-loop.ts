// The app's turn, the same for the screen and for `--plain`: a message in, the next state kept, the effects done in order.
import type { Effect } from '../app/effect.ts';
import type { Message } from '../app/message.ts';
import { start } from '../app/start.ts';
import type { State } from '../app/state.ts';
import { update } from '../app/update.ts';
import type { World } from '../app/world.ts';
import type { Perform } from './perform.ts';

/** What the two ways of playing do differently. */
export interface Surface {
  /** The state changed. */
  heard(before: State, after: State): void;
  quit(status: number): void;
  suspend(): void;
  beat(milliseconds: number): void;
  edit(text: string): void;
}

export interface AppLoop {
  state(): State;
  /** Does what the start asked for; to be called once, when the surface is there. */
  begin(): void;
  hear(message: Message | null): void;
  /** Nothing is heard from here on. */
  end(): void;
}

export function appLoop(world: World, perform: Perform, surface: Surface): AppLoop {
  const [first, wishes] = start(world);
  let state = first;
  let over = false;

  const run = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (over) return;
      switch (effect.kind) {
        case 'quit': surface.quit(effect.status); break;
        case 'suspend': surface.suspend(); break;
        case 'beat': surface.beat(effect.in); break;
        case 'open-external-editor': surface.edit(effect.text); break;
        case 'save-progress': case 'load-lesson': case 'read-files': hear(perform.now(effect)); break;
      }
    }
  };

  const hear = (message: Message | null): void => {
    if (message === null || over) return;
    const before = state;
    const [after, effects] = update(before, message);
    state = after;
    surface.heard(before, after);
    run(effects);
  };

  return { state: () => state, begin: () => run(wishes), hear, end: () => { over = true; } };
}
