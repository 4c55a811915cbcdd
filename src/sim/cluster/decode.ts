// Files in, objects out: YAML or JSON, several documents, Lists opened up, every field with its place.
import { fail, succeed } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { KubeObject } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { isRecord } from './record.ts';
import type { Origin } from './store.ts';
import { guard, guardDepth } from './decode/guard.ts';
import { lineColumn, lineStarts, originOf } from './decode/read.ts';
import type { Fault, Read } from './decode/read.ts';
import { readJson } from './decode/read-json.ts';
import { readYaml } from './decode/read-yaml.ts';
import { quoted } from './problem-at.ts';

export interface Decoded {
  /** With what was written and nothing else: no defaults, no namespace that was left out. */
  readonly object: KubeObject;
  readonly origin: Origin;
}

export interface SourceText {
  readonly path: string;
  readonly text: string;
}

export interface DecodeOptions {
  /** False: what cannot be read becomes a warning and the rest is given. */
  readonly validate?: boolean;
}

/**
 * The objects of some files in the order in which they stand there. Fails with every problem found: `yaml-syntax`, `too-large`, `too-deep`, `not-an-object`, `required-value`.
 * Unquoted words mean what they mean to kubectl (YAML 1.1: `yes` is true, `017` is fifteen). Limits: 20,000,000 characters a file, 100 levels of nesting.
 */
export function decode(files: readonly SourceText[], options: DecodeOptions = {}): Result<{ readonly documents: readonly Decoded[]; readonly warnings: readonly Problem[] }, Problem> {
  const documents: Decoded[] = [];
  const problems: Problem[] = [];
  for (const file of files) decodeText(file, documents, problems);
  if (options.validate === false) return succeed({ documents, warnings: problems.map((problem): Problem => ({ ...problem, severity: 'warning' })) });
  return problems.length > 0 ? fail(...problems) : succeed({ documents, warnings: [] });
}

/** The one object of a text: for an editor, and for a command's standard input. Fails like {@link decode}, and with `not-an-object` for none or several. */
export function decodeOne(text: string, path: string): Result<Decoded, Problem> {
  const decoded = decode([{ path, text }]);
  if (!decoded.ok) return decoded;
  const [document, second] = decoded.value.documents;
  if (document !== undefined && second === undefined) return succeed(document);
  const says = document === undefined ? 'there is no object here' : 'there is more than one object here';
  const line = second?.origin.positions['']?.[0] ?? (document === undefined ? 1 : null);
  return fail<Problem>({ code: 'not-an-object', severity: 'error', says, where: { file: path, line, column: line === null ? null : 1, object: null, field: null }, help: null });
}

function decodeText(file: SourceText, documents: Decoded[], problems: Problem[]): void {
  const text = file.text.startsWith('\ufeff') ? file.text.slice(1) : file.text;
  const starts = lineStarts(text);
  const report = (code: string, says: string, help: string | null, offset: number, field: string | null, object: string | null = null): void => {
    const [line, column] = lineColumn(starts, offset);
    problems.push({ code, severity: 'error', says, where: { file: file.path, line, column, object, field }, help });
  };
  const tooMuch = guard(text);
  // What is strict JSON is read as such: a dump of a cluster is big, and kubectl does the same.
  const json = tooMuch === undefined && /^\s*[{[]/.test(text) ? readJson(text) : undefined;
  const refusal = tooMuch ?? (json === undefined ? guardDepth(text) : undefined);
  if (refusal !== undefined) {
    report(refusal.code, refusal.says, refusal.help, refusal.offset, null);
    return;
  }
  for (const read of json ?? readYaml(text)) {
    if (isFault(read)) report('yaml-syntax', read.says, read.help, read.offset, read.field);
    else for (const document of open(read, file.path, starts, report)) documents.push(document);
  }
}

const isFault = (read: Read | Fault): read is Fault => 'says' in read;

type Report = (code: string, says: string, help: string | null, offset: number, field: string | null, object?: string | null) => void;

/** The objects of one document: itself, or the items of a List. */
function open(read: Read, file: string, starts: readonly number[], report: Report): Decoded[] {
  return openPart(read.value, 0, read.paths.length, '', {});

  function openPart(value: unknown, from: number, to: number, prefix: string, inherited: { readonly apiVersion?: string; readonly kind?: string }): Decoded[] {
    const offset = read.offsets[from] ?? 0;
    if (!isRecord(value)) {
      const what = Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
      report('not-an-object', `an object was expected here, this is ${what}`, 'A manifest starts with apiVersion, kind and metadata.', offset, prefix === '' ? null : prefix);
      return [];
    }
    const apiVersion = value['apiVersion'] ?? inherited.apiVersion;
    const kind = value['kind'] ?? inherited.kind;
    if (!isWord(kind)) {
      report('required-value', "Object 'Kind' is missing", 'Every object says its apiVersion and kind.', offset, 'kind');
      return [];
    }
    if (!isWord(apiVersion)) {
      report('required-value', 'apiVersion not set', `A ${quoted(kind)} needs its apiVersion, such as "v1" or "apps/v1".`, offset, 'apiVersion');
      return [];
    }
    const items = value['items'];
    if (kind.endsWith('List') && (Array.isArray(items) || items === null || items === undefined) && !isRecord(value['spec'])) {
      // The items of a typed list (PodList) need not say what they are.
      const typed = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
      const found: Decoded[] = [];
      let start = from;
      for (const [index, item] of (items ?? []).entries()) {
        const path = `${prefix}${prefix === '' ? '' : '.'}items[${index}]`;
        const next = `${prefix}${prefix === '' ? '' : '.'}items[${index + 1}]`;
        while (start < to && read.paths[start] !== path) start++;
        let end = start + 1;
        while (end < to && read.paths[end] !== next) end++;
        found.push(...openPart(item, start, end, path, typed));
        start = end;
      }
      return found;
    }
    const metadata = value['metadata'] ?? {};
    const misfit = isRecord(metadata) ? (['name', 'namespace'] as const).find((field) => !isName(metadata[field])) : '';
    if (!isRecord(metadata) || misfit !== undefined) {
      const field = misfit === undefined || misfit === '' ? 'metadata' : `metadata.${misfit}`;
      report('wrong-type', ...metadataMisfit(metadata, kind, misfit), placeIn(field, offset), field);
      return [];
    }
    const name = metadata['name'];
    const generateName = metadata['generateName'];
    if ((name === undefined || name === null || name === '') && !(typeof generateName === 'string' && generateName !== '')) {
      report('required-value', 'metadata.name: Required value: name or generateName is required', null, placeIn('metadata', offset), 'metadata.name', kind);
      return [];
    }
    const object: KubeObject = { ...value, apiVersion, kind, metadata: { ...metadata, name: isName(name) ? (name ?? '') : '' } };
    return [{ object, origin: originOf(file, starts, read, from, to, prefix) }];

    function placeIn(field: string, otherwise: number): number {
      const path = prefix === '' ? field : `${prefix}.${field}`;
      for (let index = from; index < to; index++) if (read.paths[index] === path) return read.offsets[index] ?? otherwise;
      return otherwise;
    }
  }
}

// The API server's sentence for a name that is no text, and what to do about it.
function metadataMisfit(metadata: unknown, kind: string, field: string | undefined): [says: string, help: string] {
  const value = isRecord(metadata) && field !== undefined ? metadata[field] : metadata;
  if (typeof value === 'string' && isRecord(metadata)) return [`metadata.${field ?? ''}: control characters are not allowed`, 'Names consist of lower case letters, digits and dashes.'];
  const word = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return isRecord(metadata)
    ? [`json: cannot unmarshal ${word} into Go struct field ObjectMeta.metadata.${field ?? ''} of type string`, 'A text is wanted: put quotes around a name that looks like a number or a boolean.']
    : [`json: cannot unmarshal ${word} into Go struct field ${kind}.metadata of type v1.ObjectMeta`, 'Fields with values are wanted here, on lines of their own and indented.'];
}

const control = /[\u0000-\u001f\u007f-\u009f]/;

// What names things is printed everywhere: no control character gets further than this.
const isWord = (value: unknown): value is string => typeof value === 'string' && value !== '' && !control.test(value);
const isName = (value: unknown): value is string | null | undefined => value === undefined || value === null || (typeof value === 'string' && !control.test(value));
