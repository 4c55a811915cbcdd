// Where a line runs: everything of a call but the command itself. `turn` is the key under which its commands make their choices.
import type { Call } from './command.ts';

export type Ground = Omit<Call, 'name' | 'args'>;
