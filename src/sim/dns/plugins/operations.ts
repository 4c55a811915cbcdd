// Plugins that change no answer: only what is wrong with their lines counts.
import { durationRefusal, secondsOf } from '../go-duration.ts';
import { parseRange } from '../../base/address.ts';
import type { Directive } from '../corefile.ts';
import { parseRegexp } from '../go-regexp.ts';
import { argumentError, atLine, bare } from './plugin.ts';
import type { Plugin, Refusal } from './plugin.ts';

const checked = (name: string, check: (directive: Directive) => readonly (Refusal | undefined)[]): Plugin => ({
  name, handle: null, check: (directive) => check(directive).filter((refusal) => refusal !== undefined),
});

/** `:8080` or `0.0.0.0:8080`, with Go's words for what is no such thing. */
function addressRefusal(text: string): Refusal | undefined {
  if (!text.includes(':')) return bare(`address ${text}: missing port in address`);
  return /^[^:]*:[^:]*$|^\[[^\]]*\]:[^:]*$/.test(text) ? undefined : bare(`address ${text}: too many colons in address`);
}

function consolidateRefusal(line: Directive): Refusal | undefined {
  const [period = '', pattern = ''] = line.args;
  if (line.args.length < 2 || line.args.length > 4) return argumentError(line);
  const wrong = durationRefusal(period);
  const regexp = parseRegexp(pattern);
  return wrong !== undefined ? atLine(line, wrong) : regexp.ok ? undefined : atLine(line, regexp.failures[0] ?? '');
}

const syntaxError = ({ name, line }: Directive): Refusal => ({ says: `Unexpected token '${name}', expecting 'Unknown field ${name}'`, line, kind: 'Syntax error' });

const errors = checked('errors', (directive) => [
  directive.args.length > 1 ? argumentError(directive) : directive.args[0] !== undefined && directive.args[0] !== 'stdout' ? atLine(directive, `invalid log file: ${directive.args[0]}`) : undefined,
  ...directive.block.map((line) => (line.name === 'consolidate' ? consolidateRefusal(line) : line.name === 'stacktrace' ? undefined : syntaxError(line))),
]);

const health = checked('health', (directive) => [
  directive.args.length > 1 ? argumentError(directive) : directive.args[0] === undefined ? undefined : addressRefusal(directive.args[0]),
  ...directive.block.map((line) => {
    if (line.name !== 'lameduck') return atLine(line, `unknown property '${line.name}'`);
    const [duration] = line.args;
    if (line.args.length !== 1 || duration === undefined) return argumentError(line);
    const wrong = durationRefusal(duration);
    return wrong === undefined ? undefined : bare(`unable to parse lameduck duration value: '${duration}' : ${wrong}`);
  }),
]);

const ready = checked('ready', (directive) => [
  directive.args.length > 1 ? argumentError(directive) : directive.args[0] === undefined ? undefined : addressRefusal(directive.args[0]),
]);

const loop = checked('loop', (directive) => [directive.args.length > 0 ? argumentError(directive, 1) : undefined]);

const reload = checked('reload', (directive) => {
  const [interval, jitter] = directive.args;
  if (directive.args.length > 2) return [argumentError(directive)];
  const wrong = [interval, jitter].map((text) => (text === undefined ? undefined : durationRefusal(text))).find((refusal) => refusal !== undefined);
  if (wrong !== undefined) return [bare(wrong)];
  if (interval !== undefined && (secondsOf(interval) ?? 0) < 2) return [bare('interval value must be greater or equal to 2s')];
  return [jitter !== undefined && secondsOf(jitter) !== 0 && (secondsOf(jitter) ?? 0) < 1 ? bare('jitter value must be 0 or greater or equal to 1s') : undefined];
});

const loadbalance = checked('loadbalance', (directive) => {
  const [policy, file, ...more] = directive.args;
  const lines = directive.block.map((line) => {
    if (line.name !== 'prefer') return atLine(line, `unknown property '${line.name}'`);
    const wrong = line.args.find((range) => parseRange(range) === undefined);
    return wrong === undefined ? undefined : atLine(line, `invalid CIDR "${wrong}": invalid CIDR address: ${wrong}`);
  });
  if (policy === undefined) return lines;
  if (policy === 'round_robin') return file === undefined ? lines : [atLine(directive, 'unknown property for round_robin')];
  if (policy !== 'weighted') return [bare(`unknown policy: ${policy}`)];
  return file === undefined ? [atLine(directive, 'missing weight file argument')] : more.length > 0 ? [atLine(directive, 'unexpected argument(s)')] : [];
});

const log = checked('log', (directive) => directive.block.map((line) => (line.name === 'class' ? undefined : atLine(line, `unknown property '${line.name}'`))));

const prometheus = checked('prometheus', (directive) => [directive.args.length > 1 ? argumentError(directive) : directive.args[0] === undefined ? undefined : addressRefusal(directive.args[0])]);

export const operations: readonly Plugin[] = [errors, log, prometheus, health, ready, loop, reload, loadbalance];
