// The terminal's prompt: typing, history, search, completion, and running a line in the session.
import { complete, promptOf as sessionPrompt, run, unfinished } from '../shell/shell.ts';
import type { Ran, Running } from '../shell/session.ts';
import type { Effect } from './effect.ts';
import { openEditor } from './open-editor.ts';
import { editLine, emptyLine, lineOf, typeInto } from './line-input.ts';
import type { PromptMessage } from './message.ts';
import { onDesk, tell, withTerminal } from './on-desk.ts';
import { addAsked } from './asked.ts';
import type { Asked, Desk, State, TerminalLine } from './state.ts';

/** Older lines are forgotten: nobody scrolls so far, and memory stays flat. */
const mostLines = 5000;

export function updatePrompt(state: State, message: PromptMessage): [State, readonly Effect[]] {
  const { desk } = state;
  if (desk === null) return [state, []];
  switch (message.kind) {
    case 'typed':
      return [onDesk(state, (now) => typed(now, message.text)), []];
    case 'line-edited':
      return [onDesk(state, (now) => withTerminal(leaveSearch(now, true), { input: editLine(leaveSearch(now, true).terminal.input, message.edit), candidates: [], scroll: 0 })), []];
    case 'line-entered':
      return giveLine(onDesk(state, (now) => leaveSearch(now, true)));
    case 'line-completed':
      return [onDesk(state, completeLine), []];
    case 'line-ended':
      return [onDesk(state, (now) => withTerminal(print(now, [{ kind: 'prompt', text: `${promptOf(now)}${now.terminal.input.text}^C` }]), { input: emptyLine, begun: '', recalled: null, search: null, candidates: [], scroll: 0, waiting: null })), []];
    case 'history-moved':
      return [onDesk(state, (now) => recall(now, message.by)), []];
    case 'history-searched':
      return [onDesk(state, searchOn), []];
    case 'search-left':
      return [onDesk(state, (now) => leaveSearch(now, message.keep)), []];
    case 'search-shortened':
      return [onDesk(state, shortenSearch), []];
    case 'screen-cleared':
      return [onDesk(state, (now) => withTerminal(now, { lines: [], scroll: 0 })), []];
    case 'line-given':
      return giveLine(state, message.text, message.quiet === true);
    case 'files-read': {
      const line = desk.terminal.waiting;
      return line === null ? [state, []] : afterRun(onDesk(state, (now) => withTerminal(now, { waiting: null })), line, run(desk.session, line, { files: message.files, stdin: null, missing: message.missing }));
    }
  }
}

/** `$ `, with the last status in front when it was not 0; in a shell that was opened, the place where it stands. `> ` while a line goes on. */
export const promptOf = (desk: Desk): string => (desk.terminal.begun === '' ? sessionPrompt(desk.session) : '> ');

function typed(desk: Desk, text: string): Desk {
  const { search, input } = desk.terminal;
  if (search !== null) return find(desk, search.query + text, null);
  return withTerminal(desk, { input: typeInto(input, text), candidates: [], scroll: 0, recalled: null });
}

/** A command of the lab where the shell's are typed (`:from web to http://api/`): no shell has a command of such a name. `null` for every other line. */
export function labCommandTyped(state: State): string | null {
  const found = /^\s*:([a-z].*)$/.exec(state.desk?.terminal.input.text ?? '');
  return found?.[1] ?? null;
}

/** The typed line goes up among what was printed, and the prompt is empty again. */
export const takeLine = (state: State): State => onDesk(state, (now) => withTerminal(print(now, [{ kind: 'prompt', text: `${promptOf(now)}${now.terminal.input.text}` }]), { input: emptyLine, recalled: null, draft: '', search: null, candidates: [], scroll: 0 }));

/** Runs a line as if it had been typed; without one, what was typed. */
export function giveLine(state: State, given?: string, quiet = false): [State, readonly Effect[]] {
  const { desk } = state;
  if (desk === null) return [tell(state, 'Open a lesson first.', 'bad'), []];
  const typedLine = given ?? desk.terminal.input.text;
  // A command of a pane's is whole by itself.
  const line = given === undefined || quiet ? desk.terminal.begun + typedLine : given;
  const echoed = onDesk(state, (now) => withTerminal(print(now, quiet ? [] : [{ kind: 'prompt', text: `${promptOf(now)}${typedLine}` }]), { input: emptyLine, begun: '', recalled: null, draft: '', search: null, candidates: [], scroll: 0 }));
  // An open quote, loop or here-document goes on in the next line.
  if (unfinished(line)) return [onDesk(echoed, (now) => withTerminal(now, { begun: `${line}\n` })), []];
  if (line.trim() === '') return [echoed, []];
  const seen = onDesk(echoed, (now) => ({ ...now, seen: { ...now.seen, lines: [...now.seen.lines, line] } }));
  return afterRun(seen, line, run(desk.session, line));
}

function afterRun(state: State, line: string, running: Running): [State, readonly Effect[]] {
  switch (running.kind) {
    case 'done': return [onDesk(state, (now) => afterRan(now, running.ran)), []];
    case 'clear': return [onDesk(state, (now) => withTerminal({ ...now, session: { ...now.session, status: 0, history: [...now.session.history, line] } }, { lines: [] })), []];
    case 'edit': return [onDesk(state, (now) => openEditor({ ...now, session: { ...now.session, history: [...now.session.history, line] } }, running.ref, running.text)), []];
    case 'files': return [onDesk(state, (now) => withTerminal(now, { waiting: line })), [{ kind: 'read-files', paths: running.paths }]];
  }
}

/** The session goes on, what was printed is shown, every network question becomes a row. */
export function afterRan(desk: Desk, ran: Ran): Desk {
  const lines: TerminalLine[] = [];
  for (const { stream, text } of ran.output) {
    const rows = text.split('\n');
    if (rows[rows.length - 1] === '') rows.pop();
    // A piece may go on where the last one stopped in the middle of a line; the tools print whole lines.
    for (const row of rows) lines.push({ kind: stream, text: row });
  }
  const meanings = [...desk.seen.meanings, ...ran.meanings.filter((meaning) => !desk.seen.meanings.includes(meaning))];
  const now = print({ ...desk, session: ran.session, seen: { ...desk.seen, meanings } }, lines);
  const asked: Asked[] = [...ran.lookups.map((one): Asked => ({ kind: 'lookup', ...one })), ...ran.traces.map((trace): Asked => ({ kind: 'request', trace }))];
  return asked.length === 0 ? now : addAsked(now, asked);
}

export function print(desk: Desk, lines: readonly TerminalLine[]): Desk {
  return withTerminal(desk, { lines: [...desk.terminal.lines, ...lines].slice(-mostLines), printed: desk.terminal.printed + lines.length });
}

function recall(desk: Desk, by: 1 | -1): Desk {
  const { history } = desk.session;
  const { recalled, input, draft } = leaveSearch(desk, true).terminal;
  if (history.length === 0) return desk;
  const from = recalled ?? history.length;
  const to = Math.min(Math.max(from + by, 0), history.length);
  const kept = recalled === null ? input.text : draft;
  const text = to === history.length ? kept : (history[to] ?? '');
  return withTerminal(desk, { search: null, input: lineOf(text), recalled: to === history.length ? null : to, draft: kept, candidates: [], scroll: 0 });
}

/** Ctrl-R: search back; once more: the next older one. */
function searchOn(desk: Desk): Desk {
  const { search } = desk.terminal;
  return search === null ? withTerminal(desk, { search: { query: '', found: null }, candidates: [], scroll: 0 }) : find(desk, search.query, search.found);
}

function find(desk: Desk, query: string, below: number | null): Desk {
  const { history } = desk.session;
  for (let index = (below ?? history.length) - 1; index >= 0; index--) {
    if (query !== '' && history[index]?.includes(query) === true) return withTerminal(desk, { search: { query, found: index } });
  }
  return withTerminal(desk, { search: { query, found: below } });
}

/** Backspace in the search. */
const shortenSearch = (desk: Desk): Desk => {
  const { search } = desk.terminal;
  return search === null ? desk : find(desk, search.query.slice(0, -1), null);
};

function leaveSearch(desk: Desk, keep: boolean): Desk {
  const { search } = desk.terminal;
  if (search === null) return desk;
  const found = search.found === null ? undefined : desk.session.history[search.found];
  return withTerminal(desk, { search: null, ...(keep && found !== undefined ? { input: lineOf(found) } : {}) });
}

/** Completes as far as all candidates agree; offers them when they do not. */
function completeLine(desk: Desk): Desk {
  const { input } = desk.terminal;
  const { from, candidates } = complete(desk.session, input.text, input.cursor);
  const first = candidates[0];
  if (first === undefined) return withTerminal(desk, { candidates: [] });
  const shared = candidates.reduce((start, one) => {
    let length = 0;
    while (length < start.length && start[length] === one[length]) length++;
    return start.slice(0, length);
  }, first);
  const only = candidates.length === 1;
  const made = only && !/[/=:,]$/.test(shared) ? `${shared} ` : shared;
  const typedPart = input.text.slice(from, input.cursor);
  const text = made.length >= typedPart.length ? made : typedPart;
  const after = input.text.slice(input.cursor);
  return withTerminal(desk, { input: { ...input, text: input.text.slice(0, from) + text + (text.endsWith(' ') ? after.trimStart() : after), cursor: from + text.length }, candidates: only ? [] : candidates });
}
