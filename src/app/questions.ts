// The questions of a lesson and what can be answered: predictions before the run, then the diagnosis by lists: layer, object, field.
import type { Diagnosis, Prediction } from '../lesson/lesson.ts';
import type { KubeObject, ObjectRef } from '../sim/model/object.ts';
import { refOf } from '../sim/model/object.ts';
import type { Layer } from '../sim/model/trace.ts';
import { byText } from '../sim/base/order.ts';
import type { Desk, Question } from './state.ts';

export const layers: readonly Layer[] = ['pod', 'network', 'policy', 'service', 'dns', 'external'];

export const isLayer = (text: string): text is Layer => layers.some((layer) => layer === text);

/** `KIND/NAMESPACE/NAME` or `KIND/NAME`, as lesson files write an object. */
export const objectText = (ref: ObjectRef): string => (ref.namespace === '' ? `${ref.kind}/${ref.name}` : `${ref.kind}/${ref.namespace}/${ref.name}`);

export const predictionOf = (desk: Desk, id: string): Prediction | null => desk.lesson?.predictions.find((one) => one.id === id) ?? null;

/** The choices of the open question, in order. */
export function choicesOf(desk: Desk): readonly string[] {
  const { question } = desk.story;
  if (question === null) return [];
  if (question.kind === 'prediction') return predictionOf(desk, question.id)?.choices ?? [];
  if (question.layer === null) return layers;
  if (question.object === null) return diagnosable(desk);
  return fieldsOf(desk, question.object);
}

/** More than this is no list to choose from: then only what the intents' roads and namespaces touch. */
const manyObjects = 16;

/** What a person declared, as the lesson was opened: the diagnosis is about the broken cluster. The cluster's own document stands among it: the plugin is declared there. */
function diagnosable(desk: Desk): readonly string[] {
  const refs: ObjectRef[] = [];
  for (const stored of desk.broken.store.objects.values()) {
    if (!stored.implied && stored.origin !== null) refs.push(refOf(stored.object));
  }
  const near = refs.length <= manyObjects ? refs : refs.filter(onRoads(desk));
  const texts = new Set(near.map(objectText));
  // What is there without being declared (CoreDNS's ConfigMap, a Node) can be the cause as well.
  for (const wanted of desk.lesson?.diagnoses ?? []) texts.add(wanted.object);
  return [...texts].sort(byText);
}

/** Whether an object is met by a request of the lesson, or lives where one starts or ends. */
function onRoads(desk: Desk): (ref: ObjectRef) => boolean {
  const hops = desk.brokenRows.flatMap((row) => row.trace?.shown.hops ?? []);
  const met = new Set(hops.map(({ object }) => objectText(object)));
  const spaces = new Set([...hops.map(({ object }) => object.namespace), ...desk.brokenRows.map(({ from }) => from.split('/')[0] ?? '')]);
  return (ref) => met.has(objectText(ref)) || ref.kind === 'Cluster' || (ref.kind === 'Namespace' ? spaces.has(ref.name) : ref.namespace !== '' && spaces.has(ref.namespace));
}

/** What can be edited now: everything that a person made, not what controllers made of it. */
export function declaredNow(desk: Desk): ObjectRef[] {
  const refs: ObjectRef[] = [];
  for (const { object, implied } of desk.session.lab.store.objects.values()) {
    const owned = (object.metadata.ownerReferences ?? []).some(({ controller }) => controller === true);
    if (!implied && !owned && object.kind !== 'EndpointSlice' && object.kind !== 'Endpoints') refs.push(refOf(object));
  }
  return refs.sort((left, right) => byText(objectText(left), objectText(right)));
}

/** The fields of an object that somebody wrote, maps of texts as one field. */
function fieldsOf(desk: Desk, object: string): readonly string[] {
  const stored = [...desk.broken.store.objects.values()].find(({ object: kept }) => objectText(refOf(kept)) === object);
  const fields = new Set<string>();
  // What is not there at all has the fields that anything has: its name alone would say that it is missing.
  if (stored === undefined) for (const field of ['metadata.name', 'metadata.namespace', 'spec']) fields.add(field);
  else collect(fieldRoots(stored.object), '', fields);
  // A field that is missing in the manifest can be the cause: it must be on the list.
  for (const wanted of desk.lesson?.diagnoses ?? []) if (wanted.object === object) fields.add(wanted.field);
  return [...fields].sort(byText);
}

const fieldRoots = (object: KubeObject): Readonly<Record<string, unknown>> => {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object;
  const { labels, annotations } = metadata;
  const kept = { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
  return Object.keys(kept).length === 0 ? rest : { metadata: kept, ...rest };
};

function collect(value: unknown, path: string, fields: Set<string>): void {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) fields.add(path);
    else value.forEach((item, index) => collect(item, `${path}[${index}]`, fields));
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const flat = entries.every(([, item]) => typeof item !== 'object' || item === null);
    if (path !== '' && (entries.length === 0 || (flat && /(labels|annotations|matchLabels|[sS]elector|data)$/.test(path)))) fields.add(path);
    else for (const [key, item] of entries) if (key !== 'status') collect(item, path === '' ? key : `${path}.${key}`, fields);
  } else if (path !== '') {
    fields.add(path);
  }
}

/** The next question after this choice; `done` when the diagnosis is whole. */
export function afterDiagnosisChoice(question: Extract<Question, { kind: 'diagnosis' }>, choice: string): Question | { readonly kind: 'done'; readonly given: Diagnosis } {
  if (question.layer === null) return isLayer(choice) ? { ...question, layer: choice } : question;
  if (question.object === null) return { ...question, object: choice };
  return { kind: 'done', given: { layer: question.layer, object: question.object, field: choice } };
}
