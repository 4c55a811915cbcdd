// What `--expect` takes, and whether it came true.
import { Option } from 'commander';
import type { Trace, Verdict } from '../sim/model/trace.ts';

const verdicts: readonly Verdict[] = ['delivered', 'refused', 'timeout', 'unreachable', 'name-not-found', 'dns-failure', 'http-error', 'tls-error', 'hang', 'intermittent'];

export type Expected = Verdict | 'blocked';

export const expectOption = new Option('--expect <verdict>', 'status 0 if this is what happens').choices([...verdicts, 'blocked']);

/** Blocked is refused, timed out or unreachable, or forbidden by a policy; never a name that does not exist, and never now and then. */
export const isBlocked = (trace: Trace): boolean =>
  trace.verdict === 'refused' || trace.verdict === 'timeout' || trace.verdict === 'unreachable' || (trace.verdict === 'http-error' && trace.shown.status === 403 && trace.shown.layer === 'policy');

export const meets = (trace: Trace, expected: Expected): boolean => (expected === 'blocked' ? isBlocked(trace) : trace.verdict === expected);
