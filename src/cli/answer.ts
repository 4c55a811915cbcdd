// The two forms of an answer: text for people, or one JSON document and nothing else.
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Problem } from '../sim/model/problem.ts';
import type { Caller } from './caller.ts';
import { problemText } from './tell-problems.ts';

export interface OutputOption {
  readonly output: 'text' | 'json';
}

export const withOutput = (command: Command): Command => command.addOption(new Option('-o, --output <form>', 'text for people, or one JSON document').choices(['text', 'json']).default('text'));

/** The `warnings` of every JSON document. */
export const warningsJson = (warnings: readonly Problem[]): readonly { code: string; says: string; where: Problem['where'] }[] => warnings.map(({ code, says, where }) => ({ code, says, where }));

/** Prints an answer once it is whole; warnings stand in the JSON document, or go to standard error. */
export function answer(caller: Caller, form: OutputOption['output'], json: () => Readonly<Record<string, unknown>>, text: () => string, warnings: readonly Problem[] = []): void {
  if (form === 'json') {
    caller.out(`${JSON.stringify({ ...json(), warnings: warningsJson(warnings) }, null, 2)}\n`);
    return;
  }
  const lines = text();
  for (const warning of warnings) caller.err(`${problemText({ ...warning, severity: 'warning' })}\n`);
  caller.out(lines);
}
