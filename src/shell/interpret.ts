// Runs a parsed line: one pipeline after the other by the status of the last, what is printed kept in order, changes handed on.
import { byText } from '../sim/base/order.ts';
import type { Trace } from '../sim/model/trace.ts';
import { streamOf } from './command.ts';
import type { Answer, AskedLookup, Call, Done, Piece, Wanted } from './command.ts';
import { argumentsOf, expandHere, substitutions } from './parse/arguments.ts';
import { grouping } from './parse/grouping.ts';
import type { Command, Loop } from './parse/grouping.ts';
import { parseLine } from './parse/line.ts';
import type { Pipeline, Stage } from './parse/line.ts';

/** Where a line runs; `turn` is the key under which its commands make their choices. */
export type Ground = Omit<Call, 'name' | 'args'>;

/** What has happened so far in a line. */
interface Running {
  readonly ground: Ground;
  readonly status: number;
  readonly output: readonly Piece[];
  readonly traces: readonly Trace[];
  readonly lookups: readonly AskedLookup[];
  readonly meanings: readonly string[];
  /** How many more commands may run: a loop in a loop grows fast. */
  readonly left: number;
}

const deepest = 8;
const mostCommands = 1000;

/** Runs a line (several lines are several commands). Ends early with what is wanted first. */
export function interpret(line: string, ground: Ground, status = 0, depth = 0): Answer {
  const parsed = parseLine(line);
  if (!parsed.ok) return { kind: 'done', status: 2, output: [{ stream: 'err', text: `${parsed.failures.join('\n')}\n` }] };
  if (depth > deepest) return { kind: 'done', status: 2, output: [{ stream: 'err', text: 'bash: commands are nested too deep\n' }] };
  const grouped = grouping(parsed.value);
  if (!grouped.ok) return { kind: 'done', status: 2, output: [{ stream: 'err', text: `${grouped.failures.join('\n')}\n` }] };
  const running = runAll(grouped.value, { ground, status, output: [], traces: [], lookups: [], meanings: [], left: mostCommands }, ground.turn, depth);
  if ('kind' in running) return running;
  const { lab, namespace, variables } = running.ground;
  return { kind: 'done', status: running.status, output: running.output, lab, namespace, variables, traces: running.traces, lookups: running.lookups, meanings: running.meanings };
}

function runAll(commands: readonly Command[], before: Running, turn: string, depth: number): Running | Wanted {
  let running = before;
  for (const [count, command] of commands.entries()) {
    if (command.after === '&&' && running.status !== 0) continue;
    if (command.after === '||' && running.status === 0) continue;
    const next = command.kind === 'for' ? runLoop(command, running, `${turn}.${count}`, depth) : runPipeline(command.pipeline, running, `${turn}.${count}`, depth);
    if ('kind' in next) return next;
    running = next;
  }
  return running;
}

const wordsProgram = '__words__';

function runLoop(loop: Loop, before: Running, turn: string, depth: number): Running | Wanted {
  let words: readonly string[] = [];
  const find: Ground['find'] = (name) => (name === wordsProgram ? (call) => { words = call.args; return { kind: 'done', status: 0, output: [] }; } : before.ground.find(name));
  const stage: Stage = { text: `${wordsProgram} ${loop.list}`, input: null, stdout: 'keep', stderr: 'keep' };
  const listed = runStage(stage, { ...before, ground: { ...before.ground, find } }, null, `${turn}.list`, depth);
  if (listed.kind !== 'done') return listed;
  let running: Running = {
    ...before, status: 0, ground: { ...before.ground, lab: listed.lab ?? before.ground.lab }, output: [...before.output, ...listed.output],
    traces: [...before.traces, ...(listed.traces ?? [])], lookups: [...before.lookups, ...(listed.lookups ?? [])], meanings: [...before.meanings, ...(listed.meanings ?? [])],
  };
  for (const [index, word] of words.entries()) {
    const next = runAll(loop.body, { ...running, ground: { ...running.ground, variables: { ...running.ground.variables, [loop.name]: word } } }, `${turn}.${index}`, depth);
    if ('kind' in next) return next;
    running = next;
    if (running.left <= 0) return running;
  }
  return running;
}

function runPipeline(pipeline: Pipeline, before: Running, turn: string, depth: number): Running | Wanted {
  if (before.left <= 0) return before;
  if (before.left === 1) return { ...before, left: 0, status: 1, output: [...before.output, { stream: 'err', text: `bash: the line ran ${mostCommands} commands; the rest was left out\n` }] };
  let running: Running = { ...before, left: before.left - 1 };
  let stdin = before.ground.stdin;
  for (const [index, stage] of pipeline.stages.entries()) {
    const last = index === pipeline.stages.length - 1;
    const answer = runStage(stage, running, stdin, `${turn}.${index}`, depth);
    if (answer.kind !== 'done') return answer;
    const output = redirected(answer.output, stage);
    // What goes into a pipe is not printed; it is the standard input of the next.
    stdin = last ? null : streamOf(output, 'out');
    const shown = last ? output : output.filter((piece) => piece.stream === 'err');
    running = {
      ground: { ...running.ground, lab: answer.lab ?? running.ground.lab, namespace: answer.namespace ?? running.ground.namespace, variables: answer.variables ?? running.ground.variables },
      status: answer.status,
      output: [...running.output, ...shown],
      traces: [...running.traces, ...(answer.traces ?? [])],
      lookups: [...running.lookups, ...(answer.lookups ?? [])],
      meanings: [...running.meanings, ...(answer.meanings ?? [])],
      left: running.left,
    };
  }
  return running;
}

function redirected(output: readonly Piece[], stage: Stage): readonly Piece[] {
  const moved: Piece[] = [];
  for (const piece of output) {
    const to = piece.stream === 'out' ? stage.stdout : stage.stderr;
    if (to === 'drop') continue;
    moved.push(to === 'keep' ? piece : { stream: to, text: piece.text });
  }
  return moved;
}

function runStage(stage: Stage, running: Running, piped: string | null, turn: string, depth: number): Answer {
  let ground = running.ground;
  const beside = { output: [] as Piece[], traces: [] as Trace[], lookups: [] as AskedLookup[], meanings: [] as string[] };
  const cut = substitutions(stage.text);
  const inner: Record<string, string> = {};
  for (const { variable, line } of cut.commands) {
    const answer = interpret(line, { ...ground, stdin: null, turn: `${turn}${variable}` }, running.status, depth + 1);
    if (answer.kind !== 'done') return answer;
    inner[variable] = streamOf(answer.output, 'out').replace(/\n+$/, '');
    // A subshell's variables and namespace are its own; the cluster is everybody's.
    ground = { ...ground, lab: answer.lab ?? ground.lab };
    beside.output.push(...answer.output.filter((piece) => piece.stream === 'err'));
    beside.traces.push(...(answer.traces ?? []));
    beside.lookups.push(...(answer.lookups ?? []));
    beside.meanings.push(...(answer.meanings ?? []));
  }
  const visible = { ...ground.variables, ...inner, '?': String(running.status), '$': '1', '#': '0', '0': 'bash' };
  const parsed = wordsOf(cut.text, visible);
  if (typeof parsed === 'string') return { kind: 'done', status: 1, output: [{ stream: 'err', text: `${parsed}\n` }] };
  const [name, ...args] = parsed.words;
  const assigned = Object.fromEntries(parsed.assignments);
  if (name === undefined) {
    return withBeside({ kind: 'done', status: cut.commands.length > 0 ? running.status : 0, output: [], lab: ground.lab, variables: { ...ground.variables, ...assigned } }, beside);
  }
  let stdin = piped;
  if (stage.input?.kind === 'here') stdin = stage.input.expand ? expandHere(stage.input.text, visible) : stage.input.text;
  if (stage.input?.kind === 'file') {
    const { path } = stage.input;
    const read = Object.hasOwn(ground.inputs.files, path) ? ground.inputs.files[path] : undefined;
    if (read === undefined && !(ground.inputs.missing ?? []).includes(path)) return { kind: 'files', paths: [path] };
    if (read === undefined) return withBeside({ kind: 'done', status: 1, output: [{ stream: 'err', text: `bash: ${path}: No such file or directory\n` }], lab: ground.lab }, beside);
    stdin = read;
  }
  const program = ground.find(name);
  if (program === undefined) return withBeside({ kind: 'done', status: 127, output: [{ stream: 'err', text: `bash: ${printable(name)}: command not found\n` }], lab: ground.lab }, beside);
  const answer = program({ ...ground, variables: { ...ground.variables, ...assigned, '?': String(running.status) }, name, args, stdin, turn });
  if (answer.kind !== 'done') return answer;
  const kept = answer.variables ?? ground.variables;
  return withBeside({ ...answer, lab: answer.lab ?? ground.lab, variables: Object.fromEntries(Object.entries(kept).filter(([key]) => key !== '?').sort(([left], [right]) => byText(left, right))) }, beside);
}

function wordsOf(text: string, variables: Readonly<Record<string, string>>): ReturnType<typeof argumentsOf> | string {
  try {
    return argumentsOf(text, variables);
  } catch (error) {
    // shell-quote's way to refuse `${}` and `${X`.
    return `bash: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const withBeside = (answer: Done, beside: { readonly output: readonly Piece[]; readonly traces: readonly Trace[]; readonly lookups: readonly AskedLookup[]; readonly meanings: readonly string[] }): Done => ({
  ...answer,
  output: [...beside.output, ...answer.output],
  traces: [...beside.traces, ...(answer.traces ?? [])],
  lookups: [...beside.lookups, ...(answer.lookups ?? [])],
  meanings: [...beside.meanings, ...(answer.meanings ?? [])],
});

/** A name as a person typed it, without what a terminal would obey. */
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
