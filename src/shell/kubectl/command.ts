// The contract of a verb of kubectl: its flags, and what it does with a call whose flags are read.
import type { Answer, Call, Done } from '../command.ts';
import { failed } from '../command.ts';
import type { Flag, Flags } from './flags.ts';

export interface VerbCall extends Call {
  /** As it was typed behind kubectl: `get`, `rollout restart`. */
  readonly verb: string;
  readonly flags: Flags;
  /** What is left when the flags are read; those behind `--` too. */
  readonly words: readonly string[];
  /** Of `-n`, or of the context. */
  readonly target: string;
}

export interface Verb {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly flags: readonly Flag[];
  /** One line for `kubectl help`. */
  readonly about: string;
  /** What completion offers for the words that are no flags. */
  readonly completes: 'objects' | 'pods' | 'files' | 'subcommands' | 'nothing';
  readonly subcommands?: readonly string[];
  readonly run: (call: VerbCall) => Answer;
}

/** kubectl's own complaint, status 1. */
export const complain = (says: string, beside: Partial<Done> = {}): Done => ({ ...failed(`error: ${says}`), ...beside });

/** A complaint about how the command was used. */
export const usage = (verb: string, says: string): Done => failed(`error: ${says}\nSee 'kubectl ${verb} -h' for help and examples`);

/** What kubectl can do and the lab cannot, in one line. */
export const lacks = (what: string): Done => failed(`the lab has no ${what}`);

/** What cobra prints of a command that wants another word, on standard error with status 1. */
export const subcommandHelp = (command: string, about: string, subcommands: readonly (readonly [name: string, about: string])[], use: string): string => {
  const width = Math.max(...subcommands.map(([name]) => name.length)) + 3;
  return `${about}\n\nAvailable Commands:\n${subcommands.map(([name, says]) => `  ${name.padEnd(width)}${says}\n`).join('')}\nUsage:\n  ${use}\n\nUse "kubectl ${command} <command> --help" for more information about a given command.\nUse "kubectl options" for a list of global command-line options (applies to all commands).\n`;
};
