// The lab on the screen: keys become messages, messages become states, states become frames.
import type { World } from '../app/world.ts';
import { openScreen } from '../terminal/open-screen.ts';
import type { OpenScreen } from '../terminal/open-screen.ts';
import type { Theme } from '../terminal/paint.ts';
import { frameOf } from '../view/frame-of.ts';
import { messageForKey } from '../view/keys.ts';
import { messageForMouse } from '../view/mouse.ts';
import { appLoop } from './app-loop.ts';
import type { Perform } from './perform.ts';

export interface ScreenPlay {
  readonly world: World;
  readonly perform: Perform;
  readonly themes: readonly Theme[];
  /** The folder of the terminfo files, absolute. */
  readonly terminfo: string;
  readonly version: string;
}

/** Plays until the learner leaves; gives the exit status. The terminal is given back whatever happens. */
export function playOnScreen({ world, perform, themes, terminfo, version }: ScreenPlay): Promise<number> {
  const themeNamed = (name: string): Theme => {
    const theme = themes.find((one) => one.name === name) ?? themes[0];
    if (theme === undefined) throw new Error(`there is no theme ${name}`);
    return theme;
  };
  const { ascii, color } = world.options;

  return new Promise<number>((resolve) => {
    let drawing: NodeJS.Immediate | undefined;
    let beating: NodeJS.Timeout | undefined;

    const stop = (): void => {
      loop.end();
      clearTimeout(beating);
      if (drawing !== undefined) clearImmediate(drawing);
    };

    const draw = (): void => {
      drawing = undefined;
      const state = loop.state();
      if (state.options.theme !== drawnTheme) {
        drawnTheme = state.options.theme;
        screen.repaint({ theme: themeNamed(drawnTheme), ascii, color });
      }
      screen.draw(frameOf(state));
    };

    const loop = appLoop(world, perform, {
      // One drawing for all that arrives in the same turn: a paste, a held key.
      heard: () => { drawing ??= setImmediate(draw); },
      quit(status) {
        stop();
        screen.close();
        resolve(status);
      },
      suspend: () => screen.suspend(),
      beat: (milliseconds) => { beating = setTimeout(() => loop.hear({ kind: 'beat' }), milliseconds); },
      edit: (text) => { void screen.lend(async () => loop.hear(await perform.edit(text))); },
    });
    let drawnTheme = loop.state().options.theme;

    const screen: OpenScreen = openScreen({
      input: process.stdin, output: process.stdout, terminfo, term: process.env['TERM'] ?? '', platform: process.platform, theme: themeNamed(drawnTheme), ascii, color,
    }, {
      key: (key) => loop.hear(messageForKey(loop.state(), key)),
      mouse: (event) => loop.hear(messageForMouse(loop.state(), event)),
      paste: (text) => loop.hear({ kind: 'pasted', text }),
      resize: (columns, rows) => loop.hear({ kind: 'resized', columns, rows }),
      resumed: () => loop.hear({ kind: 'resized', ...screen.size() }),
      ended(why) {
        stop();
        if ('signal' in why) {
          process.stderr.write(`k8snet-lab: ended by ${why.signal}; what was solved is saved.\n`);
          return why.status;
        }
        const { thrown } = why;
        process.stderr.write(`k8snet-lab ${version}: this is a defect of the program, not of your input. What was solved is saved.\n${thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown)}\n`);
        return 70;
      },
    });
    draw();
    loop.begin();
  });
}
