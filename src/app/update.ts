// One function: a state and a message in, another state and effects out. Each topic has a file of its own.
import { parseCommand } from './commands.ts';
import type { Effect } from './effect.ts';
import { focusOn } from './focus.ts';
import { chooseLanguage } from './language.ts';
import type { Message } from './message.ts';
import { onDesk, tell } from './on-desk.ts';
import { whyNot } from './possible.ts';
import { setSetting } from './remember.ts';
import { gradeRepair, settle } from './settle.ts';
import type { State } from './state.ts';
import { updateCluster } from './update-cluster.ts';
import { updateEditor } from './update-editor.ts';
import { updateMap } from './update-map.ts';
import { updateOverlays } from './update-overlays.ts';
import { updatePanes } from './update-panes.ts';
import { labCommandTyped, takeLine, updatePrompt } from './update-prompt.ts';
import { updateRequests } from './update-requests.ts';
import { updateStory } from './update-story.ts';

/** What the message makes of the state, and what is wanted in the world. Pure: the same in, the same out. */
export function update(state: State, message: Message): [State, readonly Effect[]] {
  const why = whyNot(state, message);
  const quiet = message.kind === 'beat' || message.kind === 'resized' ? state : { ...state, notice: null };
  if (why !== null) return [tell(quiet, `Not now: ${why}.`), []];
  const [changed, effects] = byTopic(quiet, message);
  const settled = settle(state, changed);
  // Grading asks the simulation for more than a frame may take: first the intents turn, then the verdict comes.
  const grading: readonly Effect[] = settled.desk?.story.ungraded === true && settled.desk.session.lab !== state.desk?.session.lab ? [{ kind: 'beat', in: 0 }] : [];
  const saved: readonly Effect[] = settled.progress === state.progress || effects.some(({ kind }) => kind === 'save-progress') ? [] : [{ kind: 'save-progress', progress: settled.progress }];
  return [settled, [...saved, ...effects, ...grading]];
}

function byTopic(state: State, message: Message): [State, readonly Effect[]] {
  switch (message.kind) {
    case 'map-opened': case 'map-moved': case 'lesson-chosen': case 'lesson-loaded': case 'lesson-failed':
      return updateMap(state, message);
    case 'choice-moved': case 'choice-made': case 'answer-given': case 'question-skipped': case 'diagnosis-asked': case 'diagnosis-given': case 'hint-asked': case 'step-skipped': case 'next-asked':
      return updateStory(state, message);
    case 'pane-chosen': case 'pane-cycled': case 'pane-filled': case 'left': case 'scrolled': case 'report-asked':
      return updatePanes(state, message);
    case 'beat':
      return state.desk?.story.ungraded === true ? [gradeRepair(state), []] : updateRequests(state, message);
    case 'row-chosen': case 'stepped': case 'stepped-to': case 'walk-turned': case 'played': case 'hop-opened': case 'evidence-run': case 'row-run': case 'request-asked': case 'cell-moved': case 'cell-named': case 'lookup-asked': case 'type-turned': case 'resolver-turned': case 'ndots-compared': case 'service-turned': case 'node-turned': case 'node-chosen': case 'network-turned': case 'network-shown': case 'policies-toggled': case 'change-compared': case 'matrix-toggled': case 'guessing-toggled': case 'cell-guessed':
      return updateRequests(state, message);
    case 'line-entered': {
      const command = labCommandTyped(state);
      return command === null ? updatePrompt(state, message) : update(takeLine(state), { kind: 'command-given', text: command });
    }
    case 'typed': case 'line-edited': case 'line-completed': case 'line-ended': case 'history-moved': case 'history-searched': case 'search-left': case 'search-shortened': case 'screen-cleared': case 'line-given': case 'files-read':
      return updatePrompt(state, message);
    case 'editor-opened': case 'editor-edited': case 'editor-sought': case 'editor-compared': case 'editor-saved': case 'editor-left': case 'editor-line-given': case 'external-editor-asked': case 'external-editor-closed':
      return updateEditor(state, message);
    case 'overlay-opened': case 'overlay-typed': case 'overlay-edited': case 'overlay-moved': case 'overlay-completed': case 'overlay-closed':
      return [updateOverlays(state, message), []];
    case 'clicked': {
      const focused = onDesk(state, (desk) => focusOn(desk, message.pane));
      return message.message === null ? [focused, []] : update(focused, message.message);
    }
    case 'overlay-chosen':
      return update({ ...state, overlay: null }, message.message);
    case 'command-given': {
      const parsed = parseCommand(state, message.text);
      const closed: State = { ...state, overlay: null };
      if (parsed === null) return [closed, []];
      return typeof parsed === 'string' ? [tell(closed, parsed, 'bad'), []] : update(closed, parsed);
    }
    case 'undone': case 'redone': case 'reset-asked': case 'confirmed':
      return updateCluster(state, message);
    case 'resized':
      return [{ ...state, size: { columns: message.columns, rows: message.rows } }, []];
    case 'pasted':
      return paste(state, message.text);
    case 'theme-chosen':
      if (!state.options.themes.includes(message.name)) return [tell(state, `There is no theme ${message.name}: ${state.options.themes.join(', ')}.`, 'bad'), []];
      return [setSetting({ ...state, options: { ...state.options, theme: message.name } }, 'theme', message.name), []];
    case 'language-chosen': return [chooseLanguage(state, message.code), []];
    case 'refused': return [tell(state, message.why), []];
    case 'told': return [tell(state, message.text), []];
    case 'suspended': return [state, [{ kind: 'suspend' }]];
    case 'quit-asked':
      return state.desk?.editor != null && state.desk.editor.past.length > 0 && !state.options.plain
        ? [{ ...state, overlay: { kind: 'confirm', about: 'quit' } }, []]
        : [state, [{ kind: 'quit', status: 0 }]];
  }
}

/** Where the cursor is. In the prompt every whole line is run, as a shell does; what is left waits. */
function paste(state: State, text: string): [State, readonly Effect[]] {
  if (state.overlay !== null) return [updateOverlays(state, { kind: 'overlay-typed', text }), []];
  if (state.desk?.focus === 'editor') return updateEditor(state, { kind: 'editor-edited', edit: { kind: 'insert', text }, height: 10 });
  if (state.desk?.focus !== 'terminal') return [tell(state, 'There is nothing to paste into here: the terminal (5) takes text.'), []];
  const lines = text.split(/\r\n|\n|\r/);
  let now = state;
  const effects: Effect[] = [];
  for (const [index, line] of lines.entries()) {
    const [typed] = updatePrompt(now, { kind: 'typed', text: line });
    now = typed;
    if (index === lines.length - 1 || now.desk?.focus !== 'terminal') continue;
    const [ran, wanted] = updatePrompt(now, { kind: 'line-entered' });
    now = ran;
    effects.push(...wanted);
    // A line that waits for a file, or opened the editor, holds the rest back: it stays in the prompt.
    if (wanted.length > 0 || now.desk?.focus !== 'terminal') {
      now = onDesk(now, (desk) => ({ ...desk, terminal: { ...desk.terminal, input: { text: lines.slice(index + 1).join(' '), cursor: 0, cut: '' } } }));
      break;
    }
  }
  return [now, effects];
}
