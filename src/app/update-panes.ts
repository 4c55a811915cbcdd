// Panes: which one has the focus, which diagram is shown, how far it is scrolled.
import type { Effect } from './effect.ts';
import type { PaneMessage } from './message.ts';
import { focusOn, look } from './focus.ts';
import { whyNot } from './possible.ts';
import { onDesk, panesOf, tell, withRoad, withStory, withTerminal } from './on-desk.ts';
import type { Desk, PaneName, State } from './state.ts';
import { updateMap } from './update-map.ts';
import { chosenRow } from './veil.ts';

export function updatePanes(state: State, message: Exclude<PaneMessage, { readonly kind: 'clicked' }>): [State, readonly Effect[]] {
  switch (message.kind) {
    case 'pane-chosen':
      return [onDesk(state, (desk) => focusOn(desk, message.pane)), []];
    case 'pane-cycled':
      return [onDesk(state, (desk) => {
        const panes = panesOf(desk);
        const at = panes.indexOf(desk.focus);
        return focusOn(desk, panes[(at + message.by + panes.length) % panes.length] ?? 'story');
      }), []];
    case 'pane-filled':
      return [onDesk(state, (desk) => ({ ...desk, full: !desk.full })), []];
    case 'left':
      return leave(state);
    case 'scrolled':
      return [onDesk(state, (desk) => scroll(desk, message.pane, message.to)), []];
    case 'report-asked':
      return [onDesk(state, (desk) => ({ ...seeAll(look(desk, message.pane), message.pane), report: { pane: message.pane, count: (desk.report?.count ?? 0) + 1 } })), []];
  }
}

/** Printed in full: every hop was looked at. */
function seeAll(desk: Desk, pane: PaneName): Desk {
  const hops = pane === 'layers' ? (chosenRow(desk)?.trace?.walks[desk.road.walk]?.hops ?? []) : [];
  const stages = hops.map(({ stage }): string => stage).filter((stage, index, all) => all.indexOf(stage) === index && !desk.seen.stages.includes(stage));
  return stages.length === 0 ? desk : { ...desk, seen: { ...desk.seen, stages: [...desk.seen.stages, ...stages] } };
}

/** One level up: a stopped play, a closed hop, a pane that fills the screen, the terminal, the diagnosis, the map. */
function leave(state: State): [State, readonly Effect[]] {
  const { desk } = state;
  if (desk === null) return [state, []];
  if (desk.focus === 'terminal') return [{ ...state, desk: { ...desk, focus: desk.lastFocus } }, []];
  if (desk.road.playing) return [onDesk(state, (now) => withRoad(now, { playing: false })), []];
  if (desk.road.open && desk.focus === 'layers') return [onDesk(state, (now) => withRoad(now, { open: false })), []];
  if (desk.story.question?.kind === 'diagnosis') return [onDesk(state, (now) => withStory(now, { question: null, cursor: 0 })), []];
  if (desk.full) return [{ ...state, desk: { ...desk, full: false } }, []];
  const why = whyNot(state, { kind: 'map-opened' });
  return why === null ? updateMap(state, { kind: 'map-opened' }) : [tell(state, `Not now: ${why}.`), []];
}

function scroll(desk: Desk, pane: PaneName, to: number): Desk {
  if (pane === 'terminal') return withTerminal(desk, { scroll: Math.max(0, to) });
  if (pane === 'story') return withStory(desk, { top: Math.max(0, to) });
  if (pane === 'editor' && desk.editor !== null) return { ...desk, editor: { ...desk.editor, top: Math.max(0, to) } };
  return pane === 'service' || pane === 'network' ? { ...desk, top: Math.max(0, to) } : desk;
}
