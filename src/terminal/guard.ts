// One guard owns the terminal: whatever ends the program, the screen, the cursor, the mouse and raw mode are given back first.
import type { BlessedScreen } from './blessed-screen.ts';

const bracketedPasteOn = '\x1b[?2004h';
const bracketedPasteOff = '\x1b[?2004l';

/** The exit status of a program that a signal ended: 128 and the signal's number. */
const signals = [['SIGHUP', 129], ['SIGINT', 130], ['SIGQUIT', 131], ['SIGTERM', 143]] as const;

export interface Guard {
  /** Gives the terminal back; the first call counts. */
  close(): void;
  /** Ctrl-Z: gives the terminal back, stops the process, and takes the terminal again when it goes on. */
  suspend(): void;
  /** Gives the terminal to another program while it runs, then takes it again. */
  lend(run: () => Promise<void>): Promise<void>;
}

/**
 * `ended` is told why before the process exits: a signal's name or what was thrown; it prints (the terminal is given back by then) and gives the exit status.
 */
export function guardTerminal(screen: BlessedScreen, output: NodeJS.WriteStream, resumed: () => void, ended: (why: { readonly signal: string; readonly status: number } | { readonly thrown: unknown }) => number): Guard {
  let open = true;
  const write = (text: string): void => {
    screen.program.flush();
    output.write(text);
  };

  const give = (): void => {
    write(bracketedPasteOff);
    screen.leave();
    screen.program.flush();
    screen.program.input.setRawMode(false);
  };
  const take = (): void => {
    screen.program.input.setRawMode(true);
    screen.enter();
    screen.program.enableMouse();
    screen.alloc(true);
    write(bracketedPasteOn);
    resumed();
  };

  const onSignal = signals.map(([signal, status]) => [signal, (): void => {
    close();
    process.exit(ended({ signal, status }));
  }] as const);
  const onThrown = (thrown: unknown): void => {
    close();
    process.exit(ended({ thrown }));
  };
  const onExit = (): void => close();
  const onStop = (): void => suspend();

  const close = (): void => {
    if (!open) return;
    open = false;
    for (const [signal, listener] of onSignal) process.off(signal, listener);
    process.off('uncaughtException', onThrown);
    process.off('unhandledRejection', onThrown);
    process.off('exit', onExit);
    process.off('SIGTSTP', onStop);
    try {
      write(bracketedPasteOff);
      screen.destroy();
      screen.program.flush();
    } catch {
      // The terminal itself is gone (SIGHUP): there is nothing left to give back.
    }
  };

  const suspend = (): void => {
    give();
    process.once('SIGCONT', take);
    // Our own listener would keep the process running: the default action stops it.
    process.off('SIGTSTP', onStop);
    process.once('SIGCONT', () => process.on('SIGTSTP', onStop));
    process.kill(process.pid, 'SIGTSTP');
  };

  // blessed's own handlers go first otherwise: they end with status 0 or do nothing at all.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'uncaughtException'] as const) process.removeAllListeners(signal);
  for (const [signal, listener] of onSignal) process.on(signal, listener);
  process.on('uncaughtException', onThrown);
  process.on('unhandledRejection', onThrown);
  process.on('exit', onExit);
  process.on('SIGTSTP', onStop);
  write(bracketedPasteOn);

  return {
    close,
    suspend,
    async lend(run) {
      give();
      try {
        await run();
      } finally {
        take();
      }
    },
  };
}
