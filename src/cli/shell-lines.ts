// Cuts what is typed or piped into whole commands: a line that goes on (`\` at its end, a here-document) is joined with those that follow.

/** The word that ends a here-document which starts on this line; `undefined` when none does. */
function hereWord(line: string): { readonly word: string; readonly tabs: boolean } | undefined {
  const found = /(?<!<)<<(-?)\s*(['"]?)([A-Za-z_][\w.-]*)\2/.exec(line);
  const [, dash, , word] = found ?? [];
  return word === undefined ? undefined : { word, tabs: dash === '-' };
}

/** Whole commands, one after the other. What stands unfinished at the end is given as it is. */
export async function* wholeCommands(lines: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let kept: string[] = [];
  let until: { readonly word: string; readonly tabs: boolean } | undefined;
  for await (const line of lines) {
    kept.push(line);
    if (until !== undefined) {
      if ((until.tabs ? line.replace(/^\t+/, '') : line) !== until.word) continue;
      until = undefined;
    } else {
      until = hereWord(line);
      if (until !== undefined || /(?<!\\)(\\\\)*\\$/.test(line)) continue;
    }
    yield kept.join('\n');
    kept = [];
  }
  if (kept.length > 0) yield kept.join('\n');
}
