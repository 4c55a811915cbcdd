// Cuts what is typed or piped into whole commands: a line that goes on (`\` at its end, an open quote or loop, a here-document) is joined with those that follow.
import { unfinished } from '../shell/shell.ts';

/** Whole commands, one after the other. What stands unfinished at the end is given as it is. `waits` is told when a line goes on. */
export async function* wholeCommands(lines: AsyncIterable<string>, waits: () => void = () => undefined): AsyncGenerator<string, void, undefined> {
  let kept: string[] = [];
  for await (const line of lines) {
    kept.push(line);
    const text = kept.join('\n');
    if (/(?<!\\)(\\\\)*\\$/.test(line) || unfinished(text)) {
      waits();
      continue;
    }
    yield text;
    kept = [];
  }
  if (kept.length > 0) yield kept.join('\n');
}
