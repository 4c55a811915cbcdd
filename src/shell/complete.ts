// Completion of a line at the cursor: programs, verbs, kinds, names, namespaces, containers, flags, tools.
import { byText } from '../sim/base/order.ts';
import { kindNamed } from '../sim/cluster/kinds.ts';
import { list } from '../sim/cluster/store.ts';
import { kindNames } from './kubectl/about-verbs.ts';
import type { Verb } from './kubectl/command.ts';
import { globalFlags } from './kubectl/flags.ts';
import type { Flag } from './kubectl/flags.ts';
import { verbs } from './kubectl/verbs.ts';
import { placeAgain, placeNames } from './places.ts';
import { programNames } from './programs.ts';
import type { Completion, OpenShell, Session } from './session.ts';
import { allToolNames, nodeToolNames, toolNames, toolsAt, toolsOf } from './tools/tools.ts';

interface Word {
  readonly text: string;
  readonly start: number;
}

/** What could stand at the cursor: whole words, sorted, each with everything that was typed of it. */
export function complete(session: Session, line: string, cursor: number): Completion {
  const words = wordsBefore(line.slice(0, cursor));
  const current = words.at(-1) ?? { text: '', start: cursor };
  const before = words.slice(0, -1).map((word) => word.text);
  const offered = offer(session, before, current.text);
  return { from: current.start, candidates: [...new Set(offered)].filter((candidate) => candidate.startsWith(current.text)).sort(byText) };
}

/** The words of the command at the cursor; the last one may be empty. */
function wordsBefore(text: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  for (const match of text.matchAll(/(?:\|\||&&|[;|\n])|((?:\\.|'[^']*'?|"[^"]*"?|[^\s;|&'"])+)/g)) {
    if (match[1] === undefined) words.length = 0;
    else words.push({ text: match[1], start: match.index });
    at = match.index + match[0].length;
  }
  if (at < text.length || words.length === 0 || /[\s;|&]$/.test(text)) words.push({ text: '', start: text.length });
  return words;
}

/** Words behind which a command begins. */
const openers: ReadonlySet<string> = new Set(['do', 'then', 'else', 'elif', 'if', 'while', 'until', 'time', 'watch', 'xargs', '!', '{', '(']);

function offer(session: Session, words: readonly string[], current: string): readonly string[] {
  let before = words;
  while (before[0] !== undefined && (openers.has(before[0]) || /^[A-Za-z_]\w*=/.test(before[0]))) before = before.slice(1);
  const [program, ...rest] = before;
  const place = session.places.at(-1);
  if (current.startsWith('$')) return Object.keys(place?.variables ?? session.variables).map((name) => `$${name}`);
  if (place !== undefined) return offerAt(session, place, before);
  if (program === undefined) return programNames();
  if (program === 'ssh' || program === 'on') {
    const { nodes, outside } = placeNames(session.lab);
    if (rest.length === 0) return program === 'ssh' ? nodes : [...nodes, ...outside];
    return rest.length > 1 ? hosts(session, null) : nodes.includes(rest[0] ?? '') ? [...toolNames(), ...nodeToolNames()] : toolNames();
  }
  if (program !== 'kubectl' && program !== 'k') return written(session, null);
  const dash = rest.indexOf('--');
  if (dash >= 0) return dash === rest.length - 1 ? toolsOfPod(session, rest) : hosts(session, namespaceOf(session, rest));
  const verb = verbs.find((one) => one.name === plainWords(rest, globalFlags)[0]);
  if (verb === undefined) {
    const last = rest.at(-1);
    if (last === '-n' || last === '--namespace') return namespaces(session);
    return current.startsWith('-') ? flagNames(globalFlags) : verbs.map((one) => one.name);
  }
  const flags = [...verb.flags, ...globalFlags];
  const wanted = flags.find((flag) => flag.takes !== 'switch' && flag.bare === undefined && (rest.at(-1) === `--${flag.name}` || rest.at(-1) === `-${flag.short ?? ''}`));
  if (wanted !== undefined) return valuesOf(session, verb, wanted, rest);
  if (current.startsWith('-')) return flagNames(flags);
  return wordsOf(session, verb, plainWords(rest.slice(rest.indexOf(verb.name) + 1), flags), rest, current);
}

/** In a shell that stays: the tools of the place, then names that they would be given. */
function offerAt(session: Session, place: OpenShell, before: readonly string[]): readonly string[] {
  const inside = placeAgain(session.lab, place.where);
  if (inside === null) return ['exit'];
  if (before.length > 0) return [...hosts(session, place.where.kind === 'container' ? place.where.namespace : null), ...(place.where.kind === 'container' ? ['/etc/hosts', '/etc/resolv.conf'] : ['/etc/hosts', '/etc/resolv.conf'])];
  const find = toolsAt(inside);
  return [...allToolNames().filter((name) => find(name) !== undefined), 'cd', 'exit', 'export', 'history'];
}

/** Of the pod that the words before the dashes name, or all there are. */
function toolsOfPod(session: Session, rest: readonly string[]): readonly string[] {
  const dash = rest.indexOf('--');
  const before = rest.slice(0, dash);
  if (before[0] === 'debug') return [...toolNames(), ...nodeToolNames()];
  const namespace = namespaceOf(session, before);
  const name = plainWords(before, [...globalFlags, { name: 'container', short: 'c', takes: 'text' }])[1]?.replace(/^(?:po|pods?)\//, '');
  const pod = session.lab.network.pods.find((one) => one.namespace === namespace && one.name === name);
  const at = before.findIndex((word) => word === '-c' || word === '--container');
  const container = pod?.containers.find((one) => (at >= 0 ? one.name === before[at + 1] : one.kind !== 'init'));
  if (container === undefined) return toolNames();
  const find = toolsOf(container.image);
  return toolNames().filter((tool) => find(tool) !== undefined);
}

/** Names that a client would call: Services as a pod of the namespace knows them, and hosts outside. */
function hosts(session: Session, namespace: string | null): readonly string[] {
  const { services, outside } = session.lab.network;
  const own = services.filter(({ ref }) => namespace === null || ref.namespace === namespace).map(({ ref }) => (namespace === null ? `${ref.name}.${ref.namespace}` : ref.name));
  return namespace === null ? outside.hosts.map(({ name }) => name) : [...own, ...services.filter(({ ref }) => ref.namespace !== namespace).map(({ ref }) => `${ref.name}.${ref.namespace}`), ...own.flatMap((name) => [`http://${name}/`])];
}

/** Files that were written in this session. */
const written = (session: Session, place: string | null): readonly string[] => Object.keys(session.files).filter((key) => (place === null ? !key.includes(':') : key.startsWith(`${place}:`)));

const flagNames = (flags: readonly Flag[]): readonly string[] => flags.map((flag) => `--${flag.name}`);

/** Words that are neither flags nor their values. */
function plainWords(words: readonly string[], flags: readonly Flag[]): readonly string[] {
  const plain: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) plain.push(word);
    else if (flags.some((flag) => flag.takes !== 'switch' && flag.bare === undefined && (word === `--${flag.name}` || word === `-${flag.short ?? ''}`))) index += 1;
  }
  return plain;
}

const namespaces = (session: Session): readonly string[] => list(session.lab.store, 'Namespace').map((stored) => stored.object.metadata.name);

function namespaceOf(session: Session, rest: readonly string[]): string {
  const at = rest.findIndex((word) => word === '-n' || word === '--namespace');
  const joined = rest.map((word) => /^(?:-n=?|--namespace=)(.+)$/.exec(word)?.[1]).find((value) => value !== undefined);
  return at >= 0 ? rest[at + 1] ?? session.namespace : joined ?? session.namespace;
}

function valuesOf(session: Session, verb: Verb, flag: Flag, rest: readonly string[]): readonly string[] {
  switch (flag.name) {
    case 'namespace': return namespaces(session);
    case 'filename': return written(session, null);
    case 'output': return verb.name === 'get' ? ['wide', 'yaml', 'json', 'name', 'jsonpath=', 'custom-columns='] : ['yaml', 'json', 'name'];
    case 'type': return verb.name === 'patch' ? ['json', 'merge', 'strategic'] : ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'];
    case 'container': {
      const pod = plainWords(rest, [...verb.flags, ...globalFlags])[1]?.replace(/^pods?\//, '');
      return session.lab.network.pods.find((one) => one.name === pod && one.namespace === namespaceOf(session, rest))?.containers.map((container) => container.name) ?? [];
    }
    case 'selector': return [...new Set(list(session.lab.store, 'Pod', namespaceOf(session, rest)).flatMap((stored) => Object.entries(stored.object.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`)))];
    default: return [];
  }
}

function wordsOf(session: Session, verb: Verb, plain: readonly string[], rest: readonly string[], current: string): readonly string[] {
  const namespace = namespaceOf(session, rest);
  const { store } = session.lab;
  const namesOf = (type: string): readonly string[] => {
    const kind = kindNamed(type, store);
    return kind === undefined ? [] : list(store, kind.kind, kind.namespaced ? namespace : undefined).map((stored) => stored.object.metadata.name);
  };
  const slashed = (types: readonly string[]): readonly string[] => types.flatMap((type) => namesOf(type).map((name) => `${type}/${name}`));
  switch (verb.completes) {
    case 'subcommands': {
      const [sub, type] = plain;
      if (sub === undefined) return verb.subcommands ?? [];
      const slash = current.indexOf('/');
      if (slash > 0) return slashed([current.slice(0, slash)]);
      if (verb.name === 'rollout' || verb.name === 'set') return type === undefined ? kindNames() : namesOf(type);
      return [];
    }
    case 'pods': {
      const slash = current.indexOf('/');
      if (slash > 0) return slashed([current.slice(0, slash)]);
      return plain.length === 0 ? [...namesOf('pods'), ...slashed(['deploy', 'svc'])] : [];
    }
    case 'objects': {
      const slash = current.indexOf('/');
      if (slash > 0) return slashed([current.slice(0, slash)]);
      const [type] = plain;
      if (type === undefined) {
        const comma = current.lastIndexOf(',');
        return comma < 0 ? kindNames() : kindNames().map((name) => current.slice(0, comma + 1) + name);
      }
      return type.includes('/') ? [] : namesOf(type).filter((name) => !plain.includes(name));
    }
    case 'files':
    case 'nothing': return [];
  }
}
