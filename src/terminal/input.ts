// Cuts what a terminal sends into one sequence a chunk: blessed drops a key that arrives together with a mouse event, and knows no paste.
import { PassThrough } from 'node:stream';

/** Escape sequences, surrogate pairs, single characters; a lone escape is the Escape key. */
const sequence = /\x1b\[<\d+;\d+;\d+[Mm]|\x1b\[M[\s\S]{3}|\x1b\[[0-9;?]*[ -/]*[@-~]|\x1bO.|\x1b[^\x1b]|[\ud800-\udbff][\udc00-\udfff]|[\s\S]/gu;
/** A sequence that may go on in the next chunk. */
const unfinished = /\x1b(\[[0-9;<?]*|O)?$/;
/** Answers of the terminal to questions (device attributes, cursor position, colours): never typed by a person. */
const reply = /^(?:\x1b\[[?>][0-9;]*c|\x1b\[\d+;\d+R|\x1b\][^\x07]*(?:\x07|\x1b\\))/;
const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

/** How long a split escape sequence is waited for, in milliseconds: long enough for a slow line, too short for a person. */
const holdFor = 25;

export interface InputStream extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
}

/** What blessed reads from: a terminal stream that emits one sequence a chunk. */
export interface SplitInput extends PassThrough {
  isTTY: boolean;
  isRaw: boolean;
  setRawMode(on: boolean): unknown;
}

/** Gives the stream for blessed; pasted text goes to `paste` as one piece, its lines ended by `\n`. `close` lets go of the source. */
export function splitInput(source: InputStream, paste: (text: string) => void): { readonly input: SplitInput; close(): void } {
  const input: SplitInput = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode(on: boolean): unknown {
      source.setRawMode?.(on);
      input.isRaw = on;
      return input;
    },
  });
  let pasted: string | undefined;
  let held = '';
  let timer: NodeJS.Timeout | undefined;

  const emitKeys = (text: string): void => {
    // Listeners of 'data' run at once: one chunk is one sequence, so no neighbour is lost.
    for (const found of text.match(sequence) ?? []) if (!reply.test(found)) input.emit('data', Buffer.from(found));
  };

  const take = (text: string): void => {
    let rest = text;
    while (rest !== '') {
      if (pasted === undefined) {
        const start = rest.indexOf(pasteStart);
        emitKeys(start < 0 ? rest : rest.slice(0, start));
        if (start < 0) return;
        pasted = '';
        rest = rest.slice(start + pasteStart.length);
      } else {
        const all = pasted + rest;
        const end = all.indexOf(pasteEnd);
        if (end < 0) {
          pasted = all;
          return;
        }
        pasted = undefined;
        paste(all.slice(0, end).replace(/\r\n?/g, '\n'));
        rest = all.slice(end + pasteEnd.length);
      }
    }
  };

  const onData = (chunk: string | Buffer): void => {
    clearTimeout(timer);
    const text = held + String(chunk);
    held = '';
    const cut = pasted === undefined ? unfinished.exec(text) : null;
    if (cut === null) {
      take(text);
      return;
    }
    held = text.slice(cut.index);
    take(text.slice(0, cut.index));
    timer = setTimeout(() => {
      const late = held;
      held = '';
      take(late);
    }, holdFor);
  };

  source.setEncoding('utf8');
  source.on('data', onData);
  return {
    input,
    close: () => {
      clearTimeout(timer);
      source.off('data', onData);
    },
  };
}
