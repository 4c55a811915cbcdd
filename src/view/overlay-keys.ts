// The keys of what lies over the panes: lists, the command line, questions to confirm.
import type { LineEdit, Message } from '../app/message.ts';
import type { State } from '../app/state.ts';
import type { Key, KeyRow } from './key.ts';


/** The overlay's own list, handed in when a key comes: the table cannot know the items. */
export type OverlayMove = 'up' | 'down' | 'page-up' | 'page-down' | 'choose' | 'complete';

const whenTyping = (edit: LineEdit) => (state: State): Message | null => (state.overlay === null || state.overlay.kind === 'confirm' || state.overlay.kind === 'problems' ? null : { kind: 'overlay-edited', edit });

const confirm = (yes: boolean) => (state: State): Message | null => (state.overlay?.kind === 'confirm' ? { kind: 'confirmed', yes } : null);

export const overlayKeys: readonly KeyRow[] = [
  { keys: ['y', 'Y'], place: 'overlay', says: 'yes', footer: 'yes', message: confirm(true) },
  { keys: ['n', 'N'], place: 'overlay', says: 'no', footer: 'no', message: confirm(false) },
  { keys: ['escape', 'C-c'], place: 'overlay', says: 'close', footer: 'close', message: (state) => (state.overlay?.kind === 'confirm' ? { kind: 'confirmed', yes: false } : { kind: 'overlay-closed' }) },
  { keys: ['backspace'], place: 'overlay', says: 'erase to the left', message: whenTyping('erase-left') },
  { keys: ['left'], place: 'overlay', says: 'one sign to the left', message: whenTyping('left') },
  { keys: ['right'], place: 'overlay', says: 'one sign to the right', message: whenTyping('right') },
  { keys: ['C-a', 'home'], place: 'overlay', says: 'to the start of the line', message: whenTyping('start') },
  { keys: ['C-e', 'end'], place: 'overlay', says: 'to the end of the line', message: whenTyping('end') },
  { keys: ['C-w'], place: 'overlay', says: 'cut the word to the left', message: whenTyping('erase-word') },
  { keys: ['C-u'], place: 'overlay', says: 'cut to the start of the line', message: whenTyping('erase-to-start') },
];

/** Which move of the list a key is; `null` for none. */
export function overlayMove(key: Key): OverlayMove | null {
  switch (key.name) {
    case 'up': case 'C-p': case 'S-tab': return 'up';
    case 'down': case 'C-n': return 'down';
    case 'pageup': return 'page-up';
    case 'pagedown': return 'page-down';
    case 'enter': case 'return': return 'choose';
    case 'tab': return 'complete';
    default: return null;
  }
}
