// What the app wants done in the world, as data: main.ts performs it through disk and terminal.
import type { Progress } from '../lesson/progress.ts';

export type Effect =
  | { readonly kind: 'save-progress'; readonly progress: Progress }
  /** Answered by `lesson-loaded` or `lesson-failed`. */
  | { readonly kind: 'load-lesson'; readonly name: string; readonly language: string }
  /** Answered by `files-read`. */
  | { readonly kind: 'read-files'; readonly paths: readonly string[] }
  /** Answered by `external-editor-closed`, the text `null` when the editor failed. */
  | { readonly kind: 'open-external-editor'; readonly text: string }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'quit'; readonly status: number }
  /** A `beat` message is wanted in so many milliseconds: to play the next hop (never with `--no-motion`), or in 0 to grade a repair after the frame that shows it. */
  | { readonly kind: 'beat'; readonly in: number };
