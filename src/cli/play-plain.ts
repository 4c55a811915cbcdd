// `--plain`: the same lab line by line, for screen readers, pipes and scripts.
import { createInterface } from 'node:readline';
import type { Effect } from '../app/effect.ts';
import type { Message } from '../app/message.ts';
import { start } from '../app/start.ts';
import type { State } from '../app/state.ts';
import { update } from '../app/update.ts';
import type { World } from '../app/world.ts';
import { messageForLine, plainPrompt, plainText } from '../view/plain.ts';
import type { Perform } from './perform.ts';

export interface PlainPlay {
  readonly world: World;
  readonly perform: Perform;
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly out: (text: string) => void;
}

/** Plays until the learner leaves or the input ends; gives the exit status. */
export async function playPlain({ world, perform, input, out }: PlainPlay): Promise<number> {
  let left: number | undefined;
  let [state, effects]: readonly [State, readonly Effect[]] = start(world);

  const hear = (message: Message | null): void => {
    if (message === null || left !== undefined) return;
    const before = state;
    [state, effects] = update(state, message);
    out(plainText(before, state));
    run();
  };

  const run = (): void => {
    const wanted = effects;
    effects = [];
    for (const effect of wanted) {
      switch (effect.kind) {
        case 'quit': left = effect.status; return;
        // Nothing moves by itself, nothing has to be given back, and the learner's own editor needs a screen.
        case 'suspend': case 'beat': break;
        case 'open-external-editor': hear({ kind: 'external-editor-closed', text: null }); break;
        case 'save-progress': case 'load-lesson': case 'read-files': hear(perform.now(effect)); break;
      }
    }
  };

  const ask = (): void => out(plainPrompt(state));

  out(plainText(null, state));
  run();
  ask();
  for await (const line of createInterface({ input, terminal: false })) {
    // What comes from a file or a pipe is not on the screen yet: the record should read like a session.
    if (input.isTTY !== true) out(`${line}\n`);
    hear(messageForLine(state, line));
    if (left !== undefined) return left;
    ask();
  }
  out('\n');
  return 0;
}
