// Runs a parsed line: one pipeline after the other by the status of the last, what is printed kept in order, changes handed on.
import { byText } from '../sim/base/order.ts';
import { sameJson } from '../sim/cluster/record.ts';
import type { Trace } from '../sim/model/trace.ts';
import { builtins } from './builtins.ts';
import { streamOf } from './command.ts';
import type { Answer, AskedLookup, Done, Piece, Wanted } from './command.ts';
import { expandText, expandWord, expandWords } from './expand.ts';
import type { Beside, Inner } from './expand.ts';
import { pathsLike, readFile, writeFile } from './files.ts';
import type { Ground } from './ground.ts';
import { arithmetic } from './parse/arithmetic.ts';
import { parseLine } from './parse/line.ts';
import { matchesPattern } from './parse/pattern.ts';
import type { Body, Command, Pipeline, Redirect, Stage } from './parse/syntax.ts';
import type { OpenShell, Sent } from './session.ts';

export type { Ground } from './ground.ts';

/** What has happened so far in a line. */
interface Running {
  readonly ground: Ground;
  readonly status: number;
  readonly output: readonly Piece[];
  readonly traces: readonly Trace[];
  readonly lookups: readonly AskedLookup[];
  readonly meanings: readonly string[];
  readonly sent: readonly Sent[];
  /** How many more commands may run: a loop in a loop grows fast. */
  readonly left: number;
  /** `exit` was run, or a loop is being left. */
  readonly stops: { readonly kind: 'exit' } | { readonly kind: 'break' | 'continue'; readonly levels: number } | null;
  readonly opens: OpenShell | null;
}

const deepest = 8;
const mostCommands = 1000;
// Simplified: a while loop in which nothing changed for ten rounds is stopped, because nobody else works on the cluster.
const mostIdleRounds = 10;

/** Runs a line (several lines are several commands). Ends early with what is wanted first. */
export function interpret(line: string, ground: Ground, status = 0, depth = 0): Answer {
  const parsed = parseLine(line);
  const wrong = (says: string): Done => ({ kind: 'done', status: 2, output: [{ stream: 'err', text: `${ground.shell === 'sh' ? says.replace(/^bash: /, 'sh: ') : says}\n` }] });
  if (!parsed.ok) return wrong(parsed.failures.join('\n'));
  if (depth > deepest) return wrong('bash: commands are nested too deep');
  const begun: Running = { ground, status, output: [], traces: [], lookups: [], meanings: [], sent: [], left: mostCommands, stops: null, opens: null };
  const running = runAll(parsed.value, begun, ground.turn, depth);
  if ('kind' in running) return running;
  const { lab, namespace, variables, files, clock } = running.ground;
  return {
    kind: 'done', status: running.status, output: running.output, lab, namespace, variables, files, traces: running.traces, lookups: running.lookups, meanings: running.meanings, sent: running.sent, seconds: clock - ground.clock,
    ...(running.opens === null ? {} : { opens: running.opens }), ...(running.stops?.kind === 'exit' ? { shellDoes: { kind: 'exit' } } : {}),
  };
}

const inner = (depth: number, status: number): Inner => (line, ground, turn) => interpret(line, { ...ground, turn }, status, depth + 1);

function runAll(body: Body, before: Running, turn: string, depth: number): Running | Wanted {
  let running = before;
  for (const [count, pipeline] of body.entries()) {
    if (running.stops !== null || running.left <= 0) break;
    if (pipeline.after === '&&' && running.status !== 0) continue;
    if (pipeline.after === '||' && running.status === 0) continue;
    // A shell that stays takes the terminal: what stands behind it would be read by nobody.
    if (running.opens !== null) running = { ...running, opens: null };
    const next = runPipeline(pipeline, running, `${turn}.${count}`, depth);
    if ('kind' in next) return next;
    running = next;
  }
  return running;
}

function runPipeline(pipeline: Pipeline, before: Running, turn: string, depth: number): Running | Wanted {
  if (before.left === 1) return { ...before, left: 0, status: 1, output: [...before.output, { stream: 'err', text: `bash: the line ran ${mostCommands} commands; the rest was left out\n` }] };
  let running: Running = { ...before, left: before.left - 1 };
  const alone = pipeline.stages.length === 1;
  let stdin = running.ground.stdin;
  for (const [index, stage] of pipeline.stages.entries()) {
    const last = index === pipeline.stages.length - 1;
    const ran = runStage(stage, { ...running, output: [], ground: { ...running.ground, stdin } }, `${turn}.${index}`, depth);
    if ('kind' in ran) return ran;
    // What goes into a pipe is not printed; it is the standard input of the next.
    const shown = last ? ran.output : ran.output.filter((piece) => piece.stream === 'err');
    const output = [...running.output, ...shown];
    // In a pipe every command has a shell of its own: its variables end with it.
    const ground: Ground = alone ? { ...ran.ground, stdin: ran.ground.stdin } : { ...ran.ground, variables: before.ground.variables, stdin: before.ground.stdin };
    stdin = last ? null : streamOf(ran.output, 'out');
    running = { ...ran, output, ground, stops: alone ? ran.stops : null, opens: alone ? ran.opens : null };
  }
  if (pipeline.negated) running = { ...running, status: running.status === 0 ? 1 : 0 };
  if (pipeline.timed) running = { ...running, output: [...running.output, { stream: 'err', text: timeText(running.ground.clock - before.ground.clock) }] };
  return running;
}

const minutes = (seconds: number): string => `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
// The computing of a client is so short that every time is the same.
const timeText = (seconds: number): string => `\nreal\t${minutes(seconds + 0.012)}\nuser\t${minutes(0.006)}\nsys\t${minutes(0.004)}\n`;

/** Runs one stage with its redirections; `before.output` is empty, and `before.ground.stdin` is what it reads. */
function runStage(stage: Stage, before: Running, turn: string, depth: number): Running | Wanted {
  const targets: { readonly redirect: Redirect; readonly path: string }[] = [];
  let running = before;
  let { stdin } = before.ground;
  let redirected = false;
  for (const redirect of stage.redirects) {
    if (redirect.kind === 'join') { targets.push({ redirect, path: '' }); continue; }
    const literal = redirect.kind === 'here' && !redirect.expand;
    const raw = redirect.kind === 'here' ? redirect.text : redirect.word;
    const made = literal ? null : (redirect.kind === 'here' ? expandText : expandWord)(raw, running.ground, running.status, `${turn}r`, inner(depth, running.status));
    if (typeof made === 'string') return complain(running, made);
    if (made !== null && made.kind !== 'expanded') return made;
    if (made !== null) running = besides({ ...running, ground: made.ground }, made.beside);
    const text = made === null ? raw : made.value;
    if (redirect.kind === 'here') [stdin, redirected] = [text, true];
    else if (redirect.kind === 'here-word') [stdin, redirected] = [`${text}\n`, true];
    else if (redirect.kind === 'from-file') {
      const read = readFile(running.ground, text);
      if (read.kind === 'wanted') return { kind: 'files', paths: [text] };
      if (read.kind === 'missing') return complain(running, `${running.ground.shell}: ${printable(text)}: No such file or directory`);
      [stdin, redirected] = [read.text, true];
    } else targets.push({ redirect, path: text });
  }
  const ran = runCommand(stage.command, { ...running, ground: { ...running.ground, stdin } }, turn, depth);
  if ('kind' in ran) return ran;
  const left = redirected ? before.ground.stdin : ran.ground.stdin;
  return redirectOutput({ ...ran, ground: { ...ran.ground, stdin: left } }, targets);
}

/** Puts what was printed where it belongs, in the order of the redirections. */
function redirectOutput(ran: Running, targets: readonly { readonly redirect: Redirect; readonly path: string }[]): Running {
  if (targets.length === 0) return ran;
  type Sink = 'out' | 'err' | { readonly path: string };
  let sinks: { readonly out: Sink; readonly err: Sink } = { out: 'out', err: 'err' };
  let { files } = ran.ground;
  for (const { redirect, path } of targets) {
    if (redirect.kind === 'join') {
      sinks = { ...sinks, [redirect.stream]: sinks[redirect.to] };
      continue;
    }
    if (redirect.kind !== 'file') continue;
    // A file is made empty although nothing may come into it.
    const made = writeFile({ files, inside: ran.ground.inside }, path, '', redirect.append);
    if (typeof made === 'string') return { ...ran, status: 1, output: [{ stream: 'err', text: `${ran.ground.shell}: ${printable(path)}: ${made}\n` }] };
    files = made;
    const sink: Sink = path === '/dev/stdout' ? 'out' : path === '/dev/stderr' ? 'err' : { path };
    sinks = redirect.stream === 'both' ? { out: sink, err: sink } : { ...sinks, [redirect.stream]: sink };
  }
  const output: Piece[] = [];
  for (const { stream, text } of ran.output) {
    const sink = sinks[stream];
    if (typeof sink === 'string') output.push({ stream: sink, text });
    else {
      const made = writeFile({ files, inside: ran.ground.inside }, sink.path, text, true);
      if (typeof made === 'string') return { ...ran, status: 1, output: [...output, { stream: 'err', text: `${ran.ground.shell}: write error: ${made}\n` }] };
      files = made;
    }
  }
  return { ...ran, output, ground: { ...ran.ground, files } };
}

const complain = (running: Running, says: string, status = 1): Running => ({ ...running, status, output: [...running.output, { stream: 'err', text: `${says}\n` }] });

const besides = (running: Running, beside: Beside): Running => ({
  ...running, output: [...running.output, ...beside.output], traces: [...running.traces, ...beside.traces], lookups: [...running.lookups, ...beside.lookups], meanings: [...running.meanings, ...beside.meanings], sent: [...running.sent, ...beside.sent],
});

function runCommand(command: Command, before: Running, turn: string, depth: number): Running | Wanted {
  switch (command.kind) {
    case 'simple': return runSimple(command.text, before, turn, depth);
    case 'for': return runFor(command, before, turn, depth);
    case 'while': return runWhile(command, before, turn, depth);
    case 'if': {
      let running = before;
      for (const [index, { test, body }] of command.branches.entries()) {
        const tested = runAll(test, running, `${turn}.if${index}`, depth);
        if ('kind' in tested) return tested;
        running = tested;
        if (running.stops !== null) return running;
        if (running.status === 0) return runAll(body, running, `${turn}.then${index}`, depth);
      }
      return command.otherwise === null ? { ...running, status: 0 } : runAll(command.otherwise, running, `${turn}.else`, depth);
    }
    case 'case': {
      const word = expandWord(command.word, before.ground, before.status, turn, inner(depth, before.status));
      if (typeof word === 'string') return complain(before, word);
      if (word.kind !== 'expanded') return word;
      const running = besides({ ...before, ground: word.ground, status: 0 }, word.beside);
      const branch = command.branches.find(({ patterns }) => patterns.some((pattern) => matchesPattern(word.value, pattern.replace(/^(["'])([\s\S]*)\1$/, '$2'))));
      return branch === undefined ? running : runAll(branch.body, running, `${turn}.case`, depth);
    }
    case 'group': {
      const ran = runAll(command.body, before, turn, depth);
      if ('kind' in ran || !command.subshell) return ran;
      return { ...ran, stops: null, ground: { ...ran.ground, variables: before.ground.variables, namespace: before.ground.namespace } };
    }
    case 'arithmetic': {
      const sum = arithmetic(command.text, before.ground.variables);
      if (!sum.ok) return complain(before, `${before.ground.shell}: ((: ${sum.failures.join('; ')}`);
      return { ...before, status: sum.value.value === 0 ? 1 : 0, ground: { ...before.ground, variables: { ...before.ground.variables, ...sum.value.variables } } };
    }
  }
}

/** What `break` and `continue` mean to the loop around them: go on, end, or hand a level less on to the next loop. */
function afterRound(running: Running): { readonly running: Running; readonly ends: boolean } {
  const { stops } = running;
  if (stops === null) return { running, ends: running.left <= 0 };
  if (stops.kind === 'exit') return { running, ends: true };
  if (stops.levels > 1) return { running: { ...running, stops: { ...stops, levels: stops.levels - 1 } }, ends: true };
  return { running: { ...running, stops: null }, ends: stops.kind === 'break' };
}

function runFor(loop: Extract<Command, { kind: 'for' }>, before: Running, turn: string, depth: number): Running | Wanted {
  const words = expandWords(loop.list, before.ground, before.status, `${turn}.list`, inner(depth, before.status));
  if (typeof words === 'string') return complain(before, words);
  if (words.kind !== 'expanded') return words;
  let running = besides({ ...before, status: 0, ground: words.ground }, words.beside);
  // Assignments are none in a list.
  const list = [...words.value.assignments.map(([name, value]) => `${name}=${value}`), ...words.value.words];
  for (const [index, word] of list.entries()) {
    const next = runAll(loop.body, { ...running, ground: { ...running.ground, variables: { ...running.ground.variables, [loop.name]: word } } }, `${turn}.${index}`, depth);
    if ('kind' in next) return next;
    const after = afterRound(next);
    running = after.running;
    if (after.ends) return running;
  }
  return running;
}

function runWhile(loop: Extract<Command, { kind: 'while' }>, before: Running, turn: string, depth: number): Running | Wanted {
  let running: Running = before;
  let last = 0;
  let idle = 0;
  for (let round = 0; running.left > 0; round++) {
    const start = running.ground;
    const tested = runAll(loop.test, running, `${turn}.${round}t`, depth);
    if ('kind' in tested) return tested;
    running = tested;
    if (running.stops !== null) return running;
    if ((running.status === 0) === loop.until) return { ...running, status: last };
    const next = runAll(loop.body, running, `${turn}.${round}`, depth);
    if ('kind' in next) return next;
    const after = afterRound(next);
    running = after.running;
    last = running.status;
    if (after.ends) return running;
    const now = running.ground;
    idle = now.lab === start.lab && now.stdin === start.stdin && now.files === start.files && sameJson(now.variables, start.variables) ? idle + 1 : 0;
    if (idle >= mostIdleRounds) return complain({ ...running, stops: null }, `^C\nthe loop was stopped after ${mostIdleRounds} rounds: nothing that it waits for changes by itself here`, 130);
  }
  return running;
}

function runSimple(text: string, before: Running, turn: string, depth: number): Running | Wanted {
  const expanded = expandWords(text, before.ground, before.status, turn, inner(depth, before.status));
  if (typeof expanded === 'string') return complain(before, expanded);
  if (expanded.kind !== 'expanded') return expanded;
  const running = besides({ ...before, ground: expanded.ground }, expanded.beside);
  const { ground } = running;
  const { words, globs } = expanded.value;
  const [name, ...args] = globs.length === 0 ? words : words.flatMap((word, index) => { const paths = globs.includes(index) ? pathsLike(ground, word) : []; return paths.length === 0 ? [word] : paths; });
  const assigned = Object.fromEntries(expanded.value.assignments);
  if (name === undefined) return { ...running, status: expanded.status ?? 0, ground: { ...ground, variables: { ...ground.variables, ...assigned } } };
  if (name === 'eval') {
    const answer = interpret(args.join(' '), { ...ground, turn }, before.status, depth + 1);
    return answer.kind === 'done' ? withAnswer(running, answer, ground.variables) : answer;
  }
  const program = (Object.hasOwn(builtins, name) ? builtins[name] : undefined) ?? ground.find(name);
  if (program === undefined) return complain(running, notFound(ground, name), 127);
  const answer = program({ ...ground, inputs: withWritten(ground), variables: { ...ground.variables, ...assigned, '?': String(before.status) }, name, args, turn });
  if (answer.kind !== 'done') return answer;
  return withAnswer(running, answer, ground.variables);
}

/** What was written in this session is there for every program that reads files by itself (kubectl). */
function withWritten(ground: Ground): Ground['inputs'] {
  if (ground.inside !== null) return ground.inputs;
  const written = Object.entries(ground.files).filter(([key]) => !key.includes(':'));
  return written.length === 0 ? ground.inputs : { ...ground.inputs, files: { ...ground.inputs.files, ...Object.fromEntries(written.flatMap(([key, text]) => [[key, text], [`./${key}`, text]])) } };
}

/** The words of the shell that did not find a program. */
function notFound(ground: Ground, name: string): string {
  if (ground.shell === 'bash') return `bash: ${ground.inside?.from.kind === 'node' && !ground.inside.terminal ? 'line 1: ' : ''}${printable(name)}: command not found`;
  return /busybox|alpine/.test(ground.inside?.image ?? '') ? `sh: ${printable(name)}: not found` : `sh: 1: ${printable(name)}: not found`;
}

function withAnswer(running: Running, answer: Done, before: Readonly<Record<string, string>>): Running {
  const { ground } = running;
  const kept = Object.fromEntries(Object.entries(answer.variables ?? before).filter(([key]) => key !== '?').sort(([left], [right]) => byText(left, right)));
  const does = answer.shellDoes;
  return {
    ...running, status: answer.status,
    ground: {
      ...ground, lab: answer.lab ?? ground.lab, namespace: answer.namespace ?? ground.namespace, variables: kept, files: answer.files ?? ground.files,
      sent: answer.sent === undefined ? ground.sent : [...ground.sent, ...answer.sent], clock: ground.clock + (answer.seconds ?? 0), stdin: does?.kind === 'read' ? does.rest : ground.stdin,
    },
    output: [...running.output, ...answer.output], traces: [...running.traces, ...(answer.traces ?? [])], lookups: [...running.lookups, ...(answer.lookups ?? [])], meanings: [...running.meanings, ...(answer.meanings ?? [])],
    sent: [...running.sent, ...(answer.sent ?? [])], stops: does === undefined || does.kind === 'read' ? null : does, opens: answer.opens ?? null,
  };
}

/** A name as a person typed it, without what a terminal would obey. */
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
