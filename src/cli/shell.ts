// `shell`: the lab's terminal without the screen, for scripts and for people who like it plain.
import { createInterface } from 'node:readline';
import { editText, editorOf } from '../disk/external-editor.ts';
import { readNamed } from '../disk/manifests.ts';
import type { Session } from '../shell/session.ts';
import { complete, edited, promptOf, run, startSession } from '../shell/shell.ts';
import type { Ran } from '../shell/session.ts';
import type { Result } from '../sim/base/result.ts';
import { openLab } from '../sim/lab.ts';
import type { Lab } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Caller } from './caller.ts';
import type { CliCommand } from './cli-command.ts';
import { filenameOption, withLabFlags } from './cluster-options.ts';
import { labOptions, loadLesson, misuse, openCluster, readInput } from './cluster.ts';
import type { LabFlags } from './cluster.ts';
import { wholeCommands } from './shell-lines.ts';
import { wrong } from './tell-problems.ts';

interface ShellOptions extends LabFlags {
  readonly filename?: readonly string[];
  readonly lesson?: string;
  readonly command?: readonly string[];
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];
const readsStdin = /(?:^|\s)(?:-f|--filename)[= ]?-(?:\s|$)/;

async function labFor(words: readonly string[], options: ShellOptions, caller: Caller): Promise<Result<Lab, Problem>> {
  if (options.filename !== undefined) {
    if (options.filename.includes('-') && options.command === undefined) return misuse('standard input is either manifests (-f -) or the lines to run', 'Give the lines with -c LINE.');
    return openCluster(options, caller, words);
  }
  const [name, ...more] = options.lesson === undefined ? words : [options.lesson, ...words];
  if (more.length > 0) return misuse(`unexpected argument '${more[0] ?? ''}'`, 'One lesson at a time; a line is given with -c LINE.');
  if (name === undefined) return openLab([], labOptions(options));
  const lesson = loadLesson(name, caller);
  return lesson.ok ? openLab(lesson.value.cluster, labOptions(options)) : lesson;
}

function print(ran: Ran, caller: Caller): Session {
  for (const { stream, text } of ran.output) (stream === 'out' ? caller.out : caller.err)(text);
  return ran.session;
}

/** Runs one line to its end: files that it names are read, and `kubectl edit` gets the person's editor. */
export function runLine(session: Session, line: string, stdin: string | null, caller: Caller): Session {
  let given: { readonly files: Readonly<Record<string, string>>; readonly missing: readonly string[] } = { files: {}, missing: [] };
  // Each round brings files that were not there before; a line that never has enough is ours to mend.
  for (let round = 0; round < 8; round++) {
    const running = run(session, line, { ...given, stdin });
    switch (running.kind) {
      case 'done': return print(running.ran, caller);
      case 'clear':
        if (caller.terminal.out) caller.out('\x1b[H\x1b[2J');
        return session;
      case 'files': {
        const read = readNamed(running.paths, caller.folder);
        given = { files: { ...given.files, ...read.files }, missing: [...given.missing, ...read.missing] };
        break;
      }
      case 'edit': {
        const editor = editorOf(caller.env) ?? (caller.terminal.in && caller.terminal.out ? 'vi' : undefined);
        const changed = editor === undefined ? undefined : editText(running.text, 'edit.yaml', editor, caller.platform);
        if (changed?.ok === true) return print(edited(session, running.ref, running.text, changed.value), caller);
        caller.err(`error: ${changed === undefined ? 'no editor: set KUBE_EDITOR or EDITOR' : changed.failures.join('; ')}\n`);
        return { ...session, status: 1, history: [...session.history, line] };
      }
    }
  }
  throw new Error(`the line asks for files without end: ${line}`);
}

/** Lines from a person at a terminal, or from a pipe. The prompt goes to standard error: what the tools print stays apart. */
async function readLines(first: Session, caller: Caller): Promise<Session> {
  let session = first;
  const interactive = caller.terminal.in && caller.terminal.err;
  const reader = createInterface({
    input: caller.stdin(), ...(interactive ? { output: process.stderr, terminal: true } : { terminal: false }), crlfDelay: Infinity,
    completer: (line: string): [string[], string] => {
      const { from, candidates } = complete(session, line, line.length);
      return [[...candidates], line.slice(from)];
    },
  });
  const prompt = (): void => {
    if (!interactive) return;
    reader.setPrompt(promptOf(session));
    reader.prompt();
  };
  prompt();
  const goOn = (): void => {
    if (!interactive) return;
    reader.setPrompt('> ');
    reader.prompt();
  };
  for await (const line of wholeCommands(reader, goOn)) {
    // In a shell that stays, in a pod or on a node, it leaves that one.
    const leaves = session.places.length === 0 ? /^\s*exit(?:\s+(\d{1,3}))?\s*$/.exec(line) : null;
    if (leaves !== null) {
      reader.close();
      return leaves[1] === undefined ? session : { ...session, status: Number(leaves[1]) & 0xff };
    }
    session = runLine(session, line, null, caller);
    prompt();
  }
  return session;
}

export const shell: CliCommand = {
  declare(command, caller, done) {
    withLabFlags(command.argument('[lesson...]', 'an id, a position in the course, or a folder; with -f, more paths')
      .addOption(filenameOption('a manifest, a directory of manifests, or - for standard input (repeatable)'))
      .option('--lesson <lesson>', 'the same as the argument')
      .option('-c, --command <line>', 'run this line (repeatable); without one, lines are read from standard input', collect))
      .addHelpText('after', '\nOne session: the cluster, the variables and the last status go on from line to line; nothing is saved.\nThe exit status is that of the last line.')
      .action(async (words: readonly string[], options: ShellOptions) => {
        const lab = await labFor(words, options, caller);
        if (!lab.ok) return done(wrong(caller, lab.failures));
        let session = startSession(lab.value);
        if (options.command === undefined) return done((await readLines(session, caller)).status);
        let typed: string | null = null;
        for (const line of options.command) {
          if (typed === null && readsStdin.test(line)) {
            const read = await readInput(['-'], caller);
            if (!read.ok) return done(wrong(caller, read.failures));
            typed = read.value[0]?.text ?? '';
          }
          session = runLine(session, line, typed, caller);
        }
        return done(session.status);
      });
  },
};
