// An intent that somebody reaches something, or cannot.
import { send } from '../../sim/lab.ts';
import type { Lab } from '../../sim/lab.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import type { IntentCheck } from './intent-check.ts';
import { cannotAsk } from './intent-check.ts';
import { targetFor } from './target.ts';

/** lessons.md: refused, timeout, unreachable, or a 403 by a policy; never intermittent. */
export function isBlocked(trace: Trace): boolean {
  if (trace.verdict === 'http-error') return trace.shown.status === 403 && trace.shown.layer === 'policy';
  return trace.verdict === 'refused' || trace.verdict === 'timeout' || trace.verdict === 'unreachable';
}

/** The workload that a walk's backend belongs to, as `NAMESPACE/NAME`; `null` for no pod. */
export function answeredBy(lab: Lab, walk: Walk): string | null {
  const pod = walk.backend?.pod == null ? undefined : lab.network.pods.find((one) => `${one.namespace}/${one.name}` === walk.backend?.pod);
  return pod === undefined ? null : `${pod.namespace}/${pod.owner.name}`;
}

export const request: IntentCheck<'request'> = (intent, lab, source) => {
  const to = targetFor(intent.to, lab, source);
  if (!to.ok) return cannotAsk(to.failures.map((failure) => failure.says).join('; '));
  const trace = send(lab, { from: source, to: to.value });
  const found = (holds: boolean, why: string): ReturnType<typeof request> => ({ holds, why, trace, lookup: null });
  const backend = trace.shown.backend;
  const delivered = `Delivered${backend === null ? '' : ` to ${backend.pod ?? backend.ip}${backend.port === null ? '' : `, port ${backend.port}`}`}.`;
  if (intent.expect === 'blocked') return isBlocked(trace) ? found(true, trace.shown.why) : found(false, trace.verdict === 'delivered' ? `${delivered} ${trace.shown.why}`.trim() : trace.shown.why);
  if (trace.verdict !== intent.expect) {
    const share = trace.walks.filter((walk) => walk.verdict !== 'delivered').reduce((sum, walk) => sum + walk.probability, 0);
    return found(false, trace.verdict === 'intermittent' ? `${Math.round(share * 100)}% of the calls fail. ${trace.shown.why}` : trace.verdict === 'delivered' ? delivered : trace.shown.why);
  }
  if (intent.by !== null) {
    const stranger = trace.walks.find((walk) => answeredBy(lab, walk) !== intent.by);
    if (stranger !== undefined) return found(false, `Answered by ${stranger.backend?.pod ?? stranger.backend?.ip ?? 'nobody'}, which is no pod of ${intent.by}.`);
  }
  return found(true, trace.verdict === 'delivered' ? delivered : trace.shown.why);
};
