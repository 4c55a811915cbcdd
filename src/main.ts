// The program: opens the lab or hands the words to the command line, and catches our own mistakes once.
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import about from '../package.json' with { type: 'json' };
import type { Caller } from './cli/caller.ts';

// A reader that has seen enough (`| head`) ends the program quietly.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

let reads = false;
const words = process.argv.slice(2);
const caller: Caller = {
  home: fileURLToPath(new URL('..', import.meta.url)), version: about.version, program: fileURLToPath(import.meta.url), folder: process.cwd(), env: process.env, platform: process.platform,
  // Opened only by those who read it.
  stdin: () => {
    reads = true;
    return process.stdin;
  },
  out: (text) => { process.stdout.write(text); },
  err: (text) => { process.stderr.write(text); },
  terminal: { in: isatty(0), out: isatty(1), err: isatty(2) },
};
try {
  if (words.length === 0) {
    // Straight to the map: nothing of the command line is needed before the first frame.
    const { playLesson } = await import('./cli/play.ts');
    process.exitCode = await playLesson(caller, undefined, { color: true, motion: true }, []);
  } else {
    const { commandLine } = await import('./cli/command-line.ts');
    process.exitCode = await commandLine(words, caller);
  }
} catch (error) {
  process.stderr.write(`k8snet-lab ${about.version}: this is a defect of the program, not of your input. Please report it with the command and these lines:\n${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exitCode = 70;
} finally {
  // A terminal that is still being read keeps a program alive whose learner said :quit.
  if (reads) process.stdin.destroy();
}
