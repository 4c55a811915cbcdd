// `--plain`: the same lab line by line, for screen readers, pipes and scripts.
import { createInterface } from 'node:readline';
import type { World } from '../app/world.ts';
import { messageForLine, plainPrompt, plainText } from '../view/plain.ts';
import { appLoop } from './app-loop.ts';
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
  const loop = appLoop(world, perform, {
    heard: (before, after) => out(plainText(before, after)),
    quit(status) {
      left = status;
      loop.end();
    },
    // Nothing moves by itself, nothing has to be given back, and the learner's own editor needs a screen.
    suspend: () => undefined,
    beat: () => undefined,
    edit: () => loop.hear({ kind: 'external-editor-closed', text: null }),
  });
  const ask = (): void => out(plainPrompt(loop.state()));

  out(plainText(null, loop.state()));
  loop.begin();
  ask();
  for await (const line of createInterface({ input, terminal: false })) {
    // What comes from a file or a pipe is not on the screen yet: the record should read like a session.
    if (input.isTTY !== true) out(`${line}\n`);
    loop.hear(messageForLine(loop.state(), line));
    if (left !== undefined) return left;
    ask();
  }
  out('\n');
  return 0;
}
