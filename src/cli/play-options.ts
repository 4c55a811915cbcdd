// The options of everything that opens the lab.
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { isLanguage } from '../lesson/lesson-in.ts';
import type { Progress } from '../lesson/progress.ts';

export interface PlayOptions {
  readonly plain?: boolean;
  readonly ascii?: boolean;
  /** commander turns `--no-color` into this, true unless given. */
  readonly color: boolean;
  readonly motion: boolean;
  /** A code such as `de`; what was chosen last without it. */
  readonly language?: string;
}

/** `--language`: what lessons are read in. */
export const languageOption = (): Option => new Option('--language <code>', 'read lessons in another language, English where it lacks a text').argParser((code: string) => {
  if (!isLanguage(code)) throw new InvalidArgumentError('A language is a code such as en or de.');
  return code;
});

/** What is asked for now, or was the last time. */
export const languageOf = (options: Pick<PlayOptions, 'language'>, progress: Progress): string => {
  const kept = Object.hasOwn(progress.settings, 'language') ? progress.settings['language'] : undefined;
  return options.language ?? (kept !== undefined && isLanguage(kept) ? kept : 'en');
};

export const withPlayOptions = (command: Command): Command => command
  .option('--plain', 'line by line, without a screen: for screen readers, pipes and scripts')
  .option('--ascii', 'letters only, no box drawing and no marks')
  .option('--no-color', 'no colour (as NO_COLOR)')
  .option('--no-motion', 'nothing moves by itself')
  .addOption(languageOption());
