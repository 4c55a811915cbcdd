// The focus goes to a pane, and what is in focus counts as looked at.
import type { Desk, DiagramName, PaneName } from './state.ts';

export const isDiagram = (pane: PaneName): pane is DiagramName => pane === 'layers' || pane === 'dns' || pane === 'policy' || pane === 'service' || pane === 'network';

/** The pane has the focus and is shown; a diagram takes the place of another. */
export function focusOn(desk: Desk, pane: PaneName): Desk {
  if (pane === 'editor' && desk.editor === null) return desk;
  const lastFocus = desk.focus === 'terminal' || desk.focus === 'editor' ? desk.lastFocus : desk.focus;
  return { ...look(desk, pane), focus: pane, lastFocus };
}

/** The pane counts as looked at. */
export function look(desk: Desk, pane: PaneName): Desk {
  const panes = desk.seen.panes.includes(pane) ? desk.seen.panes : [...desk.seen.panes, pane];
  return { ...desk, diagram: isDiagram(pane) ? pane : desk.diagram, top: isDiagram(pane) && pane !== desk.diagram ? 0 : desk.top, seen: { ...desk.seen, panes } };
}
