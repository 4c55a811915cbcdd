// The options of everything that opens the lab.
import type { Command } from 'commander';

export interface PlayOptions {
  readonly plain?: boolean;
  readonly ascii?: boolean;
  /** commander turns `--no-color` into this, true unless given. */
  readonly color: boolean;
  readonly motion: boolean;
}

export const withPlayOptions = (command: Command): Command => command
  .option('--plain', 'line by line, without a screen: for screen readers, pipes and scripts')
  .option('--ascii', 'letters only, no box drawing and no marks')
  .option('--no-color', 'no colour (as NO_COLOR)')
  .option('--no-motion', 'nothing moves by itself');
