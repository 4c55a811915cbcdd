// The contract of a command: its arguments and options, and what it does with them.
import type { Command } from 'commander';
import type { Caller } from './caller.ts';

export interface CliCommand {
  /**
   * Adds arguments, options, the help's examples and the action to an empty command. The action hands the exit status to `done`;
   * it is called at most once, and only after commander found nothing wrong with the usage.
   */
  readonly declare: (command: Command, caller: Caller, done: (status: number) => void) => void;
}

/** What the program's help says of a command; the rest is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CliCommand>;
}
