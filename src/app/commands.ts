// The commands of the `:` line, as data: name, what follows, what it does. The palette and `--plain` read the same list.
import type { Message } from './message.ts';
import { networkParts } from './network-view.ts';
import type { PaneName, State } from './state.ts';

export interface Command {
  readonly name: string;
  /** Shown after the name: `NAME`, `X to Y`. */
  readonly takes: string;
  readonly says: string;
  /** The message, or one sentence about what is missing. */
  readonly message: (words: readonly string[], state: State) => Message | string;
  /** What may follow, for completion. */
  readonly offers?: (state: State) => readonly string[];
}

const paneWords: Readonly<Record<string, PaneName>> = { story: 'story', intents: 'intents', requests: 'intents', layers: 'layers', dns: 'dns', policy: 'policy', service: 'service', network: 'network', terminal: 'terminal', editor: 'editor' };

/** On the screen a pane's name goes there; line by line it is printed. */
const toPane = (pane: PaneName) => (_words: readonly string[], state: State): Message =>
  (state.options.plain ? { kind: 'report-asked', pane } : { kind: 'pane-chosen', pane });

const given = (words: readonly string[], says: string, make: (word: string) => Message): Message | string => {
  const [first] = words;
  return first === undefined ? says : make(first);
};

/** A wrong word is answered by the right ones. */
function partNamed(word: string): Message | string {
  const part = networkParts.find((one) => one === word);
  return part === undefined ? `The Network pane shows ${networkParts.join(', ')}.` : { kind: 'network-shown', part };
}

export const commands: readonly Command[] = [
  { name: 'lesson', takes: 'NAME', says: 'open a lesson, by name or by its place in the course', message: (words) => given(words, 'Which lesson? :lesson NAME', (name) => ({ kind: 'lesson-chosen', name })), offers: (state) => state.cards.map(({ name }) => name) },
  { name: 'map', takes: '', says: 'back to the map of the course', message: () => ({ kind: 'map-opened' }) },
  { name: 'next', takes: '', says: 'the next lesson', message: () => ({ kind: 'next-asked' }) },
  { name: 'hint', takes: '', says: 'one more hint', message: () => ({ kind: 'hint-asked' }) },
  { name: 'predict', takes: 'CHOICE', says: 'answer the open question by letter, number or word', message: (words) => (words.length === 0 ? 'What do you predict? :predict b' : { kind: 'answer-given', text: words.join(' ') }) },
  { name: 'skip', takes: '', says: 'skip the open question', message: (_words, state) => (state.desk?.story.question == null ? { kind: 'step-skipped' } : { kind: 'question-skipped' }) },
  {
    name: 'diagnose', takes: 'LAYER OBJECT FIELD', says: 'name the cause: layer, object, field',
    message: ([layer, object, field]) => (layer === undefined ? { kind: 'diagnosis-asked' } : object === undefined || field === undefined ? 'Layer, object and field: :diagnose service Service/shop/api spec.selector' : { kind: 'diagnosis-given', layer, object, field }),
  },
  { name: 'story', takes: '', says: 'the story', message: toPane('story') },
  { name: 'intents', takes: '', says: 'what must hold, and whether it does', message: toPane('intents') },
  { name: 'layers', takes: '', says: 'the request, hop by hop', message: toPane('layers') },
  { name: 'dns', takes: '', says: 'the name, query by query', message: toPane('dns') },
  {
    name: 'policy', takes: '[FROM TO]', says: 'who reaches whom, and which policy decides',
    message: (words, state) => { const [from, to] = words; return from === undefined || to === undefined ? toPane('policy')(words, state) : { kind: 'cell-named', from, to }; },
  },
  { name: 'service', takes: '', says: 'the Service: doors, ports, endpoints, pods', message: toPane('service') },
  { name: 'network', takes: '[nodes | plugins | cost]', says: 'nodes and their state, plugins side by side, what finding a Service costs', message: ([word], state) => (word === undefined ? toPane('network')([], state) : partNamed(word)), offers: () => networkParts },
  { name: 'terminal', takes: '', says: 'the prompt', message: toPane('terminal') },
  { name: 'pick', takes: 'NUMBER', says: 'choose the intent that the panes follow', message: (words) => given(words, 'Which one? :pick 2', (word) => ({ kind: 'row-chosen', index: Math.max(Number.parseInt(word, 10) - 1 || 0, 0) })) },
  { name: 'run', takes: '', says: 'send the chosen request from its pod', message: () => ({ kind: 'row-run' }) },
  {
    name: 'from', takes: 'SOURCE to TARGET', says: 'ask the network: :from shop/web to http://api:8080/',
    message: ([from, to, target]) => (from === undefined || to !== 'to' || target === undefined ? 'From where to where? :from shop/web to http://api:8080/' : { kind: 'request-asked', from, to: target }),
  },
  {
    name: 'lookup', takes: 'NAME [TYPE] [from SOURCE]', says: 'ask for a name: :lookup api.shop A from shop/web',
    message: (words) => {
      const at = words.indexOf('from');
      const [name, type] = at < 0 ? words : words.slice(0, at);
      return name === undefined ? 'Which name? :lookup api.shop' : { kind: 'lookup-asked', name, type: type?.toUpperCase() ?? null, from: at < 0 ? null : (words[at + 1] ?? null) };
    },
  },
  {
    name: 'edit', takes: 'KIND NAME [NAMESPACE]', says: 'edit an object',
    message: ([kind, name, namespace], state) => (kind === undefined ? (state.options.plain ? 'Which one? :edit service api shop' : { kind: 'overlay-opened', overlay: 'objects' }) : name === undefined ? 'Kind and name: :edit service api shop' : { kind: 'line-given', text: `kubectl edit ${kind} ${name}${namespace === undefined ? '' : ` -n ${namespace}`}` }),
  },
  { name: 'undo', takes: '', says: 'take back the last change to the cluster', message: () => ({ kind: 'undone' }) },
  { name: 'redo', takes: '', says: 'make it again', message: () => ({ kind: 'redone' }) },
  { name: 'reset', takes: '', says: 'the cluster as it was opened', message: () => ({ kind: 'reset-asked' }) },
  { name: 'theme', takes: 'NAME', says: 'colours', message: (words, state) => given(words, `Which theme? ${state.options.themes.join(', ')}`, (name) => ({ kind: 'theme-chosen', name })), offers: (state) => state.options.themes },
  { name: 'language', takes: 'CODE', says: 'the language of the lessons', message: (words, state) => given(words, `Which language? ${state.course.languages.join(', ')}`, (code) => ({ kind: 'language-chosen', code })), offers: (state) => state.course.languages },
  { name: 'help', takes: '', says: 'every key and command', message: () => ({ kind: 'overlay-opened', overlay: 'help' }) },
  { name: 'quit', takes: '', says: 'leave the lab; progress is kept', message: () => ({ kind: 'quit-asked' }) },
];

export { paneWords };

/** A `:` line without its colon; a name may be cut short while it is clear. `null` for an empty line. */
export function parseCommand(state: State, text: string): Message | string | null {
  const [name, ...words] = text.trim().split(/\s+/);
  if (name === undefined || name === '') return null;
  const aliases: Readonly<Record<string, string>> = { q: 'quit', 'q!': 'quit', l: 'lesson', h: 'help' };
  const wanted = Object.hasOwn(aliases, name) ? aliases[name] : name;
  const exact = commands.filter((command) => command.name === wanted);
  const found = exact.length > 0 ? exact : commands.filter((command) => command.name.startsWith(wanted ?? name));
  const [only, second] = found;
  if (only === undefined) return `There is no command :${name}. :help lists them.`;
  return second === undefined ? only.message(words, state) : `:${name} could be ${found.map((command) => `:${command.name}`).join(' or ')}.`;
}
