// Go's text templates, as far as answers are written with them: fields, entries of maps and lists, and `parseInt`.
import { fail, succeed } from '../base/result.ts';
import type { Result } from '../base/result.ts';

/** What stands behind the dot. */
export interface TemplateData {
  readonly fields: Readonly<Record<string, string>>;
  readonly match: readonly string[];
  readonly group: Readonly<Record<string, string>>;
}

type Part = (data: TemplateData) => string | undefined;

export interface GoTemplate {
  readonly parts: readonly Part[];
}

const fields = ['Name', 'Zone', 'Class', 'Type', 'Regex', 'Remote'];

/** Reads a template; fails for actions that the simulation does not know (`if`, `range`, pipelines …). */
export function parseTemplate(text: string): Result<GoTemplate, string> {
  const parts: Part[] = [];
  let at = 0;
  for (const action of text.matchAll(/\{\{(-\s)?\s*([^{}]*?)\s*(\s-)?\}\}/g)) {
    const before = text.slice(at, action.index);
    parts.push(() => (action[1] === undefined ? before : before.trimEnd()));
    at = action.index + action[0].length;
    if (action[3] !== undefined) at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    const part = partOf(action[2] ?? '');
    if (part === undefined) return fail(`unknown action: ${action[2] ?? ''}`);
    parts.push(part);
  }
  const rest = text.slice(at);
  if (rest.includes('{{')) return fail('unclosed action');
  parts.push(() => rest);
  return succeed({ parts });
}

function partOf(action: string): Part | undefined {
  if (action.startsWith('/*')) return () => '';
  const field = /^\.(\w+)$/.exec(action)?.[1] ?? /^\.Question\.(Name|Qtype)$/.exec(action)?.[1];
  if (field === 'Name' || (field !== undefined && fields.includes(field))) return ({ fields: known }) => known[field] ?? '';
  const group = /^\.Group\.(\w+)$/.exec(action)?.[1] ?? /^index\s+\.Group\s+["`](\w+)["`]$/.exec(action)?.[1];
  if (group !== undefined) return ({ group: known }) => (Object.hasOwn(known, group) ? known[group] ?? '' : action.startsWith('.') ? '<no value>' : '');
  const match = /^index\s+\.Match\s+(\d{1,3})$/.exec(action)?.[1];
  if (match !== undefined) return ({ match: known }) => known[Number(match)];
  const [, inner, base] = /^parseInt\s+(\S+|\([^()]*\))\s+(\d{1,2})\s+\d{1,2}$/.exec(action) ?? [];
  const value = inner === undefined ? undefined : partOf(inner.replace(/^\((.*)\)$/, '$1'));
  if (value === undefined) return undefined;
  return (data) => {
    const number = Number.parseInt(value(data) ?? '', Number(base));
    return Number.isNaN(number) ? undefined : String(number);
  };
}

/** The text with everything filled in; `undefined` when something cannot be (a number that is none, an entry that is not there). */
export function fillTemplate(template: GoTemplate, data: TemplateData): string | undefined {
  const texts = template.parts.map((part) => part(data));
  return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
}
