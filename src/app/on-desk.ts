// Small steps that every topic of the update takes: change the desk, say something in the footer.
import type { Desk, Notice, PaneName, Road, State, StoryState, TerminalState } from './state.ts';

/** The state with another desk; unchanged on the map. */
export const onDesk = (state: State, change: (desk: Desk) => Desk): State => (state.desk === null ? state : { ...state, desk: change(state.desk) });

export const tell = (state: State, text: string, tone: Notice['tone'] = 'plain'): State => ({ ...state, notice: { tone, text } });

export const withTerminal = (desk: Desk, change: Partial<TerminalState>): Desk => ({ ...desk, terminal: { ...desk.terminal, ...change } });
export const withStory = (desk: Desk, change: Partial<StoryState>): Desk => ({ ...desk, story: { ...desk.story, ...change } });
export const withRoad = (desk: Desk, change: Partial<Road>): Desk => ({ ...desk, road: { ...desk.road, ...change } });

/** The panes of this desk in the order of their numbers. The editor is there while it is open. */
export function panesOf(desk: Desk): readonly PaneName[] {
  return ['story', 'intents', 'layers', 'dns', 'terminal', 'policy', 'service', 'network', ...(desk.editor === null ? [] : ['editor' as const])];
}
