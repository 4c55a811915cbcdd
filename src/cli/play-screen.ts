// The lab on the screen: keys become messages, messages become states and effects, states become frames.
import type { Effect } from '../app/effect.ts';
import type { Message } from '../app/message.ts';
import { start } from '../app/start.ts';
import type { State } from '../app/state.ts';
import { update } from '../app/update.ts';
import type { World } from '../app/world.ts';
import { openScreen } from '../terminal/open-screen.ts';
import type { OpenScreen } from '../terminal/open-screen.ts';
import type { Theme } from '../terminal/paint.ts';
import { frameOf } from '../view/frame-of.ts';
import { messageForKey } from '../view/keys.ts';
import { messageForMouse } from '../view/mouse.ts';
import type { Perform } from './perform.ts';

export interface ScreenPlay {
  readonly world: World;
  readonly perform: Perform;
  readonly themes: readonly Theme[];
  /** The folder of the terminfo files, absolute. */
  readonly terminfo: string;
  readonly version: string;
}

const openingError = (name: string): Error => new Error(`there is no theme ${name}`);

/** Plays until the learner leaves; gives the exit status. The terminal is given back whatever happens. */
export function playOnScreen(play: ScreenPlay): Promise<number> {
  const themeNamed = (name: string): Theme => {
    const theme = play.themes.find((one) => one.name === name) ?? play.themes[0];
    if (theme === undefined) throw openingError(name);
    return theme;
  };
  return new Promise<number>((resolve) => {
    let [state, effects]: readonly [State, readonly Effect[]] = start(play.world);
    let drawnTheme = state.options.theme;
    let drawing: NodeJS.Immediate | undefined;
    let beating: NodeJS.Timeout | undefined;
    let left = false;
    const { ascii, color } = state.options;

    const draw = (): void => {
      drawing = undefined;
      if (left) return;
      if (state.options.theme !== drawnTheme) {
        drawnTheme = state.options.theme;
        screen.repaint({ theme: themeNamed(drawnTheme), ascii, color });
      }
      screen.draw(frameOf(state));
    };

    const leave = (status: number): void => {
      left = true;
      clearTimeout(beating);
      if (drawing !== undefined) clearImmediate(drawing);
      screen.close();
      resolve(status);
    };

    const hear = (message: Message | null): void => {
      if (message === null || left) return;
      [state, effects] = update(state, message);
      // One drawing for all that arrives in the same turn: a paste, a held key.
      drawing ??= setImmediate(draw);
      run();
    };

    const run = (): void => {
      const wanted = effects;
      effects = [];
      for (const effect of wanted) {
        switch (effect.kind) {
          case 'quit': leave(effect.status); return;
          case 'suspend': screen.suspend(); break;
          case 'beat': beating = setTimeout(() => hear({ kind: 'beat' }), effect.in); break;
          case 'open-external-editor':
            void screen.lend(async () => { hear(await play.perform.edit(effect.text)); });
            break;
          case 'save-progress': case 'load-lesson': case 'read-files':
            hear(play.perform.now(effect));
            break;
        }
      }
    };

    const screen: OpenScreen = openScreen({
      input: process.stdin, output: process.stdout, terminfo: play.terminfo, term: process.env['TERM'] ?? '', platform: process.platform,
      theme: themeNamed(drawnTheme), ascii, color,
    }, {
      key: (key) => hear(messageForKey(state, key)),
      mouse: (event) => hear(messageForMouse(state, event)),
      paste: (text) => hear({ kind: 'pasted', text }),
      resize: (columns, rows) => hear({ kind: 'resized', columns, rows }),
      resumed: () => hear({ kind: 'resized', ...screen.size() }),
      ended: (why) => {
        left = true;
        if ('signal' in why) {
          process.stderr.write(`k8snet-lab: ended by ${why.signal}; what was solved is saved.\n`);
          return why.status;
        }
        const { thrown } = why;
        process.stderr.write(`k8snet-lab ${play.version}: this is a defect of the program, not of your input. What was solved is saved.\n${thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown)}\n`);
        return 70;
      },
    });
    draw();
    run();
  });
}
