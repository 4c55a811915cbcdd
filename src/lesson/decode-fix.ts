// A solution or a trap: a file that `kubectl apply` takes, with at most one document of ours in it that says the rest.
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Fall, Shape, Solution, Trap } from './lesson.ts';
import { lessonFormat } from './lesson.ts';
import { choiceOf, complain, formatHolds, listOf, mapOf, readFields, textOf, textsOf, wanted } from './fields.ts';
import type { Field } from './fields.ts';

const falls: readonly Fall[] = ['intent', 'replaced', 'every-node', 'outside', 'opened', 'guard'];
const aGlob = 'KIND/NAMESPACE/NAME, where * stands for any text (KIND/NAME for what has no namespace)';

/** Cuts our own document out of the manifests, leaving blank lines in its place so that positions stay true. */
function cutOwn(text: string, kind: string): { readonly manifests: string; readonly own: string | null } {
  const lines = text.split('\n');
  const starts = [0, ...lines.flatMap((line, index) => (/^---(\s|$)/.test(line) ? [index + 1] : []))];
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1];
    const end = next === undefined ? lines.length : next - 1;
    const part = lines.slice(start, end);
    if (!part.some((line) => line.replace(/\s*(#.*)?$/, '') === `kind: ${kind}`) || !part.some((line) => /^apiVersion:\s*k8snet-lab\//.test(line))) continue;
    const blank = (from: number, to: number): string[] => Array.from({ length: to - from }, () => '');
    return { manifests: [...lines.slice(0, start), ...blank(start, end), ...lines.slice(end)].join('\n'), own: [...blank(0, start), ...part].join('\n') };
  }
  return { manifests: text, own: null };
}

const empty = (manifests: string): boolean => manifests.split('\n').every((line) => /^\s*(#.*)?$/.test(line) || /^---\s*(#.*)?$/.test(line));

const baseName = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/, '');

function decodeShape(field: Field): Shape | undefined {
  const fields = mapOf(field, ['changed', 'created', 'deleted', 'field']);
  const how = (['changed', 'created', 'deleted'] as const).filter((name) => fields.has(name));
  const [only] = how;
  if (only === undefined || how.length > 1) {
    complain(field, 'invalid-value', 'says what a fix did to one object: one of changed, created, deleted', `Write for example { changed: ${aGlob} }.`);
    return undefined;
  }
  const object = textOf(fields.get(only), aGlob);
  return object === undefined ? undefined : { how: only, object, field: textOf(fields.get('field'), 'a field path') ?? null };
}

/** Reads a file of solutions/. */
export function decodeSolution(file: SourceFile, problems: Problem[]): Solution | undefined {
  const { manifests, own } = cutOwn(file.text, 'Solution');
  let run: string[] = [];
  const free: { object: string; field: string; why: string }[] = [];
  if (own !== null) {
    const document = readFields(file.path, own, problems);
    if (document === undefined) return undefined;
    const fields = mapOf(document, ['apiVersion', 'kind', 'spec']);
    const spec = wanted(document, fields, 'spec', 'run or free');
    if (!formatHolds(document, fields, lessonFormat, 'Solution') || spec === undefined) return undefined;
    const inside = mapOf(spec, ['run', 'free']);
    run = textsOf(inside.get('run'), 'lines for the lab\'s terminal');
    for (const item of listOf(inside.get('free'), 'fields that may be left out, each with a reason')) {
      const entry = mapOf(item, ['object', 'field', 'why']);
      const object = textOf(wanted(item, entry, 'object', aGlob), aGlob);
      const field = textOf(wanted(item, entry, 'field', 'a field path'), 'a field path');
      const why = textOf(wanted(item, entry, 'why', 'why it may be left out or altered'), 'a sentence');
      if (object !== undefined && field !== undefined && why !== undefined) free.push({ object, field, why });
    }
  }
  if (empty(manifests) && run.length === 0) {
    problems.push({ code: 'empty-file', severity: 'error', says: 'the solution changes nothing', where: { file: file.path, line: 1, column: 1, object: null, field: null }, help: 'Put manifests into it, or a Solution document with "run".' });
    return undefined;
  }
  return { name: baseName(file.path), files: empty(manifests) ? [] : [{ path: file.path, text: manifests }], run, free };
}

/** Reads a file of traps/. */
export function decodeTrap(file: SourceFile, problems: Problem[]): Trap | undefined {
  const { manifests, own } = cutOwn(file.text, 'Trap');
  if (own === null) {
    problems.push({
      code: 'missing-field', severity: 'error', says: 'a trap needs a Trap document that says which check it falls for',
      where: { file: file.path, line: 1, column: 1, object: null, field: null },
      help: `Begin the file with: apiVersion: ${lessonFormat}, kind: Trap, spec: { falls: replaced }, and --- before the manifests.`,
    });
    return undefined;
  }
  const document = readFields(file.path, own, problems);
  if (document === undefined) return undefined;
  const fields = mapOf(document, ['apiVersion', 'kind', 'spec']);
  const spec = wanted(document, fields, 'spec', '{ falls: … }');
  if (!formatHolds(document, fields, lessonFormat, 'Trap') || spec === undefined) return undefined;
  const inside = mapOf(spec, ['falls', 'run', 'looksLike']);
  const fall = choiceOf(wanted(spec, inside, 'falls', `the check that it falls for: ${falls.join(', ')}`), falls);
  const run = textsOf(inside.get('run'), 'lines for the lab\'s terminal');
  const looksLike = listOf(inside.get('looksLike'), 'what a fix of this kind does').map(decodeShape).filter((shape) => shape !== undefined);
  if (empty(manifests) && run.length === 0) complain(document, 'empty-file', 'the trap changes nothing', 'Put manifests behind it, or "run" with lines for the terminal.');
  return fall === undefined ? undefined : { name: baseName(file.path), files: empty(manifests) ? [] : [{ path: file.path, text: manifests }], run, falls: fall, looksLike };
}
