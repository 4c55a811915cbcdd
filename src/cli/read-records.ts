// `dns --records FILE`: the text of the document as a script of DNS servers.
import type { Result } from '../sim/base/result.ts';
import { fail } from '../sim/base/result.ts';
import { guard, guardDepth } from '../sim/cluster/decode/guard.ts';
import { lineColumn, lineStarts } from '../sim/cluster/decode/read.ts';
import { readYaml } from '../sim/cluster/decode/read-yaml.ts';
import { readScript } from '../sim/dns/scripted.ts';
import type { Script } from '../sim/dns/scripted.ts';
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';

/** YAML, of which JSON is a part. One document. */
export function readRecords({ path, text }: SourceFile): Result<Script, Problem> {
  const starts = lineStarts(text);
  const at = (offset: number, code: string, says: string, help: string | null, field: string | null = null): Problem => {
    const [line, column] = lineColumn(starts, offset);
    return { code, severity: 'error', says, where: { file: path, line, column, object: null, field }, help };
  };
  const refusal = guard(text) ?? guardDepth(text);
  if (refusal !== undefined) return fail(at(refusal.offset, refusal.code, refusal.says, refusal.help));
  const documents = readYaml(text);
  const [document] = documents;
  if (document === undefined || documents.length > 1) return fail(at(0, 'invalid-value', document === undefined ? 'the file holds no document' : 'the file holds more than one document', 'One map is expected: { records: { NAME: { A: [ADDRESS] } } }'));
  if ('says' in document) return fail(at(document.offset, 'yaml-syntax', document.says, document.help, document.field));
  const script = readScript(document.value, path);
  if (script.ok) return script;
  return fail(...script.failures.map((problem) => {
    const index = document.paths.indexOf(problem.where?.field ?? '');
    return index < 0 ? problem : at(document.offsets[index] ?? 0, problem.code, problem.says, problem.help, problem.where?.field ?? null);
  }));
}
