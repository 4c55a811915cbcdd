// A key as the terminal gives it: blessed's full name, and the text that it types.
import type { Message } from '../app/message.ts';
import type { State } from '../app/state.ts';

export interface Key {
  /** `up`, `S-tab`, `C-c`, `M-1`, `escape`, `f1`, `enter`, `space` … */
  readonly name: string;
  /** What it would type; `null` for keys that type nothing. */
  readonly text: string | null;
}

/** Where a key counts. The first place that knows the key takes it. */
export type KeyPlace = 'overlay' | 'map' | 'question' | 'story' | 'intents' | 'layers' | 'dns' | 'policy' | 'service' | 'network' | 'terminal' | 'editor' | 'panes' | 'always';

/** One row of the key table. */
export interface KeyRow {
  readonly keys: readonly string[];
  readonly place: KeyPlace;
  readonly says: string;
  /** The word in the footer; left out where the footer has no room for it. */
  readonly footer?: string;
  /** `null` when the key means nothing here and now, so that another place may take it. */
  readonly message: (state: State, key: Key) => Message | null;
}

export const placeTitles: Readonly<Record<KeyPlace, string>> = {
  overlay: 'Lists and questions over the panes', map: 'Map', question: 'An open question in the story', story: 'Story', intents: 'Intents', layers: 'Layers', dns: 'DNS', policy: 'Policy', service: 'Service', network: 'Network',
  terminal: 'Terminal', editor: 'Editor', panes: 'Every pane but Terminal and Editor', always: 'Everywhere',
};

/** The same in a word, for lists. */
export const placeWords: Readonly<Record<KeyPlace, string>> = {
  overlay: 'lists', map: 'map', question: 'question', story: 'story', intents: 'intents', layers: 'layers', dns: 'DNS', policy: 'policy', service: 'service', network: 'network', terminal: 'terminal', editor: 'editor', panes: 'panes', always: 'everywhere',
};

/** Whether a row's key is this one: by name, or a single sign by what it types. */
export const isKey = (wanted: string, key: Key): boolean => wanted === key.name || (wanted.length === 1 && wanted === key.text);

/** How a key is written for people. */
export function keyLabel(name: string): string {
  const signs: Readonly<Record<string, string>> = {
    up: 'Up', down: 'Down', left: 'Left', right: 'Right', enter: 'Enter', escape: 'Esc', tab: 'Tab', 'S-tab': 'Shift-Tab', space: 'Space', home: 'Home', end: 'End', pageup: 'PgUp', pagedown: 'PgDn',
    backspace: 'Backspace', delete: 'Del', f1: 'F1', 'C-`': 'Ctrl-Space',
  };
  const known = signs[name];
  if (known !== undefined) return known;
  const match = /^(C-S|C|M|S)-(.+)$/.exec(name);
  if (match === null) return name;
  const [, hold = '', rest = ''] = match;
  return `${{ C: 'Ctrl', M: 'Alt', S: 'Shift', 'C-S': 'Ctrl-Shift' }[hold] ?? hold}-${signs[rest] ?? rest.toUpperCase()}`;
}
