// What the app is started with: the course, what was done of it, the size of the screen and the options of the command line.
import type { Course, Lesson, LessonCard } from '../lesson/lesson.ts';
import type { Progress } from '../lesson/progress.ts';
import type { Lab } from '../sim/lab.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Options {
  /** Letters for marks, and no character outside ASCII but what texts and manifests bring. */
  readonly ascii: boolean;
  readonly color: boolean;
  readonly motion: boolean;
  /** Line by line, without a screen. */
  readonly plain: boolean;
  /** Names of the themes that can be chosen. */
  readonly themes: readonly string[];
  readonly theme: string;
  readonly language: string;
}

export type Opening =
  | { readonly kind: 'map' }
  | { readonly kind: 'lesson'; readonly lesson: Lesson }
  /** The user's own manifests; `title` says what was opened: the paths. */
  | { readonly kind: 'sandbox'; readonly lab: Lab; readonly title: string };

export interface World {
  readonly course: Course;
  readonly cards: readonly LessonCard[];
  readonly progress: Progress;
  readonly size: Size;
  readonly options: Options;
  readonly start: Opening;
}
