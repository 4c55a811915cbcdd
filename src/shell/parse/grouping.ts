// Loops in a parsed line: `for NAME in LIST; do …; done` around the pipelines between do and done.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import type { Pipeline } from './line.ts';

export interface Loop {
  readonly kind: 'for';
  readonly after: Pipeline['after'];
  readonly name: string;
  /** The words behind `in`, as they were written. */
  readonly list: string;
  readonly body: readonly Command[];
}

export type Command = Loop | { readonly kind: 'pipeline'; readonly after: Pipeline['after']; readonly pipeline: Pipeline };

const unexpected = (token: string): Result<never, string> => fail(`bash: syntax error near unexpected token \`${token}'`);

/** The commands of a line. The failure is bash's sentence. */
export function grouping(pipelines: readonly Pipeline[]): Result<readonly Command[], string> {
  const read = readUntil(pipelines, 0, false);
  return read.ok ? succeed(read.value.commands) : read;
}

interface Read {
  readonly commands: readonly Command[];
  readonly next: number;
}

const firstWord = (pipeline: Pipeline | undefined): string => /^\s*(\S+)/.exec(pipeline?.stages[0]?.text ?? '')?.[1] ?? '';

function readUntil(pipelines: readonly Pipeline[], from: number, inLoop: boolean): Result<Read, string> {
  const commands: Command[] = [];
  for (let index = from; index < pipelines.length; index++) {
    const pipeline = pipelines[index];
    if (pipeline === undefined) break;
    const word = firstWord(pipeline);
    if (word === 'done') {
      if (!inLoop || commands.length === 0) return unexpected('done');
      const [stage] = pipeline.stages;
      if (pipeline.stages.length > 1 || stage?.text.trim() !== 'done' || stage.input !== null || stage.stdout !== 'keep' || stage.stderr !== 'keep') return fail('bash: the lab\'s terminal pipes and redirects commands, not whole loops');
      return succeed({ commands, next: index + 1 });
    }
    if (word === 'while' || word === 'until') return fail(`bash: the lab's terminal has no ${word}: use for, with a list or $(seq N)`);
    if (word === 'if' || word === 'case') return fail(`bash: the lab's terminal has no ${word}: use && and ||`);
    if (word === 'do') return unexpected('do');
    if (word !== 'for') {
      commands.push({ kind: 'pipeline', after: pipeline.after, pipeline });
      continue;
    }
    const head = /^\s*for\s+([A-Za-z_]\w*)(?:\s+in(?:\s+([\s\S]*))?)?$/.exec((pipeline.stages[0]?.text ?? '').trimEnd());
    if (head === null || pipeline.stages.length > 1) return fail('bash: the lab\'s terminal knows one form of for: for NAME in WORDS; do COMMANDS; done');
    const opening = pipelines[index + 1];
    if (opening === undefined) return fail('bash: syntax error: unexpected end of file');
    if (firstWord(opening) !== 'do') return unexpected(firstWord(opening));
    const [first, ...others] = opening.stages;
    const text = (first?.text ?? '').replace(/^\s*do/, '');
    // `do` may stand on a line of its own.
    const body = first === undefined || (text.trim() === '' && others.length === 0) ? [] : [{ ...opening, after: ';' as const, stages: [{ ...first, text }, ...others] }];
    const inner = readUntil([...pipelines.slice(0, index + 2 - body.length), ...body, ...pipelines.slice(index + 2)], index + 2 - body.length, true);
    if (!inner.ok) return inner;
    commands.push({ kind: 'for', after: pipeline.after, name: head[1] ?? '', list: head[2] ?? '', body: inner.value.commands });
    index = inner.value.next - 1;
  }
  return inLoop ? fail('bash: syntax error: unexpected end of file') : succeed({ commands, next: pipelines.length });
}
