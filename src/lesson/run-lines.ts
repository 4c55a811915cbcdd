// Lines of the lab's terminal, run one after another: parts of a fix, and what an intent says happens before it is asked.
import type { Lab } from '../sim/lab.ts';
import { run, startSession } from '../shell/shell.ts';

/** The cluster after the lines, or a sentence about the line that failed. Lines that need an editor or a file fail. */
export function runLines(lines: readonly string[], start: Lab): { readonly lab: Lab } | { readonly failed: string } {
  let session = startSession(start);
  for (const line of lines) {
    const running = run(session, line);
    if (running.kind !== 'done') return { failed: `"${line}" asks for ${running.kind === 'edit' ? 'an editor' : 'a file'}` };
    if (running.ran.status !== 0) return { failed: `"${line}" failed: ${running.ran.stderr.trim()}` };
    session = running.ran.session;
  }
  return { lab: session.lab };
}
