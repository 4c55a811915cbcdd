// The one key table: what a key does and where. Help, footer, palette and docs/keys.md are made from it.
import type { EditorEdit, LineEdit, Message, Move } from '../app/message.ts';
import { choicesOf } from '../app/questions.ts';
import type { Desk, PaneName, State } from '../app/state.ts';
import type { Key, KeyRow } from './key.ts';
import { innerSize } from './layout.ts';
import { paneNamed, panes } from './panes/list.ts';
import { storyDocument, storyHeight, storyTop } from './panes/story.ts';
import { nextOnMap, stepMap, stepModule } from './map-list.ts';
import { overlayKeys } from './overlay-keys.ts';

const always = (message: Message) => (): Message => message;

const withDesk = (make: (desk: Desk, state: State) => Message | null) => (state: State): Message | null => (state.desk === null ? null : make(state.desk, state));

/** Scrolls the story by rows, from where it stands on the screen. */
const scrollStory = (by: (page: number) => number) => withDesk((desk, state) => {
  const size = innerSize(state, 'story');
  const height = storyHeight(state, desk, size);
  const document = storyDocument(state, desk, size.width);
  const last = Math.max(document.lines.length - height, 0);
  return { kind: 'scrolled', pane: 'story', to: Math.min(Math.max(storyTop(desk, document, height) + by(Math.max(height - 1, 1)), 0), last) };
});

const scrollTerminal = (way: 1 | -1) => withDesk((desk, state) => {
  const { width, height } = innerSize(state, 'terminal');
  const drawn = paneNamed('terminal').draw(state, desk, { width, height });
  const page = Math.max(height - 1, 1);
  if (way === 1 && (drawn.scroll?.above ?? 0) === 0) return { kind: 'scrolled', pane: 'terminal', to: desk.terminal.scroll };
  return { kind: 'scrolled', pane: 'terminal', to: Math.max(desk.terminal.scroll + way * page, 0) };
});

/** A page of a pane that is all facts, no further than its end. */
const scrollPane = (pane: 'service' | 'network', way: 1 | -1) => withDesk((desk, state) => {
  const size = innerSize(state, pane);
  const { scroll } = paneNamed(pane).draw(state, desk, size);
  const page = Math.max(size.height - 1, 1);
  return { kind: 'scrolled', pane, to: (scroll?.above ?? 0) + (way === 1 ? Math.min(page, scroll?.below ?? 0) : -page) };
});

const row = (by: number) => withDesk((desk) => (desk.rows.length === 0 ? null : { kind: 'row-chosen', index: Math.min(Math.max(desk.chosen + by, 0), desk.rows.length - 1) }));
const cell = (down: number, right: number) => withDesk((desk) => ({ kind: 'cell-moved', row: desk.policy.row + down, column: desk.policy.column + right }));
const choice = (by: number) => withDesk((desk) => {
  const count = choicesOf(desk).length;
  return count === 0 ? null : { kind: 'choice-moved', to: (desk.story.cursor + by + count) % count };
});

/** A letter answers only while it names a choice: `e` edits when there are four. */
const byLetter = (state: State, key: Key): Message | null => {
  if (state.desk === null || key.text === null || !/^[a-z]$/.test(key.text)) return null;
  const index = key.text.charCodeAt(0) - 97;
  return index < letteredChoices(state.desk) ? { kind: 'choice-made', index } : null;
};

/** How many choices of the open question a letter answers. Long lists are walked, not lettered: their letters stay free for the other keys. */
export function letteredChoices(desk: Desk): number {
  const { question } = desk.story;
  const lettered = question?.kind === 'prediction' || (question?.kind === 'diagnosis' && question.layer === null);
  return lettered ? Math.min(choicesOf(desk).length, 6) : 0;
}

const edits = (table: readonly (readonly [keys: readonly string[], edit: LineEdit, says: string])[]): KeyRow[] =>
  table.map(([keys, edit, says]): KeyRow => ({ keys, place: 'terminal', says, message: always({ kind: 'line-edited', edit }) }));

const inEditor = (keys: readonly string[], says: string, edit: EditorEdit, footer?: string): KeyRow => ({
  keys, place: 'editor', says, ...(footer === undefined ? {} : { footer }),
  message: (state) => ({ kind: 'editor-edited', edit, height: innerSize(state, 'editor').height }),
});

const moves: readonly (readonly [keys: readonly string[], move: Move, says: string])[] = [
  [['left'], 'left', 'one sign to the left'], [['right'], 'right', 'one sign to the right'], [['up'], 'up', 'one row up'], [['down'], 'down', 'one row down'],
  [['C-left', 'M-b'], 'word-left', 'one word to the left'], [['C-right', 'M-f'], 'word-right', 'one word to the right'], [['home'], 'line-start', 'to the start of the row'], [['end'], 'line-end', 'to the end of the row'],
  [['pageup'], 'page-up', 'one page up'], [['pagedown'], 'page-down', 'one page down'], [['C-home'], 'start', 'to the start of the text'], [['C-end'], 'end', 'to the end of the text'],
];

const goTo = (pane: PaneName): Message => ({ kind: 'pane-chosen', pane });

export const keyTable: readonly KeyRow[] = [
  ...overlayKeys,

  { keys: ['up', 'k'], place: 'map', says: 'the lesson above', message: (state) => stepMap(state, -1) },
  { keys: ['down', 'j'], place: 'map', says: 'the lesson below', footer: 'choose', message: (state) => stepMap(state, 1) },
  { keys: ['pageup'], place: 'map', says: 'ten lessons up', message: (state) => stepMap(state, -10) },
  { keys: ['pagedown'], place: 'map', says: 'ten lessons down', message: (state) => stepMap(state, 10) },
  { keys: ['home', 'g'], place: 'map', says: 'the first lesson', message: (state) => stepMap(state, -state.cards.length) },
  { keys: ['end', 'G'], place: 'map', says: 'the last lesson', message: (state) => stepMap(state, state.cards.length) },
  { keys: ['enter', 'l', 'right'], place: 'map', says: 'open the lesson', footer: 'open', message: (state) => (state.map.chosen === null ? { kind: 'refused', why: 'There are no lessons.' } : { kind: 'lesson-chosen', name: state.map.chosen }) },
  { keys: ['tab', ']'], place: 'map', says: 'the next module', footer: 'module', message: (state) => stepModule(state, 1) },
  { keys: ['S-tab', '['], place: 'map', says: 'the module before', message: (state) => stepModule(state, -1) },
  { keys: ['n'], place: 'map', says: 'open the lesson that is next', footer: 'next', message: (state) => { const next = nextOnMap(state); return next === null ? { kind: 'refused', why: 'Every lesson is solved.' } : { kind: 'lesson-chosen', name: next.name }; } },
  { keys: ['q', 'escape'], place: 'map', says: 'leave the lab', footer: 'quit', message: always({ kind: 'quit-asked' }) },

  { keys: ['enter'], place: 'question', says: 'answer with the choice under the cursor', footer: 'answer', message: withDesk((desk) => ({ kind: 'choice-made', index: desk.story.cursor })) },
  { keys: ['up'], place: 'question', says: 'the choice above', message: choice(-1) },
  { keys: ['down'], place: 'question', says: 'the choice below', footer: 'walk', message: choice(1) },
  { keys: ['left'], place: 'question', says: 'the choice before', message: choice(-1) },
  { keys: ['right'], place: 'question', says: 'the choice after', message: choice(1) },
  { keys: ['a', 'b', 'c', 'd', 'e', 'f'], place: 'question', says: 'answer with a letter', message: byLetter },
  { keys: ['s'], place: 'question', says: 'skip the question', footer: 'skip', message: always({ kind: 'question-skipped' }) },

  { keys: ['up', 'k'], place: 'story', says: 'scroll up', message: scrollStory(() => -1) },
  { keys: ['down', 'j'], place: 'story', says: 'scroll down', message: scrollStory(() => 1) },
  { keys: ['pageup'], place: 'story', says: 'a page up', message: scrollStory((page) => -page) },
  { keys: ['pagedown', 'space'], place: 'story', says: 'a page down', message: scrollStory((page) => page) },
  { keys: ['home', 'g'], place: 'story', says: 'to the ticket', message: always({ kind: 'scrolled', pane: 'story', to: 0 }) },
  { keys: ['end', 'G'], place: 'story', says: 'to the end of the story', message: scrollStory(() => 100_000) },

  { keys: ['up', 'k'], place: 'intents', says: 'the intent above', message: row(-1) },
  { keys: ['down', 'j'], place: 'intents', says: 'the intent below', footer: 'choose', message: row(1) },
  { keys: ['enter'], place: 'intents', says: 'show its road', footer: 'show', message: withDesk((desk) => goTo(desk.rows[desk.chosen]?.trace === null ? 'dns' : desk.diagram)) },

  { keys: ['.', 'down', 'j'], place: 'layers', says: 'step to the next hop', message: always({ kind: 'stepped', by: 1 }) },
  { keys: [',', 'up', 'k'], place: 'layers', says: 'step back to the hop before', message: always({ kind: 'stepped', by: -1 }) },
  { keys: ['end', 'G'], place: 'layers', says: 'to the last hop', message: always({ kind: 'stepped-to', place: 'last' }) },
  { keys: ['enter'], place: 'layers', says: 'open the hop; once more runs its command in the terminal', footer: 'open', message: withDesk((desk) => (desk.road.open ? { kind: 'evidence-run' } : { kind: 'hop-opened' })) },

  { keys: ['.', 'down', 'j'], place: 'dns', says: 'the next question', message: always({ kind: 'stepped', by: 1 }) },
  { keys: [',', 'up', 'k'], place: 'dns', says: 'the question before', message: always({ kind: 'stepped', by: -1 }) },

  { keys: ['t'], place: 'dns', says: 'ask for another record type', footer: 'type', message: always({ kind: 'type-turned' }) },
  { keys: ['u'], place: 'dns', says: 'ask with another resolver: glibc, musl', footer: 'resolver', message: always({ kind: 'resolver-turned' }) },
  { keys: ['o'], place: 'dns', says: 'what ndots:1 would change, and back', footer: 'ndots', message: always({ kind: 'ndots-compared' }) },

  { keys: ['up', 'k'], place: 'policy', says: 'the source above', message: cell(-1, 0) },
  { keys: ['down', 'j'], place: 'policy', says: 'the source below', message: cell(1, 0) },
  { keys: ['left', 'h'], place: 'policy', says: 'the target before', message: cell(0, -1) },
  { keys: ['right', 'l'], place: 'policy', says: 'the target after', footer: 'walk', message: cell(0, 1) },
  { keys: ['p', 'enter'], place: 'policy', says: 'with and without policies', footer: 'policies', message: always({ kind: 'policies-toggled' }) },
  { keys: ['m'], place: 'policy', says: 'picture or matrix', footer: 'matrix', message: always({ kind: 'matrix-toggled' }) },
  { keys: ['g'], place: 'policy', says: 'guess the cells, and back', footer: 'guess', message: always({ kind: 'guessing-toggled' }) },
  { keys: ['y'], place: 'policy', says: 'guess: it may', message: withDesk((desk) => (desk.policy.guesses === null ? null : { kind: 'cell-guessed', allowed: true })) },
  { keys: ['n'], place: 'policy', says: 'guess: it may not', message: withDesk((desk) => (desk.policy.guesses === null ? null : { kind: 'cell-guessed', allowed: false })) },
  { keys: ['c'], place: 'policy', says: 'before and after the change', footer: 'compare', message: always({ kind: 'change-compared' }) },

  { keys: ['up', 'k', 'left'], place: 'service', says: 'the Service before', message: always({ kind: 'service-turned', by: -1 }) },
  { keys: ['down', 'j', 'right'], place: 'service', says: 'the next Service', footer: 'next Service', message: always({ kind: 'service-turned', by: 1 }) },

  { keys: ['pageup'], place: 'service', says: 'a page up', message: scrollPane('service', -1) },
  { keys: ['pagedown'], place: 'service', says: 'a page down', message: scrollPane('service', 1) },

  { keys: ['pageup'], place: 'network', says: 'a page up', message: scrollPane('network', -1) },
  { keys: ['pagedown'], place: 'network', says: 'a page down', message: scrollPane('network', 1) },
  { keys: ['up', 'k'], place: 'network', says: 'the node above', message: always({ kind: 'node-turned', by: -1 }) },
  { keys: ['down', 'j'], place: 'network', says: 'the node below', footer: 'node', message: always({ kind: 'node-turned', by: 1 }) },
  { keys: ['m', 'right'], place: 'network', says: 'turn: nodes, plugins side by side, what finding a Service costs', footer: 'turn', message: always({ kind: 'network-turned', by: 1 }) },
  { keys: ['left'], place: 'network', says: 'turn back', message: always({ kind: 'network-turned', by: -1 }) },
  { keys: ['p'], place: 'network', says: 'the same cluster with another CNI plugin, mode or kube-proxy', footer: 'plugin', message: always({ kind: 'overlay-opened', overlay: 'plugins' }) },

  { keys: ['enter'], place: 'terminal', says: 'run the line', footer: 'run', message: always({ kind: 'line-entered' }) },
  { keys: ['tab'], place: 'terminal', says: 'complete', footer: 'complete', message: always({ kind: 'line-completed' }) },
  { keys: ['up'], place: 'terminal', says: 'the line before', footer: 'history', message: always({ kind: 'history-moved', by: -1 }) },
  { keys: ['down', 'C-n'], place: 'terminal', says: 'the line after', message: always({ kind: 'history-moved', by: 1 }) },
  { keys: ['C-r'], place: 'terminal', says: 'search the history; again for an older line', message: always({ kind: 'history-searched' }) },
  { keys: ['C-c'], place: 'terminal', says: 'end the line', message: withDesk((desk) => (desk.terminal.input.text === '' && desk.terminal.begun === '' && desk.session.places.length === 0 && desk.terminal.search === null && desk.terminal.waiting === null ? null : { kind: 'line-ended' })) },
  { keys: ['C-l'], place: 'terminal', says: 'clear the screen', message: always({ kind: 'screen-cleared' }) },
  { keys: ['pageup', 'S-pageup'], place: 'terminal', says: 'scroll up', message: scrollTerminal(1) },
  { keys: ['pagedown', 'S-pagedown'], place: 'terminal', says: 'scroll down', message: scrollTerminal(-1) },
  { keys: ['backspace'], place: 'terminal', says: 'erase to the left', message: withDesk((desk) => (desk.terminal.search !== null ? { kind: 'search-shortened' } : { kind: 'line-edited', edit: 'erase-left' })) },
  ...edits([
    [['left', 'C-b'], 'left', 'one sign to the left'], [['right', 'C-f'], 'right', 'one sign to the right'], [['M-b', 'C-left'], 'word-left', 'one word to the left'], [['M-f', 'C-right'], 'word-right', 'one word to the right'],
    [['home', 'C-a'], 'start', 'to the start of the line'], [['end', 'C-e'], 'end', 'to the end of the line'], [['delete'], 'erase-right', 'erase to the right'],
    [['C-w', 'M-backspace'], 'erase-word', 'cut the word to the left'], [['M-d'], 'erase-word-right', 'cut the word to the right'], [['C-u'], 'erase-to-start', 'cut to the start of the line'], [['C-k'], 'erase-to-end', 'cut to the end of the line'], [['C-y'], 'yank', 'put back what was cut'],
  ]),
  { keys: ['escape'], place: 'terminal', says: 'leave the search, or the terminal', footer: 'leave', message: withDesk((desk) => (desk.terminal.search === null ? { kind: 'left' } : { kind: 'search-left', keep: false })) },
  { keys: ['C-d'], place: 'terminal', says: 'on an empty line: leave the shell that was opened, or the terminal', message: withDesk((desk) => (desk.terminal.input.text === '' ? (desk.session.places.length > 0 ? { kind: 'line-given', text: 'exit' } : { kind: 'left' }) : { kind: 'line-edited', edit: 'erase-right' })) },

  { keys: ['C-s'], place: 'editor', says: 'save: apply to the cluster', footer: 'save', message: always({ kind: 'editor-saved' }) },
  { keys: ['escape'], place: 'editor', says: 'leave the editor; asked when something was changed', footer: 'leave', message: always({ kind: 'editor-left' }) },
  { keys: ['C-f'], place: 'editor', says: 'search in the text', footer: 'find', message: always({ kind: 'overlay-opened', overlay: 'find' }) },
  { keys: ['C-g', 'f3'], place: 'editor', says: 'the next place of what was searched for', message: (state) => ({ kind: 'editor-sought', text: '', height: innerSize(state, 'editor').height }) },
  { keys: ['C-d'], place: 'editor', says: 'what was changed, and back to the text', footer: 'diff', message: always({ kind: 'editor-compared' }) },
  ...moves.map(([keys, how, says]) => inEditor(keys, says, { kind: 'move', move: how, select: false })),
  ...moves.filter(([, how]) => !how.startsWith('word')).map(([keys, how, says]) => inEditor(keys.map((name) => (name.startsWith('C-') ? `C-S-${name.slice(2)}` : `S-${name}`)), `select: ${says}`, { kind: 'move', move: how, select: true })),
  inEditor(['enter'], 'a new row, indented like this one', { kind: 'break' }),
  inEditor(['tab'], "complete the field's name; at the start of a row, indent by two", { kind: 'complete' }, 'complete'),
  inEditor(['C-`', 'C-n'], 'which fields may stand here', { kind: 'offer' }, 'fields'),
  inEditor(['S-tab'], 'take two off the indent', { kind: 'outdent' }),
  inEditor(['backspace'], 'erase to the left', { kind: 'erase-left' }),
  inEditor(['delete'], 'erase to the right', { kind: 'erase-right' }),
  inEditor(['C-k'], 'cut the row', { kind: 'erase-line' }),
  inEditor(['C-c'], 'copy the selection', { kind: 'copy' }, 'copy'),
  inEditor(['C-x'], 'cut the selection', { kind: 'cut' }),
  inEditor(['C-v'], 'paste', { kind: 'paste' }, 'paste'),
  inEditor(['C-z'], 'undo', { kind: 'undo' }, 'undo'),
  inEditor(['C-y'], 'redo', { kind: 'redo' }),
  inEditor(['C-a'], 'select everything', { kind: 'select-all' }),
  { keys: ['C-o'], place: 'editor', says: 'open the text in $EDITOR', message: always({ kind: 'external-editor-asked' }) },

  { keys: [',', '.'], place: 'panes', says: 'step back and forward through the hops', footer: 'step', message: (_state, key) => ({ kind: 'stepped', by: key.text === '.' || key.name === '.' ? 1 : -1 }) },
  { keys: ['space'], place: 'panes', says: 'play the hops, and stop', footer: 'play', message: always({ kind: 'played' }) },
  { keys: ['home'], place: 'panes', says: 'to the first hop', message: always({ kind: 'stepped-to', place: 'first' }) },
  { keys: ['d'], place: 'panes', says: 'to the first hop where the broken and the present run part', message: always({ kind: 'stepped-to', place: 'difference' }) },
  { keys: ['w'], place: 'panes', says: 'the next of the possible answers', message: always({ kind: 'walk-turned', by: 1 }) },
  { keys: ['tab'], place: 'panes', says: 'the next pane', footer: 'pane', message: always({ kind: 'pane-cycled', by: 1 }) },
  { keys: ['r'], place: 'panes', says: 'run the chosen request in the terminal', footer: 'run', message: always({ kind: 'row-run' }) },
  { keys: ['h'], place: 'panes', says: 'a hint', footer: 'hint', message: always({ kind: 'hint-asked' }) },
  { keys: ['D'], place: 'panes', says: 'name the cause: layer, object, field', footer: 'diagnose', message: always({ kind: 'diagnosis-asked' }) },
  { keys: ['e'], place: 'panes', says: 'edit an object', footer: 'edit', message: (state) => (state.desk?.editor == null ? { kind: 'overlay-opened', overlay: 'objects' } : goTo('editor')) },
  { keys: ['z'], place: 'panes', says: 'undo the last change to the cluster', footer: 'undo', message: always({ kind: 'undone' }) },
  { keys: ['Z'], place: 'panes', says: 'redo it', message: always({ kind: 'redone' }) },
  { keys: ['x'], place: 'panes', says: 'reset the cluster; asked', message: always({ kind: 'reset-asked' }) },
  { keys: ['n'], place: 'panes', says: 'the next lesson', footer: 'next', message: always({ kind: 'next-asked' }) },
  { keys: ['l'], place: 'panes', says: 'the list of lessons', message: always({ kind: 'map-opened' }) },
  { keys: ['+'], place: 'panes', says: 'fill the screen with the pane, and back', message: always({ kind: 'pane-filled' }) },
  { keys: ['S-tab'], place: 'panes', says: 'the pane before', message: always({ kind: 'pane-cycled', by: -1 }) },
  { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], place: 'panes', says: 'the pane of that number', message: (_state, key) => paneByNumber(key.text ?? key.name) },
  { keys: ['escape'], place: 'panes', says: 'one level up', message: always({ kind: 'left' }) },
  { keys: ['q'], place: 'panes', says: 'leave the lab; progress is kept', message: always({ kind: 'quit-asked' }) },
  { keys: [':'], place: 'panes', says: 'the command line', message: always({ kind: 'overlay-opened', overlay: 'command' }) },
  { keys: ['?'], place: 'panes', says: 'this help', message: always({ kind: 'overlay-opened', overlay: 'help' }) },
  { keys: ['/'], place: 'map', says: 'filter the lessons', footer: 'filter', message: always({ kind: 'overlay-opened', overlay: 'lessons' }) },
  { keys: ['/'], place: 'panes', says: 'find an object to edit', message: always({ kind: 'overlay-opened', overlay: 'objects' }) },
  { keys: [':'], place: 'map', says: 'the command line', message: always({ kind: 'overlay-opened', overlay: 'command' }) },
  { keys: ['?'], place: 'map', says: 'this help', message: always({ kind: 'overlay-opened', overlay: 'help' }) },

  { keys: ['f1'], place: 'always', says: 'help', message: always({ kind: 'overlay-opened', overlay: 'help' }) },
  { keys: ['C-p'], place: 'always', says: 'the palette: every command and lesson', message: always({ kind: 'overlay-opened', overlay: 'palette' }) },
  { keys: ['M-1', 'M-2', 'M-3', 'M-4', 'M-5', 'M-6', 'M-7', 'M-8', 'M-9'], place: 'always', says: 'the pane of that number, also out of Terminal and Editor', message: (state, key) => (state.desk === null ? null : paneByNumber(key.name.slice(2))) },
  { keys: ['C-z'], place: 'always', says: 'suspend the lab; fg brings it back', message: always({ kind: 'suspended' }) },
  { keys: ['C-c'], place: 'always', says: 'leave the lab; progress is kept', message: always({ kind: 'quit-asked' }) },
];

function paneByNumber(text: string): Message {
  const found = panes.find(({ number }) => String(number) === text);
  return found === undefined ? { kind: 'refused', why: `There is no pane ${text} yet.` } : goTo(found.name);
}


