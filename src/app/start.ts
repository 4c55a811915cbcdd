// The first state: the map, a lesson or the sandbox.
import type { Effect } from './effect.ts';
import { openSandboxDesk } from './desk.ts';
import { settle } from './settle.ts';
import { openLesson } from './update-map.ts';
import type { State } from './state.ts';
import type { World } from './world.ts';

/** The lesson that the map's cursor stands on: the one that was open last, or the first that is not solved. */
export function whereToGoOn(world: Pick<World, 'cards' | 'progress'>): string | null {
  const { cards, progress } = world;
  const current = cards.find((card) => card.name === progress.current);
  const open = cards.find((card) => progress.lessons[card.name]?.solved !== true);
  return (current ?? open ?? cards[0])?.name ?? null;
}

export function start(world: World): [State, readonly Effect[]] {
  const { size, course, cards, progress } = world;
  const chosen = progress.settings['theme'];
  const theme = chosen !== undefined && world.options.themes.includes(chosen) ? chosen : world.options.theme;
  const state: State = { size, options: { ...world.options, theme }, course, cards, progress, map: { chosen: whereToGoOn(world), loading: null }, desk: null, parked: null, overlay: null, notice: null };
  switch (world.start.kind) {
    case 'map': return [state, []];
    case 'sandbox': return [settle(state, { ...state, desk: openSandboxDesk(world.start.lab, world.start.title) }), []];
    case 'lesson': {
      const opened = settle(state, openLesson(state, world.start.lesson));
      return [opened, opened.progress === progress ? [] : [{ kind: 'save-progress', progress: opened.progress }]];
    }
  }
}
