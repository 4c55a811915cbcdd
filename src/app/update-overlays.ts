// What lies over the panes: help, palette, a list of objects, the command line, a question to confirm.
import { editLine, emptyLine, lineOf, typeInto } from './line-input.ts';
import type { OverlayMessage } from './message.ts';
import { before } from './line-input.ts';
import type { State } from './state.ts';

type Own = Exclude<OverlayMessage, { readonly kind: 'overlay-chosen' | 'command-given' }>;

export function updateOverlays(state: State, message: Own): State {
  const { overlay } = state;
  switch (message.kind) {
    case 'overlay-opened':
      return { ...state, overlay: message.overlay === 'command' ? { kind: 'command', input: emptyLine, index: null } : message.overlay === 'find' ? { kind: 'find', input: emptyLine } : { kind: message.overlay, query: '', index: 0 } };
    case 'overlay-closed':
      return { ...state, overlay: null };
    case 'overlay-typed':
      if (overlay?.kind === 'command') return { ...state, overlay: { ...overlay, input: typeInto(overlay.input, message.text), index: null } };
      if (overlay?.kind === 'find') return { ...state, overlay: { kind: 'find', input: typeInto(overlay.input, message.text) } };
      // A list is filtered by typing: the slash that asks for a filter is not part of it.
      if (overlay !== null && 'query' in overlay && overlay.query === '' && message.text === '/') return state;
      return overlay !== null && 'query' in overlay ? { ...state, overlay: { ...overlay, query: overlay.query + message.text.replace(/[\r\n\t]+/g, ' '), index: 0 } } : state;
    case 'overlay-edited':
      // Backspace in an empty command line leaves it, as in vi and k9s.
      if (overlay?.kind === 'command') return overlay.input.text === '' && message.edit === 'erase-left' ? { ...state, overlay: null } : { ...state, overlay: { ...overlay, input: editLine(overlay.input, message.edit), index: null } };
      if (overlay?.kind === 'find') return { ...state, overlay: { kind: 'find', input: editLine(overlay.input, message.edit) } };
      return overlay !== null && 'query' in overlay && message.edit === 'erase-left' ? { ...state, overlay: { ...overlay, query: overlay.query.slice(0, before(overlay.query, overlay.query.length)), index: 0 } } : state;
    case 'overlay-moved':
      return overlay !== null && 'index' in overlay ? { ...state, overlay: { ...overlay, index: message.to } } : state;
    case 'overlay-completed':
      return overlay?.kind === 'command' ? { ...state, overlay: { ...overlay, input: lineOf(message.text), index: null } } : state;
  }
}
