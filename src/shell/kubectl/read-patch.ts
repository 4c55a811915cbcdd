// A patch as a person writes it: JSON or YAML.
import { parseDocument } from 'yaml';
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import { isRecord } from '../../sim/cluster/record.ts';

const longest = 100_000;

/** The patch as data; the failures are sentences. Aliases are refused: they can grow without bound. */
export function decodePatch(text: string): Result<unknown, string> {
  if (text.length > longest) return fail(`the patch is longer than ${longest} characters`);
  if (deep(text)) return fail('the patch is nested too deep');
  try {
    const document = parseDocument(text, { version: '1.1', prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) return fail(`yaml: ${error.message}`);
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return isRecord(value) || Array.isArray(value) ? succeed(value) : fail('yaml: not an object');
  } catch (error) {
    return fail(`yaml: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Brackets that open more than a hundred levels would overflow the parser's stack. */
function deep(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    if (depth > 100) return true;
  }
  return false;
}
