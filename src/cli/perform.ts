// The app's wishes to the world, granted through the disk: progress is saved, lessons and files are read, the learner's own editor is run.
import type { Effect } from '../app/effect.ts';
import type { Message } from '../app/message.ts';

type WithAnswer = Extract<Effect, { readonly kind: 'save-progress' | 'load-lesson' | 'read-files' }>;

export interface Perform {
  /** Done at once; gives the message that answers, `null` for none. */
  now(effect: WithAnswer): Message | null;
  /** Runs `$VISUAL` or `$EDITOR` on a text, with the terminal lent to it. */
  edit(text: string): Promise<Message>;
}
