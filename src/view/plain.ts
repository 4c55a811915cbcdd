// `--plain`: the same lessons line by line, for screen readers, pipes and scripts. What a message changed is what is printed.
import { commands } from '../app/commands.ts';
import { textOf } from '../app/buffer.ts';
import type { Message } from '../app/message.ts';
import { choicesOf } from '../app/questions.ts';
import type { Desk, State } from '../app/state.ts';
import { promptOf } from '../app/update-prompt.ts';
import { shownRows } from '../app/veil.ts';
import { refText } from '../sim/model/object.ts';
import { titleLine } from './bars.ts';
import type { Line } from './frame.ts';
import { mapLines } from './map-list.ts';
import { plainPane } from './plain-panes.ts';
import { questionLines } from './panes/story.ts';
import { rowMark } from './panes/intents.ts';
import { line, span, wrapLine } from './span.ts';
import { storyParts } from './story-parts.ts';
import { asciiText, choiceWords, marksOf } from './words.ts';

const widthOfPage = (state: State): number => Math.min(Math.max(state.size.columns, 40), 100);

/** What stands before the line that the learner types. */
export function plainPrompt(state: State): string {
  if (state.overlay?.kind === 'confirm') return 'y or n: ';
  if (state.desk === null) return 'map> ';
  return state.desk.editor === null ? promptOf(state.desk) : '| ';
}

/** A line of the learner: for the open question of the program, the editor, the lab (`:hint`) or the shell. `null` for an empty one. */
export function messageForLine(state: State, text: string): Message | null {
  const trimmed = text.trim();
  const { overlay, desk } = state;
  if (overlay?.kind === 'confirm') return { kind: 'confirmed', yes: /^y(es)?$/i.test(trimmed) };
  if (overlay !== null) return trimmed === '' ? { kind: 'overlay-closed' } : overMessage({ ...state, overlay: null }, text);
  if (desk?.editor != null) return trimmed === '.' ? { kind: 'editor-saved' } : trimmed === ':cancel' ? { kind: 'editor-left' } : { kind: 'editor-line-given', text };
  if (trimmed === '') return null;
  if (trimmed.startsWith(':')) return { kind: 'command-given', text: trimmed.slice(1) };
  if (desk === null) return trimmed === 'quit' || trimmed === 'exit' ? { kind: 'quit-asked' } : { kind: 'lesson-chosen', name: trimmed };
  // In a shell that stays, in a pod or on a node, it leaves that one.
  return trimmed === 'exit' && desk.session.places.length === 0 ? { kind: 'quit-asked' } : { kind: 'line-given', text, quiet: true };
}

function overMessage(state: State, text: string): Message | null {
  const message = messageForLine(state, text);
  return message === null ? { kind: 'overlay-closed' } : { kind: 'overlay-chosen', message };
}

/** What to print after a message, with its line breaks; before the first one, where the lab opened. */
export function plainText(before: State | null, after: State): string {
  const lines: Line[] = [];
  const { desk } = after;
  const fresh = before === null || before.desk?.broken !== desk?.broken;
  if (desk === null) {
    if (fresh) lines.push(...mapPage(after));
  } else {
    const was = fresh ? null : (before?.desk ?? null);
    if (was === null) lines.push(...opening(after, desk));
    lines.push(...printed(was, desk), ...newStory(after, was, desk), ...turned(after, was, desk), ...report(after, was, desk), ...editor(was, desk), ...question(after, was, desk));
  }
  lines.push(...overlay(before, after));
  if (after.notice !== null && after.notice !== before?.notice) lines.push(...wrapLine([span(after.notice.text)], widthOfPage(after)));
  const text = lines.map((spans) => spans.map((one) => one.text).join('').trimEnd()).join('\n');
  return text === '' ? '' : `${after.options.ascii ? asciiText(text.replace(/\n/g, '\u0001')).replace(/\u0001/g, '\n') : text}\n`;
}

function mapPage(state: State): readonly Line[] {
  const { lines } = mapLines(state, Math.min(widthOfPage(state), 80));
  return [line('k8snet-lab: the course. Type the number or the name of a lesson; :help lists the commands; :quit leaves.'), [], ...lines];
}

function opening(state: State, desk: Desk): readonly Line[] {
  const marks = marksOf(state.options);
  const title = titleLine({ ...state, size: { ...state.size, columns: 200 } })[1]?.text.trim() ?? desk.title;
  const rows = shownRows(desk).filter((row) => row.kind === 'intent').map((row, index): Line => [span(`${index + 1} `), ...rowMark(row, marks), span(` ${row.say}${row.veiled ? ' (not run yet)' : ''}`)]);
  return [line(title), line('='.repeat(Math.min(title.length, 80))), [], ...storyOpening(state, desk), [], ...(rows.length === 0 ? [] : [line('What must hold:'), ...rows, []]),
    line('Commands of the shell work as on a cluster; those of the lab start with a colon: :help, :hint, :layers, :dns, :policy, :quit.')];
}

const storyOpening = (state: State, desk: Desk): readonly Line[] => storyParts(state, desk, widthOfPage(state)).flatMap((part, index) => (index === 0 ? part.lines : [[], ...part.lines]));

/** Parts of the story that were not there, or say something else. */
function newStory(state: State, was: Desk | null, desk: Desk): readonly Line[] {
  if (was === null || was.story === desk.story) return [];
  const width = widthOfPage(state);
  const old = storyParts(state, was, width);
  return storyParts(state, desk, width).flatMap((part) => {
    const known = old.find(({ name }) => name === part.name);
    const same = known !== undefined && JSON.stringify(known.lines) === JSON.stringify(part.lines);
    return same ? [] : [[], ...part.lines];
  });
}

/** What the terminal printed. Typed lines stand on the learner's screen already. */
function printed(was: Desk | null, desk: Desk): readonly Line[] {
  const count = desk.terminal.printed - (was?.terminal.printed ?? 0);
  return count <= 0 ? [] : desk.terminal.lines.slice(-count).map((one) => line(one.text));
}

/** Intents that hold now and did not, and the other way round. */
function turned(state: State, was: Desk | null, desk: Desk): readonly Line[] {
  if (was === null) return [];
  const [old, now] = [shownRows(was), shownRows(desk)];
  if (old === now) return [];
  const marks = marksOf(state.options);
  return now.flatMap((row, index): Line[] => {
    const before = old[index];
    if (before?.veiled === true && !row.veiled) return [[...rowMark(row, marks), span(` ${row.say}: ${row.holds === true ? 'holds' : 'fails'}. `), span(row.why)]];
    if (row.kind !== 'intent' || before === undefined || before.holds === row.holds) return [];
    return [[...rowMark(row, marks), span(` ${row.say}: ${row.holds === true ? 'holds now' : 'fails now'}. `), span(row.why)]];
  });
}

function report(state: State, was: Desk | null, desk: Desk): readonly Line[] {
  if (desk.report === null || desk.report.count === was?.report?.count) return [];
  return plainPane(state, desk, desk.report.pane, widthOfPage(state));
}

function editor(was: Desk | null, desk: Desk): readonly Line[] {
  const now = desk.editor;
  const old = was?.editor ?? null;
  if (now === null) return [];
  if (old === null || old.ref !== now.ref) {
    return [line(`Editing ${refText(now.ref)}. Type its whole text anew, line by line; a lone . saves, :cancel leaves it as it is.`), ...textOf(now.buffer).split('\n').map((row) => line(row))];
  }
  return now.refused !== null && now.refused !== old.refused ? [...now.refused.split('\n').map((row) => line(row)), line('Type it anew, or :cancel.')] : [];
}

function question(state: State, was: Desk | null, desk: Desk): readonly Line[] {
  const now = desk.story.question;
  if (now === null || JSON.stringify(now) === JSON.stringify(was?.story.question)) return [];
  const choices = choicesOf(desk).map((choice, index): Line => line(`  ${index < 26 ? String.fromCharCode(97 + index) : index + 1}  ${choiceWords(choice)}`));
  return [[], ...questionLines(desk, widthOfPage(state)), ...choices, line('Answer with :predict and the letter, or :skip.')];
}

function overlay(before: State | null, after: State): readonly Line[] {
  const now = after.overlay;
  if (now === null || now === before?.overlay) return [];
  switch (now.kind) {
    case 'confirm': return [line(now.about === 'reset' ? 'Every change to the cluster is taken back. Sure?' : 'What was typed is not saved. Leave?')];
    case 'problems': return [line(now.title), ...now.problems.map((one) => line(`${one.where === null ? '' : `${one.where.file}${one.where.line === null ? '' : `:${one.where.line}`}: `}${one.says}`))];
    case 'help': return [...commands.map((one) => line(`  ${`:${one.name}${one.takes === '' ? '' : ` ${one.takes}`}`.padEnd(34)} ${one.says}`)), line('Every other line is run in the shell of the cluster.')];
    default: return [];
  }
}

