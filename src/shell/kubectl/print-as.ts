// `-o` for whole objects: yaml, json, name and the templates, the same for every verb that takes it.
import type { Kind } from '../../sim/cluster/kinds.ts';
import type { Result } from '../../sim/base/result.ts';
import { fail, succeed } from '../../sim/base/result.ts';
import { sortedEntries } from '../../sim/base/order.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import { objectName } from './find-objects.ts';
import { textOf } from './flags.ts';
import type { Flags } from './flags.ts';
import { goTemplate } from './go-template.ts';
import { jsonPath, jsonPathResults } from './json-path.ts';
import { jsonText, yamlText } from './print-object.ts';

/** What every verb with `-o` can print. */
export const objectFormats = ['go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'kyaml', 'name', 'template', 'templatefile', 'yaml'];

const withTemplate = ['custom-columns', 'custom-columns-file', 'go-template', 'go-template-file', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'template', 'templatefile'];

export interface Output {
  /** Empty: kubectl's own words. */
  readonly format: string;
  readonly template: string;
}

/** Reads `-o` and `--template`; the failure is kubectl's sentence. */
export function outputOf(flags: Flags, formats: readonly string[]): Result<Output, string> {
  const given = textOf(flags, 'output') ?? '';
  const extra = textOf(flags, 'template');
  const equals = given.indexOf('=');
  const format = equals < 0 ? given : given.slice(0, equals);
  const own = equals < 0 ? '' : given.slice(equals + 1);
  if (given === '') return succeed(extra === undefined ? { format: '', template: '' } : { format: 'go-template', template: extra });
  if (!formats.includes(format) || (equals >= 0 && !withTemplate.includes(format))) return fail(`unable to match a printer suitable for the output format "${given}", allowed formats are: ${formats.join(',')}`);
  const template = own === '' ? extra ?? '' : own;
  if (template === '' && withTemplate.includes(format)) return fail(format.startsWith('custom-columns') ? 'custom-columns format specified but no custom columns given' : 'template format specified but no template given');
  return succeed({ format, template });
}

/** What of it the lab does not have; `null` when it has it. */
export const outputLacking = (format: string): string | null => (/-file$|^templatefile$|^kyaml$/.test(format) ? `output as ${format}; it has yaml, json, name, jsonpath, jsonpath-as-json, go-template and custom-columns` : null);

/** An object, or a list of them, in a format; `name` is of one object only. */
export function printedAs({ format, template }: Output, value: unknown, kind: Kind | null): Result<string, string> {
  switch (format) {
    case 'json': return succeed(jsonText(value));
    case 'jsonpath': return jsonPath(template, value);
    case 'jsonpath-as-json': {
      const found = jsonPathResults(template, value);
      return found.ok ? succeed(`${JSON.stringify(found.value.map(ordered), null, 4)}\n`) : found;
    }
    case 'go-template':
    case 'template': return goTemplate(template, value);
    case 'name': return succeed(kind === null || !isNamed(value) ? '' : `${objectName(kind, value.metadata.name)}\n`);
    default: return succeed(yamlText(value));
  }
}

const isNamed = (value: unknown): value is KubeObject => isRecord(value) && isRecord(value['metadata']) && typeof value['metadata']['name'] === 'string';

const ordered = (value: unknown): unknown => (Array.isArray(value) ? value.map(ordered) : isRecord(value) ? Object.fromEntries(sortedEntries(value).map(([key, inner]) => [key, ordered(inner)])) : value);
