// A lesson folder, read into a lesson: what it is, its cluster, its solutions and traps, and its words.
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import { by } from '../sim/base/order.ts';
import { isMap } from 'yaml';
import type { Lesson, LessonCard, LessonText, Step, StepEnd } from './lesson.ts';
import { lessonFormat } from './lesson.ts';
import { choiceOf, complain, formatHolds, listOf, mapOf, nameIn, numberOf, readFields, textOf, textsOf, wanted } from './fields.ts';
import type { Field } from './fields.ts';
import { decodeIntent } from './decode-intent.ts';
import { decodePrediction, layers } from './decode-prediction.ts';
import { decodeDiagnoses, decodeGuard } from './decode-guard.ts';
import { decodeSolution, decodeTrap } from './decode-fix.ts';
import { decodeText } from './decode-text.ts';
import { isLanguage } from './lesson-in.ts';

type Card = Omit<LessonCard, 'module'>;
type Spec = Omit<Lesson, 'cluster' | 'solutions' | 'traps' | 'texts'>;

const specFields = ['title', 'minutes', 'level', 'layers', 'concepts', 'requires', 'focus', 'intents', 'predictions', 'guard', 'diagnosis', 'edits', 'faults', 'steps'] as const;

/** The document and what every reader of it needs first; `undefined` when it is no lesson that this program reads. */
function openSpec(file: SourceFile, problems: Problem[]): { card: Card | undefined; spec: Field; fields: ReadonlyMap<string, Field> } | undefined {
  const document = readFields(file.path, file.text, problems);
  if (document === undefined) return undefined;
  const outer = mapOf(document, ['apiVersion', 'kind', 'metadata', 'spec']);
  if (!formatHolds(document, outer, lessonFormat, 'Lesson')) return undefined;
  const metadata = wanted(document, outer, 'metadata', '{ name: … }');
  const spec = wanted(document, outer, 'spec', 'title, minutes, level, intents …');
  const name = metadata === undefined ? undefined : nameIn(wanted(metadata, mapOf(metadata, ['name']), 'name', 'the id of the lesson, in words'));
  if (spec === undefined) return undefined;
  const fields = mapOf(spec, specFields);
  const title = textOf(wanted(spec, fields, 'title', 'what people read on the map'), 'a title');
  const minutes = numberOf(wanted(spec, fields, 'minutes', 'how long it takes'), 1, 120);
  const level = numberOf(wanted(spec, fields, 'level', '1 guided, 2 assisted, 3 on your own'), 1, 3);
  const complete = name !== undefined && title !== undefined && minutes !== undefined && (level === 1 || level === 2 || level === 3);
  return { card: complete ? { name, title, minutes, level } : undefined, spec, fields };
}

function decodeEnd(field: Field | undefined): StepEnd | undefined {
  if (field === undefined) return undefined;
  if (!isMap(field.node)) {
    const word = choiceOf(field, ['predicted', 'diagnosed', 'intents']);
    return word === undefined ? undefined : word === 'predicted' ? { kind: word, id: null } : { kind: word };
  }
  const fields = mapOf(field, ['ran', 'opened', 'stepped-to', 'predicted']);
  const entries = [...fields];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    complain(field, 'invalid-value', 'a step ends in one way', 'Write one of { ran: … }, { opened: PANE }, { stepped-to: STATION }, { predicted: ID }, predicted, diagnosed or intents.');
    return undefined;
  }
  const [name, inner] = entry;
  if (name === 'stepped-to' && isMap(inner.node)) {
    const station = textOf(wanted(inner, mapOf(inner, ['station']), 'station', 'a station of the trace'), 'a station of the trace');
    return station === undefined ? undefined : { kind: 'stepped-to', station };
  }
  const text = textOf(inner, name === 'ran' ? 'a command: kubectl get endpointslices' : 'a name');
  if (text === undefined) return undefined;
  switch (name) {
    case 'ran': return { kind: 'ran', meaning: text.replace(/^kubectl\s+/, '').replace(/\s+/g, ' ') };
    case 'opened': return { kind: 'opened', pane: text };
    case 'predicted': return { kind: 'predicted', id: text };
    default: return { kind: 'stepped-to', station: text };
  }
}

function decodeStep(field: Field): Step | undefined {
  const fields = mapOf(field, ['title', 'ends']);
  const title = textOf(wanted(field, fields, 'title', 'the heading of its part of the text'), 'a title');
  const ends = decodeEnd(wanted(field, fields, 'ends', 'what ends the step'));
  return title === undefined || ends === undefined ? undefined : { title, ends };
}

function decodeSpec(file: SourceFile, problems: Problem[]): Spec | undefined {
  const opened = openSpec(file, problems);
  if (opened === undefined) return undefined;
  const { card, spec, fields } = opened;
  const concerned = listOf(wanted(spec, fields, 'layers', '[service]'), layers.join(', ')).map((item) => choiceOf(item, layers)).filter((layer) => layer !== undefined);
  const predictions = listOf(fields.get('predictions'), '{ id, from, to, choices }').map(decodePrediction).filter((prediction) => prediction !== undefined);
  const steps = listOf(fields.get('steps'), '{ title, ends }').map(decodeStep).filter((step) => step !== undefined);
  const ids = new Set(predictions.map((prediction) => prediction.id));
  const at = fields.get('predictions');
  if (at !== undefined && ids.size < predictions.length) complain(at, 'duplicate', 'two predictions have the same id', 'Give each its own.');
  for (const { title, ends } of steps) {
    const where = fields.get('steps');
    if (where !== undefined && ends.kind === 'predicted' && ends.id !== null && !ids.has(ends.id)) complain(where, 'invalid-value', `the step "${title}" waits for a prediction "${ends.id}" that the lesson does not have`, `Predictions are ${[...ids].join(', ')}.`);
  }
  const intents = listOf(wanted(spec, fields, 'intents', 'what must hold'), '{ say, from, to, expect }').map(decodeIntent).filter((intent) => intent !== undefined);
  const diagnoses = decodeDiagnoses(fields.get('diagnosis'));
  const rest = {
    intents, predictions, steps,
    layers: concerned,
    concepts: textsOf(fields.get('concepts'), 'words'),
    requires: listOf(fields.get('requires'), 'names of lessons').map(nameIn).filter((name) => name !== undefined),
    focus: choiceOf(fields.get('focus'), ['layers', 'dns', 'policy']) ?? 'layers',
    guard: decodeGuard(fields.get('guard')),
    diagnosis: diagnoses[0] ?? null, diagnoses,
    faults: listOf(fields.get('faults'), 'ids of faults').map(nameIn).filter((name) => name !== undefined),
    edits: numberOf(fields.get('edits'), 1, 50) ?? null,
  };
  return card === undefined ? undefined : { ...card, ...rest };
}

const missing = (folder: string, path: string, says: string, help: string): Problem =>
  ({ code: 'missing-file', severity: 'error', says, where: { file: `${folder}/${path}`, line: null, column: null, object: null, field: null }, help });

/** What stands before the intents: reading the whole of every lesson would cost the first screen a tenth of a second. */
function headOf(text: string): string {
  const at = text.search(/^ {2}intents:/m);
  return at < 0 ? text : text.slice(0, at);
}

/** What the map shows, from lesson.yaml alone; other files are not looked at, nor what a card does not need. */
export function cardOf(files: readonly SourceFile[]): Result<Card, Problem> {
  const file = files.find((one) => one.path === 'lesson.yaml' || one.path.endsWith('/lesson.yaml'));
  if (file === undefined) return fail(missing('.', 'lesson.yaml', 'there is no lesson.yaml', 'A lesson is a folder with a lesson.yaml in it.'));
  const quick: Problem[] = [];
  const head = openSpec({ ...file, text: headOf(file.text) }, quick)?.card;
  if (head !== undefined && quick.length === 0) return succeed(head);
  const problems: Problem[] = [];
  const card = openSpec(file, problems)?.card;
  return card === undefined || problems.length > 0 ? fail(...problems) : succeed(card);
}

/** Reads a lesson from the files of its folder; their paths are relative to it, and problems name them with `folder` in front. */
export function decodeLesson(files: readonly SourceFile[], folder: string): Result<Lesson, Problem> {
  const problems: Problem[] = [];
  const placed = files.map((file) => ({ path: file.path, named: { path: folder === '' ? file.path : `${folder}/${file.path}`, text: file.text } })).sort(by((file) => file.path));
  const inside = (part: string, end: RegExp): SourceFile[] => placed.filter((file) => file.path.startsWith(`${part}/`) && end.test(file.path)).map((file) => file.named);
  const lessonFile = placed.find((file) => file.path === 'lesson.yaml')?.named;
  if (lessonFile === undefined) return fail(missing(folder, 'lesson.yaml', 'there is no lesson.yaml', 'A lesson is a folder with a lesson.yaml in it; see docs/writing-lessons.md.'));
  const spec = decodeSpec(lessonFile, problems);
  const yaml = /\.(ya?ml|json)$/;
  const cluster = inside('cluster', yaml);
  if (cluster.length === 0) problems.push(missing(folder, 'cluster', 'there are no manifests', 'Put the broken cluster into cluster/*.yaml.'));
  const solutions = inside('solutions', yaml).map((file) => decodeSolution(file, problems)).filter((solution) => solution !== undefined);
  const traps = inside('traps', yaml).map((file) => decodeTrap(file, problems)).filter((trap) => trap !== undefined);
  const names = { predictions: spec?.predictions.map((one) => one.id) ?? [], traps: traps.map((trap) => trap.name), steps: spec?.steps.map((step) => step.title) ?? [], intents: spec?.intents.length ?? 0 };
  const texts: Record<string, LessonText> = {};
  if (spec !== undefined && problems.length === 0) {
    for (const file of inside('text', /\.md$/)) {
      const text = decodeText(file, names, problems);
      if (isLanguage(text.language)) texts[text.language] = text;
      else problems.push(missing(folder, `text/${text.language}.md`, `"${text.language}" is no language`, 'Name the file after a language: en.md.'));
    }
    if (texts['en'] === undefined) problems.push(missing(folder, 'text/en.md', 'there is no English text', 'Every other language falls back to English: write text/en.md.'));
  }
  return spec === undefined || problems.length > 0 ? fail(...problems) : succeed({ ...spec, cluster, solutions, traps, texts });
}
