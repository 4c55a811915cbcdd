// A drill: a healthy cluster with seeded faults in it, as a lesson. The same for everybody with the same seed.
import { hash32 } from '../../sim/base/choose.ts';
import { by } from '../../sim/base/order.ts';
import type { Lab, SourceFile } from '../../sim/lab.ts';
import { openLab, reach } from '../../sim/lab.ts';
import { refOf } from '../../sim/model/object.ts';
import { stringify } from 'yaml';
import type { Intent, Lesson, LessonText, Prediction } from '../lesson.ts';
import type { Fault, Injury, Scene } from '../faults/fault.ts';
import { faults } from '../faults/faults.ts';
import { objectKey } from '../globs.ts';
import { tryOut } from '../trial.ts';
import { tryAnswer } from '../predictions.ts';
import { behaviourOf } from './behaviour.ts';
import { castOf } from './cast.ts';
import type { AskedAbout } from './drill-text.ts';
import { drillText } from './drill-text.ts';
import type { Manifest } from './manifests.ts';
import { healthy } from './manifests.ts';

/** More than this in one cluster nobody tells apart. */
export const mostFaults = 4;

export interface DrillWish {
  readonly seed: number;
  /** How many, or which, by name. */
  readonly faults: number | readonly string[];
}

interface Chosen {
  readonly fault: Fault;
  readonly injury: Injury;
}

const keyOf = (object: Manifest): string => objectKey(refOf(object));

const fileOf = (name: string, objects: readonly Manifest[]): SourceFile => ({ path: `cluster/${name}.yaml`, text: objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n') });

/** Objects as files, one for each namespace. */
function filesOf(objects: Iterable<Manifest>): SourceFile[] {
  const groups = new Map<string, Manifest[]>();
  for (const object of objects) {
    const name = object.kind === 'Cluster' ? 'lab' : object.metadata.namespace ?? 'around';
    groups.set(name, [...(groups.get(name) ?? []), object]);
  }
  return [...groups].map(([name, all]) => fileOf(name, all)).sort(by((file) => file.path));
}

function opened(objects: ReadonlyMap<string, Manifest>): Lab {
  const lab = openLab(filesOf(objects.values()));
  if (!lab.ok) throw new Error(`a drill's cluster is refused: ${lab.failures.map(({ says }) => says).join('; ')}`);
  return lab.value;
}

function injured(objects: ReadonlyMap<string, Manifest>, injuries: readonly Injury[]): Map<string, Manifest> {
  const after = new Map(objects);
  for (const { changed, removed } of injuries) {
    for (const key of removed) after.delete(key);
    for (const object of changed) after.set(keyOf(object), object);
  }
  return after;
}

const touches = ({ changed, removed }: Injury): readonly string[] => [...changed.map(keyOf), ...removed];

const shows = (intents: readonly Intent[], lab: Lab): boolean => {
  const trial = tryOut(intents, lab);
  return intents.some((_, index) => !trial.live(index).holds);
};

/** Everything that the seed could have broken, in its own order for each seed. */
function candidates(scene: Scene, seed: number, names: readonly string[] | null): Chosen[] {
  const shuffled = <Item extends { readonly name: string }>(items: readonly Item[]): Item[] => [...items].sort((left, right) => hash32(`${seed}\u0000fault/${left.name}`) - hash32(`${seed}\u0000fault/${right.name}`));
  const wanted = names === null ? shuffled(faults) : faults.filter(({ name }) => names.includes(name));
  return wanted.flatMap((fault) => {
    const ways = fault.ways(scene);
    const first = ways.length === 0 ? 0 : hash32(`${seed}\u0000way/${fault.name}`) % ways.length;
    return [...ways.slice(first), ...ways.slice(0, first)].map((injury) => ({ fault, injury }));
  });
}

/** The faults of a drill: each shows alone, no two are of one kind or touch one object. */
function chosenFaults(scene: Scene, intents: readonly Intent[], { seed, faults: wish }: DrillWish): Chosen[] {
  const chosen: Chosen[] = [];
  const count = typeof wish === 'number' ? Math.min(wish, mostFaults) : wish.length;
  for (const one of candidates(scene, seed, typeof wish === 'number' ? null : wish)) {
    if (chosen.length >= count) break;
    const taken = new Set(chosen.flatMap(({ injury }) => touches(injury)));
    if (chosen.some(({ fault }) => fault === one.fault) || touches(one.injury).some((key) => taken.has(key))) continue;
    if (shows(intents, opened(injured(scene.objects, [one.injury])))) chosen.push(one);
  }
  return chosen;
}

/** The healthy objects of all that was touched, and a deletion of what was added: one way to repair it. */
function repairOf(scene: Scene, injuries: readonly Injury[]): SourceFile {
  const documents = [...new Set(injuries.flatMap(touches))].map((key) => {
    const right = scene.objects.get(key);
    const added = right === undefined ? injuries.flatMap(({ changed }) => changed).find((object) => keyOf(object) === key) : undefined;
    return right ?? (added === undefined ? null : { $patch: 'delete', apiVersion: added.apiVersion, kind: added.kind, metadata: { name: added.metadata.name, ...(added.metadata.namespace === undefined ? {} : { namespace: added.metadata.namespace }) } });
  });
  return { path: 'solutions/as-it-was.yaml', text: documents.filter((document) => document !== null).map((document) => stringify(document, { lineWidth: 0 })).join('---\n') };
}

type Asked = Omit<Prediction, 'id' | 'choices'>;

/** The requests that a prediction could be about, those that fail first. */
function askable(intents: readonly Intent[], broken: Lab): readonly Asked[] {
  const trial = tryOut(intents, broken);
  return intents.flatMap((intent, index): Asked[] => {
    if (trial.live(index).holds || intent.kind === 'ready') return [];
    const plain = { http: null, size: null } as const;
    if (intent.kind === 'lookup') return [{ ...plain, from: intent.from, to: { kind: 'target', text: `http://${intent.name}/` }, about: intent.queries === null ? 'verdict' : 'queries' }];
    return intent.pairs.filter((pair) => {
      const answer = tryAnswer({ ...plain, ...pair, id: '', about: 'verdict', choices: [] }, broken);
      return answer.ok && (intent.expect === 'blocked' ? answer.value.answer === 'delivered' : true);
    }).map((pair) => ({ ...plain, ...pair, about: 'verdict' }));
  });
}

/** A question about the first thing that fails: its answer and three others; and what it calls, as text. */
function predictionOf(intents: readonly Intent[], broken: Lab, seed: number): AskedAbout[] {
  for (const asked of askable(intents, broken)) {
    const prediction: Prediction = { id: 'first-call', ...asked, choices: [] };
    const answer = tryAnswer(prediction, broken);
    if (!answer.ok) continue;
    const all = asked.about === 'queries' ? ['1', '2', '4', '6', '8', '10'] : ['delivered', 'refused', 'timeout', 'name-not-found', 'dns-failure', 'http-error'];
    const three = all.filter((choice) => choice !== answer.value.answer).sort((left, right) => hash32(`${seed}\u0000choice/${left}`) - hash32(`${seed}\u0000choice/${right}`)).slice(0, 3);
    return [{ calls: answer.value.trace.request.to.text, prediction: { ...prediction, choices: [answer.value.answer, ...three].sort(asked.about === 'queries' ? (left, right) => Number(left) - Number(right) : by((choice) => choice)) } }];
  }
  return [];
}

/** How a drill is called: `drill-42-2`, or `drill-42-svc-selector-typo` with its fault by name. */
export const drillName = ({ seed, faults: wish }: DrillWish): string => `drill-${seed}-${typeof wish === 'number' ? wish : wish.join('.')}`;

/** What a drill's name says; `null` for other names, and for faults that do not exist. */
export function drillNamed(name: string): DrillWish | null {
  const found = /^drill-(\d{1,9})-(?:([1-9])|([a-z][a-z0-9.-]*))$/.exec(name);
  if (found === null) return null;
  const seed = Number(found[1]);
  if (found[2] !== undefined) return Number(found[2]) > mostFaults ? null : { seed, faults: Number(found[2]) };
  const names = (found[3] ?? '').split('.');
  return names.length <= mostFaults && names.every((one) => faults.some((fault) => fault.name === one)) ? { seed, faults: names } : null;
}

const addressOf = (lab: Lab): string | null => lab.network.services.find(({ type, ref }) => type === 'LoadBalancer' && ref.namespace !== 'ingress-nginx')?.balancer[0]?.ip ?? null;

/** Seeds at which these faults were looked for, until a cluster has what they break: a door, a proxy. */
const nextSeeds = 40;

/** The lesson of a wish. With faults by name the cast is that of the first seed from the wish's on in which all of them can show. */
export function makeDrill(wish: DrillWish): Lesson {
  const wanted = typeof wish.faults === 'number' ? Math.min(wish.faults, mostFaults) : wish.faults.length;
  for (let seed = wish.seed; ; seed++) {
    const cast = castOf(seed);
    const objects = new Map(healthy(cast).map((object) => [keyOf(object), object]));
    const scene: Scene = { cast, objects };
    const lab = opened(objects);
    const intents = behaviourOf(cast, addressOf(lab));
    const chosen = chosenFaults(scene, intents, { ...wish, seed });
    if (chosen.length < wanted && typeof wish.faults !== 'number' && seed < wish.seed + nextSeeds) continue;
    const injuries = chosen.map(({ injury }) => injury);
    const after = injured(objects, injuries);
    const broken = opened(after);
    const diagnoses = injuries.map(({ diagnosis }) => diagnosis);
    const asked = predictionOf(intents, broken, seed);
    const allowed = new Map(reach(lab).connections.map(({ from, to }) => [`${from} ${to}`, { from, to }]));
    const texts: Record<string, LessonText> = Object.fromEntries((['en', 'de'] as const).map((language) => [language, drillText(language, wish, chosen, asked)]));
    const text = texts['en'];
    return {
      name: drillName(wish), title: text?.title ?? drillName(wish), minutes: 5 + 5 * chosen.length, level: 3,
      layers: ['policy', 'dns', 'service', 'pod', 'network', 'external'], concepts: [], requires: [], focus: 'layers', steps: [],
      intents, predictions: asked.map(({ prediction }) => prediction), diagnosis: diagnoses[0] ?? null, diagnoses, faults: chosen.map(({ fault }) => fault.name),
      guard: { opened: [...allowed.values()], untouched: [{ object: 'Namespace/*', field: null }], keeps: [], loadBalancers: null },
      edits: injuries.reduce((sum, { changed, removed }) => sum + changed.length + removed.length, 0),
      cluster: filesOf(after.values()), solutions: [{ name: 'as-it-was', files: [repairOf(scene, injuries)], run: [], free: [] }], traps: [], texts,
    };
  }
}
