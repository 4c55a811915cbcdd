// Programs that run another one: xargs, timeout, time's kin; and what is printed of where programs are.
import { failed, printed } from '../command.ts';
import type { Answer, Call, Done, Piece } from '../command.ts';

/** Several runs as one. */
export function together(runs: readonly Done[], status: number): Done {
  const last = runs.at(-1);
  const files = runs.findLast((run) => run.files !== undefined)?.files;
  const lab = runs.findLast((run) => run.lab !== undefined)?.lab;
  return {
    kind: 'done', status, output: runs.flatMap((run) => run.output), traces: runs.flatMap((run) => run.traces ?? []), lookups: runs.flatMap((run) => run.lookups ?? []), meanings: runs.flatMap((run) => run.meanings ?? []),
    sent: runs.flatMap((run) => run.sent ?? []), seconds: runs.reduce((sum, run) => sum + (run.seconds ?? 0), 0),
    ...(files === undefined ? {} : { files }), ...(lab === undefined ? {} : { lab }), ...(last?.namespace === undefined ? {} : { namespace: last.namespace }),
  };
}

const mostRuns = 200;

/** `xargs [-n N] [-I WORD] [-r] [-t] [COMMAND…]` */
export function xargs(call: Call): Answer {
  let most: number | null = null;
  let replace: string | null = null;
  let delimiter: string | null = null;
  let ifAny = false;
  let index = 0;
  for (; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    const value = /^-([nIdPL])(.*)$/.exec(word);
    if (value !== null) {
      const given = value[2] !== '' ? value[2] ?? '' : call.args[++index] ?? '';
      if (value[1] === 'n' || value[1] === 'L') {
        if (!/^[1-9]\d*$/.test(given)) return failed(`xargs: invalid number for -${value[1]} option`);
        most = Number(given);
      } else if (value[1] === 'I') replace = given;
      else if (value[1] === 'd') delimiter = given.replace('\\n', '\n');
    } else if (word === '-r' || word === '--no-run-if-empty') ifAny = true;
    else if (word === '-t' || word === '-0') continue;
    else if (/^-./.test(word)) return failed(`xargs: invalid option -- '${word.slice(1, 2)}'`);
    else break;
  }
  const command = call.args.slice(index);
  const [name = 'echo', ...fixed] = command;
  const text = call.stdin ?? '';
  const words = (replace !== null ? text.split('\n') : delimiter !== null ? text.split(delimiter) : text.split(/\s+/)).map((word) => word.trim()).filter((word) => word !== '');
  if (words.length === 0 && (ifAny || replace !== null)) return printed('');
  const size = replace !== null ? 1 : most ?? Math.max(1, words.length);
  const groups = words.length === 0 ? [[]] : Array.from({ length: Math.ceil(words.length / size) }, (_, at) => words.slice(at * size, (at + 1) * size));
  if (groups.length > mostRuns) return failed(`the lab's xargs runs ${mostRuns} commands at most`);
  const program = call.find(name);
  if (program === undefined) return failed(`xargs: ${name}: No such file or directory`, 127);
  const runs: Done[] = [];
  let now = call;
  let status = 0;
  for (const [at, group] of groups.entries()) {
    const args = replace === null ? [...fixed, ...group] : fixed.map((word) => word.replaceAll(replace, group[0] ?? ''));
    const answer = program({ ...now, name, args, stdin: null, turn: `${call.turn}x${at}` });
    if (answer.kind !== 'done') return answer;
    runs.push(answer);
    if (answer.status !== 0) status = answer.status === 255 ? 124 : 123;
    now = { ...now, lab: answer.lab ?? now.lab, files: answer.files ?? now.files, sent: [...now.sent, ...(answer.sent ?? [])], clock: now.clock + (answer.seconds ?? 0) };
  }
  return together(runs, status);
}

/** `timeout SECONDS COMMAND…`: what takes longer is ended, status 124. */
export function timeout(call: Call): Answer {
  const args = call.args.filter((word, index) => !(word.startsWith('-') && index < 2));
  const [limit, name, ...rest] = args;
  const match = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(limit ?? '');
  if (limit === undefined || name === undefined) return failed("timeout: missing operand\nTry 'timeout --help' for more information.", 125);
  if (match === null) return failed(`timeout: invalid time interval '${limit}'\nTry 'timeout --help' for more information.`, 125);
  const seconds = Number(match[1]) * ({ m: 60, h: 3600 }[match[2] ?? ''] ?? 1);
  const program = call.find(name);
  if (program === undefined) return failed(`timeout: failed to run command '${name}': No such file or directory`, 127);
  const answer = program({ ...call, name, args: rest });
  if (answer.kind !== 'done') return answer;
  // What hangs for ever prints the ^C that would end it.
  const hangs = answer.status === 130;
  if (!hangs && (answer.seconds ?? 0) <= seconds) return answer;
  const output: readonly Piece[] = hangs ? answer.output.map((piece) => ({ ...piece, text: piece.text.replace(/\^C\n$/, '') })).filter(({ text }) => text !== '') : [];
  return { ...answer, status: 124, seconds, output };
}
