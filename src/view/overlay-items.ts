// What a list over the panes offers for what was typed: help rows, commands and lessons, objects. Every entry carries its message.
import { commands } from '../app/commands.ts';
import type { Message } from '../app/message.ts';
import { networkParts } from '../app/network-view.ts';
import { whyNot } from '../app/possible.ts';
import { declaredNow, objectText } from '../app/questions.ts';
import { isRecord } from '../sim/cluster/record.ts';
import { keyOf } from '../sim/cluster/store.ts';
import { proxyModes } from '../sim/cluster/validate/cluster-document.ts';
import { cniPlugins } from '../sim/cni/cni-plugins.ts';
import type { Overlay, State } from '../app/state.ts';
import { progressOf } from '../lesson/progress.ts';
import { keyLabel, placeWords } from './key.ts';
import type { KeyPlace, KeyRow } from './key.ts';
import { clean } from './span.ts';

export interface OverlayItem {
  readonly left: string;
  readonly right: string;
  /** `null` where the entry can only be read. */
  readonly message: Message | null;
  readonly why: string | null;
}

type ListOverlay = Extract<Overlay, { readonly query: string }>;

/** Entries that hold every word that was typed. */
export function overlayItems(state: State, overlay: ListOverlay, table: readonly KeyRow[], here: readonly KeyPlace[]): readonly OverlayItem[] {
  const words = overlay.query.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const all = overlay.kind === 'help' ? helpItems(state, table, here) : overlay.kind === 'palette' ? paletteItems(state) : overlay.kind === 'plugins' ? pluginItems(state) : overlay.kind === 'lessons' ? lessonItems(state) : objectItems(state);
  return words.length === 0 ? all : all.filter(({ left, right }) => words.every((word) => `${left} ${right}`.toLowerCase().includes(word)));
}

/** Keys that count here first, then the others, then the commands. */
function helpItems(state: State, table: readonly KeyRow[], here: readonly KeyPlace[]): readonly OverlayItem[] {
  const item = (row: KeyRow): OverlayItem => {
    const able = here.includes(row.place);
    const [first = ''] = row.keys;
    const message = able && row.keys.length <= 3 ? row.message(state, { name: first, text: first.length === 1 ? first : null }) : null;
    return { left: row.keys.length > 4 ? `${keyLabel(first)}…${keyLabel(row.keys[row.keys.length - 1] ?? '')}` : row.keys.map(keyLabel).join(' '), right: `${row.says}  (${placeWords[row.place]})`, message, why: message === null ? null : whyNot(state, message) };
  };
  const own = table.filter(({ place }) => place !== 'overlay');
  return [...own.filter(({ place }) => here.includes(place)), ...own.filter(({ place }) => !here.includes(place))].map(item).concat(commandItems(state));
}

function commandItems(state: State): OverlayItem[] {
  return commands.map((command): OverlayItem => {
    const made = command.message([], state);
    const message: Message | null = typeof made === 'string' ? null : made;
    return { left: `:${command.name}${command.takes === '' ? '' : ` ${command.takes}`}`, right: command.says, message, why: message === null ? null : whyNot(state, message) };
  });
}

function paletteItems(state: State): readonly OverlayItem[] {
  const lessons = state.cards.map((card): OverlayItem => ({ left: `:lesson ${card.name}`, right: card.title, message: { kind: 'lesson-chosen', name: card.name }, why: null }));
  const themes = state.options.themes.map((name): OverlayItem => ({ left: `:theme ${name}`, right: name === state.options.theme ? 'the colours now' : 'colours', message: { kind: 'theme-chosen', name }, why: null }));
  const languages = state.course.languages.length < 2 ? [] : state.course.languages.map((code): OverlayItem => ({ left: `:language ${code}`, right: code === state.options.language ? 'the language now' : 'language of the lessons', message: { kind: 'language-chosen', code }, why: null }));
  const parts = state.desk === null ? [] : networkParts.map((part): OverlayItem => ({ left: `:network ${part}`, right: 'the Network pane', message: { kind: 'network-shown', part }, why: null }));
  return [...commandItems(state).filter(({ message }) => message !== null), ...parts, ...themes, ...languages, ...lessons];
}

/** A change of the Cluster document, made in the terminal where it can be read; `z` takes it back. */
function pluginItems(state: State): readonly OverlayItem[] {
  const { desk } = state;
  if (desk === null) return [];
  const { cluster, cni, proxy } = desk.session.lab.network;
  const undeclared = cluster.declared ? null : 'no Cluster document says which plugin this is';
  const item = (left: string, right: string, now: boolean, spec: object): OverlayItem => ({
    left, right: now ? 'at work now' : right, why: now ? 'it is the one' : undeclared,
    message: { kind: 'line-given', text: `kubectl patch cluster ${cluster.ref.name} --type merge -p '${JSON.stringify({ spec })}'` },
  });
  // Options of the plugin before would be none of the next one's.
  const said = desk.session.lab.store.objects.get(keyOf(cluster.ref))?.object;
  const options = Object.keys(cniOf(said)).filter((name) => name !== 'plugin' && name !== 'mode');
  const without = Object.fromEntries(options.map((name) => [name, null]));
  return [
    ...cniPlugins.flatMap(({ name, modes }) => modes.map((mode, index) => {
      const now = name === cni.plugin && mode === cni.mode;
      return item(`${name} ${mode}`, index === 0 ? 'CNI plugin, as it comes' : 'CNI plugin, another mode', now, { cni: { ...(name === cni.plugin ? {} : without), plugin: name, mode: index === 0 ? null : mode } });
    })),
    ...proxyModes.filter((mode) => mode !== 'none').map((mode) => item(`kube-proxy ${mode}`, proxy.replacement === null ? 'how Services are found' : `how Services are found, were it not for ${proxy.replacement.by}`, proxy.replacement === null && proxy.mode === mode, { kubeProxy: { mode } })),
  ];
}

function cniOf(object: unknown): Readonly<Record<string, unknown>> {
  const spec = isRecord(object) ? object['spec'] : undefined;
  const cni = isRecord(spec) ? spec['cni'] : undefined;
  return isRecord(cni) ? cni : {};
}

function lessonItems(state: State): readonly OverlayItem[] {
  const title = (name: string): string => state.course.modules.find((module) => module.name === name)?.title ?? '';
  return state.cards.map((card): OverlayItem => ({ left: card.title, right: `${title(card.module)}, ${card.minutes} min${progressOf(state.progress, card.name).solved ? ', solved' : ''}`, message: { kind: 'lesson-chosen', name: card.name }, why: null }));
}

function objectItems(state: State): readonly OverlayItem[] {
  return state.desk === null ? [] : declaredNow(state.desk).map((ref): OverlayItem => ({ left: clean(objectText(ref)), right: '', message: { kind: 'editor-opened', ref }, why: null }));
}

/** What the command line offers for what was typed so far: whole commands, or what may follow one. */
export function commandOffers(state: State, text: string): readonly { readonly text: string; readonly says: string }[] {
  const space = text.indexOf(' ');
  if (space < 0) return commands.filter(({ name }) => name.startsWith(text)).map((command) => ({ text: command.takes === '' ? command.name : `${command.name} `, says: `${command.takes === '' ? '' : `${command.takes}  `}${command.says}` }));
  const command = commands.find(({ name }) => name === text.slice(0, space));
  const word = text.slice(space + 1);
  return (command?.offers?.(state) ?? []).filter((one) => one.startsWith(word)).map((one) => ({ text: `${text.slice(0, space)} ${one}`, says: '' }));
}
