// Keys to messages: the place that has the keyboard is asked first, then what counts everywhere. A key that is not possible now says why.
import type { Message } from '../app/message.ts';
import { whyNot } from '../app/possible.ts';
import type { Overlay, State } from '../app/state.ts';
import { keyTable } from './key-table.ts';
import { isKey } from './key.ts';
import type { Key, KeyPlace, KeyRow } from './key.ts';
import { innerSize } from './layout.ts';
import { commandOffers, overlayItems } from './overlay-items.ts';
import { overlayMove } from './overlay-keys.ts';

export type { Key } from './key.ts';
export { keyTable } from './key-table.ts';

/** Whose keys count, first to last. */
export function placesOf(state: State): readonly KeyPlace[] {
  if (state.overlay !== null) return ['overlay'];
  return placesUnder(state);
}

/** The same as if nothing lay over the panes: what the help is about. */
export function placesUnder(state: State): readonly KeyPlace[] {
  const { desk } = state;
  if (desk === null) return ['map', 'always'];
  switch (desk.focus) {
    case 'terminal': return ['terminal', 'always'];
    case 'editor': return ['editor', 'always'];
    case 'story': return desk.story.question === null ? ['story', 'panes', 'always'] : ['question', 'story', 'panes', 'always'];
    default: return [desk.focus, 'panes', 'always'];
  }
}

/** What the key means now; `null` when it means nothing. */
export function messageForKey(state: State, pressed: Key): Message | null {
  const key = tidy(pressed);
  const message = fromOverlay(state, key) ?? fromTable(state, key) ?? fromTyping(state, key);
  if (message === null) return null;
  const why = whyNot(state, message);
  return why === null ? message : { kind: 'refused', why: `Not now: ${why}.` };
}

/** Esc Esc is Esc, Return is Enter, and a space types a space. */
function tidy(key: Key): Key {
  if (key.name === 'M-escape') return { name: 'escape', text: null };
  if (key.name === 'return' || key.name === 'linefeed') return { name: 'enter', text: null };
  if (key.name === ' ' || (key.text === ' ' && key.name === '')) return { name: 'space', text: ' ' };
  return key;
}

function fromTable(state: State, key: Key): Message | null {
  for (const place of placesOf(state)) {
    for (const row of keyTable) {
      if (row.place !== place || !row.keys.some((wanted) => isKey(wanted, key))) continue;
      const message = row.message(state, key);
      if (message !== null) return message;
    }
  }
  return null;
}

/** Whatever types something goes into the line, the editor or the list that has the keyboard. */
function fromTyping(state: State, key: Key): Message | null {
  const { text } = key;
  if (text === null || text === '' || /[\u0000-\u001f\u007f]/.test(text)) return null;
  const { overlay, desk } = state;
  if (overlay !== null) return overlay.kind === 'confirm' || overlay.kind === 'problems' ? null : { kind: 'overlay-typed', text };
  if (desk?.focus === 'terminal') return { kind: 'typed', text };
  if (desk?.focus === 'editor') return { kind: 'editor-edited', edit: { kind: 'insert', text }, height: innerSize(state, 'editor').height };
  return null;
}

function fromOverlay(state: State, key: Key): Message | null {
  const { overlay } = state;
  const move = overlayMove(key);
  if (overlay === null || move === null) return null;
  switch (overlay.kind) {
    case 'confirm': return null;
    case 'problems': return move === 'choose' ? { kind: 'overlay-closed' } : null;
    case 'command': return inCommandLine(state, overlay, move);
    case 'find': return move === 'choose' || move === 'down' ? { kind: 'editor-sought', text: overlay.input.text, height: innerSize(state, 'editor').height } : null;
    default: return inList(state, overlay, move);
  }
}

function inList(state: State, overlay: Extract<Overlay, { readonly query: string }>, move: NonNullable<ReturnType<typeof overlayMove>>): Message | null {
  const items = overlayItems(state, overlay, keyTable, placesUnder(state));
  const last = Math.max(items.length - 1, 0);
  const to = (index: number): Message => ({ kind: 'overlay-moved', to: Math.min(Math.max(index, 0), last) });
  switch (move) {
    case 'up': return to(overlay.index === 0 ? last : overlay.index - 1);
    case 'down': case 'complete': return to(overlay.index === last ? 0 : overlay.index + 1);
    case 'page-up': return to(overlay.index - 10);
    case 'page-down': return to(overlay.index + 10);
    case 'choose': {
      const item = items[overlay.index];
      if (item === undefined) return null;
      if (item.message === null) return { kind: 'refused', why: 'This one needs its own place, or more words.' };
      return item.why === null ? { kind: 'overlay-chosen', message: item.message } : { kind: 'refused', why: `Not now: ${item.why}.` };
    }
  }
}

function inCommandLine(state: State, overlay: Extract<Overlay, { readonly kind: 'command' }>, move: NonNullable<ReturnType<typeof overlayMove>>): Message | null {
  const { text } = overlay.input;
  const offers = commandOffers(state, text);
  const last = offers.length - 1;
  switch (move) {
    case 'choose': {
      const chosen = overlay.index === null ? undefined : offers[overlay.index];
      return { kind: 'command-given', text: chosen === undefined ? text : chosen.text };
    }
    case 'complete': {
      const chosen = offers[overlay.index ?? 0];
      return chosen === undefined ? null : { kind: 'overlay-completed', text: chosen.text };
    }
    case 'up': case 'page-up': return last < 0 ? null : { kind: 'overlay-moved', to: overlay.index === null || overlay.index === 0 ? last : overlay.index - 1 };
    case 'down': case 'page-down': return last < 0 ? null : { kind: 'overlay-moved', to: overlay.index === null || overlay.index === last ? 0 : overlay.index + 1 };
  }
}

/** The rows that the footer shows: those with a word, of the places that count. */
export function footerRows(state: State): readonly KeyRow[] {
  const rows = placesOf(state).flatMap((place) => keyTable.filter((row) => row.place === place && row.footer !== undefined));
  return rows.filter((row, index) => rows.findIndex((other) => other.footer === row.footer) === index);
}
