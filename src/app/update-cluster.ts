// Changes of the cluster taken back, made again, or all of them at once; and what was to be confirmed.
import { redo, reset, undo } from '../sim/lab.ts';
import type { Lab } from '../sim/lab.ts';
import type { Effect } from './effect.ts';
import type { ClusterMessage } from './message.ts';
import { onDesk, tell } from './on-desk.ts';
import type { Desk, State } from './state.ts';
import { dropEditor } from './update-editor.ts';

export function updateCluster(state: State, message: ClusterMessage): [State, readonly Effect[]] {
  const { desk } = state;
  if (desk === null && state.overlay === null) return [state, []];
  switch (message.kind) {
    case 'undone': return [desk === null ? state : travel(state, undo(desk.session.lab), 'Undone.'), []];
    case 'redone': return [desk === null ? state : travel(state, redo(desk.session.lab), 'Done again.'), []];
    case 'reset-asked': return [{ ...state, overlay: { kind: 'confirm', about: 'reset' } }, []];
    case 'confirmed': return confirm(state, message.yes);
  }
}

const inCluster = (desk: Desk, lab: Lab): Desk => ({ ...desk, session: { ...desk.session, lab } });

function travel(state: State, lab: Lab | undefined, says: string): State {
  return lab === undefined ? state : tell(onDesk(state, (desk) => inCluster(desk, lab)), says);
}

function confirm(state: State, yes: boolean): [State, readonly Effect[]] {
  const { overlay } = state;
  const closed: State = { ...state, overlay: null };
  if (overlay?.kind !== 'confirm' || !yes) return [closed, []];
  switch (overlay.about) {
    case 'reset': return [tell(onDesk(closed, (desk) => inCluster(desk, reset(desk.session.lab))), 'The cluster is as it was opened. z brings your changes back.'), []];
    case 'leave-editor': return [dropEditor(closed), []];
    case 'quit': return [closed, [{ kind: 'quit', status: 0 }]];
  }
}
