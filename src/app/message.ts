// Everything that can happen to the app, as data. A log of messages is a replay.
import type { Lesson } from '../lesson/lesson.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { NetworkPart, PaneName } from './state.ts';

/** How a line being typed changes. */
export type LineEdit =
  | 'left' | 'right' | 'word-left' | 'word-right' | 'start' | 'end'
  | 'erase-left' | 'erase-right' | 'erase-word' | 'erase-word-right' | 'erase-to-start' | 'erase-to-end' | 'yank';

export type Move = 'left' | 'right' | 'up' | 'down' | 'word-left' | 'word-right' | 'line-start' | 'line-end' | 'page-up' | 'page-down' | 'start' | 'end';

export type EditorEdit =
  | { readonly kind: 'move'; readonly move: Move; readonly select: boolean }
  | { readonly kind: 'place'; readonly row: number; readonly column: number; readonly select: boolean }
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'break' | 'complete' | 'offer' | 'indent' | 'outdent' | 'erase-left' | 'erase-right' | 'erase-line' | 'copy' | 'cut' | 'paste' | 'undo' | 'redo' | 'select-all' };

export type MapMessage =
  | { readonly kind: 'map-opened' }
  | { readonly kind: 'map-moved'; readonly to: string }
  | { readonly kind: 'lesson-chosen'; readonly name: string }
  | { readonly kind: 'lesson-loaded'; readonly lesson: Lesson }
  | { readonly kind: 'lesson-failed'; readonly problems: readonly Problem[] };

export type StoryMessage =
  | { readonly kind: 'choice-moved'; readonly to: number }
  | { readonly kind: 'choice-made'; readonly index: number }
  /** A choice by its words (`--plain`: `:predict refused`). */
  | { readonly kind: 'answer-given'; readonly text: string }
  | { readonly kind: 'question-skipped' }
  | { readonly kind: 'diagnosis-asked' }
  | { readonly kind: 'diagnosis-given'; readonly layer: string; readonly object: string; readonly field: string }
  | { readonly kind: 'hint-asked' }
  | { readonly kind: 'step-skipped' }
  | { readonly kind: 'next-asked' };

export type PaneMessage =
  | { readonly kind: 'pane-chosen'; readonly pane: PaneName }
  | { readonly kind: 'pane-cycled'; readonly by: 1 | -1 }
  | { readonly kind: 'pane-filled' }
  | { readonly kind: 'left' }
  /** A click: the pane gets the focus, then what was under the mouse happens. */
  | { readonly kind: 'clicked'; readonly pane: PaneName; readonly message: Message | null }
  | { readonly kind: 'scrolled'; readonly pane: PaneName; readonly to: number }
  | { readonly kind: 'report-asked'; readonly pane: PaneName };

export type RequestMessage =
  | { readonly kind: 'row-chosen'; readonly index: number }
  | { readonly kind: 'stepped'; readonly by: 1 | -1 }
  | { readonly kind: 'stepped-to'; readonly place: 'first' | 'last' | 'difference' | number }
  | { readonly kind: 'walk-turned'; readonly by: 1 | -1 }
  | { readonly kind: 'played' }
  | { readonly kind: 'beat' }
  | { readonly kind: 'hop-opened' }
  | { readonly kind: 'evidence-run' }
  | { readonly kind: 'row-run' }
  | { readonly kind: 'request-asked'; readonly from: string; readonly to: string }
  | { readonly kind: 'cell-moved'; readonly row: number; readonly column: number }
  /** A cell by the names of its workloads, the namespace left out where that is clear. */
  | { readonly kind: 'cell-named'; readonly from: string; readonly to: string }
  /** What is `null` stays as it was asked last. */
  | { readonly kind: 'lookup-asked'; readonly name: string | null; readonly type: string | null; readonly from: string | null }
  | { readonly kind: 'type-turned' }
  | { readonly kind: 'resolver-turned' }
  | { readonly kind: 'ndots-compared' }
  | { readonly kind: 'service-turned'; readonly by: 1 | -1 }
  | { readonly kind: 'node-turned'; readonly by: 1 | -1 }
  | { readonly kind: 'node-chosen'; readonly name: string }
  /** What the Network pane shows: its nodes, the plugins side by side, the cost of finding a Service. */
  | { readonly kind: 'network-turned'; readonly by: 1 | -1 }
  | { readonly kind: 'network-shown'; readonly part: NetworkPart }
  | { readonly kind: 'policies-toggled' }
  | { readonly kind: 'change-compared' }
  | { readonly kind: 'matrix-toggled' }
  /** Every cell is asked before it is shown; once more ends it. */
  | { readonly kind: 'guessing-toggled' }
  | { readonly kind: 'cell-guessed'; readonly allowed: boolean };

export type PromptMessage =
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'line-edited'; readonly edit: LineEdit }
  | { readonly kind: 'line-entered' }
  | { readonly kind: 'line-completed' }
  | { readonly kind: 'line-ended' }
  | { readonly kind: 'history-moved'; readonly by: 1 | -1 }
  | { readonly kind: 'history-searched' }
  | { readonly kind: 'search-left'; readonly keep: boolean }
  | { readonly kind: 'search-shortened' }
  | { readonly kind: 'screen-cleared' }
  /** A whole line at once: an evidence command, or a line of `--plain`. */
  | { readonly kind: 'line-given'; readonly text: string; /** It stands on the learner's screen already: no echo. */ readonly quiet?: boolean }
  | { readonly kind: 'files-read'; readonly files: Readonly<Record<string, string>>; readonly missing: readonly string[] };

export type EditorMessage =
  | { readonly kind: 'editor-opened'; readonly ref: ObjectRef }
  /** `height` is how many rows the pane shows: a page, and what keeps the cursor in sight. */
  | { readonly kind: 'editor-edited'; readonly edit: EditorEdit; readonly height: number }
  /** The next place of the text after the cursor; an empty one means the last that was searched for. */
  | { readonly kind: 'editor-sought'; readonly text: string; readonly height: number }
  | { readonly kind: 'editor-compared' }
  | { readonly kind: 'editor-saved' }
  | { readonly kind: 'editor-left' }
  | { readonly kind: 'editor-line-given'; readonly text: string }
  | { readonly kind: 'external-editor-asked' }
  | { readonly kind: 'external-editor-closed'; readonly text: string | null };

export type OverlayMessage =
  | { readonly kind: 'overlay-opened'; readonly overlay: 'help' | 'palette' | 'objects' | 'lessons' | 'plugins' | 'command' | 'find' }
  | { readonly kind: 'overlay-typed'; readonly text: string }
  | { readonly kind: 'overlay-edited'; readonly edit: LineEdit }
  | { readonly kind: 'overlay-moved'; readonly to: number }
  | { readonly kind: 'overlay-completed'; readonly text: string }
  | { readonly kind: 'overlay-closed' }
  /** The entry was chosen: the overlay closes and the entry's message happens. */
  | { readonly kind: 'overlay-chosen'; readonly message: Message }
  | { readonly kind: 'command-given'; readonly text: string };

export type ClusterMessage =
  | { readonly kind: 'undone' }
  | { readonly kind: 'redone' }
  | { readonly kind: 'reset-asked' }
  | { readonly kind: 'confirmed'; readonly yes: boolean };

export type ScreenMessage =
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  /** Several lines at once, as the terminal brackets them. */
  | { readonly kind: 'pasted'; readonly text: string }
  | { readonly kind: 'theme-chosen'; readonly name: string }
  | { readonly kind: 'language-chosen'; readonly code: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'told'; readonly text: string }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'quit-asked' };

export type Message =
  | MapMessage | StoryMessage | PaneMessage | RequestMessage | PromptMessage | EditorMessage | OverlayMessage | ClusterMessage | ScreenMessage;
