// An intent that somebody reaches something, or cannot.
import { parseSource, send } from '../../sim/lab.ts';
import type { Lab, Source } from '../../sim/lab.ts';
import type { Trace, Verdict, Walk } from '../../sim/model/trace.ts';
import type { Pair, RequestIntent } from '../lesson.ts';
import type { Found, IntentCheck } from './intent-check.ts';
import { cannotAsk, together } from './intent-check.ts';
import { requestOf, targetText } from './target.ts';

/** lessons.md: refused, timeout, unreachable, or a 403 by a policy; never intermittent. */
export function isBlocked(trace: Trace): boolean {
  if (trace.verdict === 'http-error') return trace.shown.status === 403 && trace.shown.layer === 'policy';
  return trace.verdict === 'refused' || trace.verdict === 'timeout' || trace.verdict === 'unreachable';
}

/** The pod that a walk's backend is and the workload that it belongs to, both as `NAMESPACE/NAME`; none for no pod. */
export function answeredBy(lab: Lab, walk: Walk): readonly string[] {
  const pod = walk.backend?.pod == null ? undefined : lab.network.pods.find((one) => `${one.namespace}/${one.name}` === walk.backend?.pod);
  return pod === undefined ? [] : [`${pod.namespace}/${pod.name}`, `${pod.namespace}/${pod.owner.name}`];
}

/** Addresses under which the source's own packets leave it. */
function ownAddresses(lab: Lab, source: Source): readonly string[] {
  if (source.kind === 'external') return [source.ip];
  if (source.kind === 'node') return lab.network.nodes.find(({ name }) => name === source.name)?.addresses.map(({ address }) => address) ?? [];
  return lab.network.pods.find((pod) => pod.namespace === source.namespace && pod.name === source.name)?.addresses ?? [];
}

/** Whose address the process at the end of the walk sees; `null` when the packet did not come so far. */
export function seenAddress(lab: Lab, source: Source, walk: Walk): 'client' | 'other' | null {
  const last = walk.hops.at(-1);
  if (last === undefined || last.stage !== 'arrival') return null;
  return ownAddresses(lab, source).includes(last.packet.source.ip) ? 'client' : 'other';
}

const backendsOf = (trace: Trace): string[] => [...new Set(trace.walks.flatMap(({ backend }) => (backend === null ? [] : [backend.pod ?? backend.ip])))];

/** What is wrong with a trace whose verdict is as expected; `null`: nothing. */
function flaw(intent: RequestIntent, trace: Trace, lab: Lab): string | null {
  const stranger = intent.by.length === 0 ? undefined : trace.walks.find((walk) => !answeredBy(lab, walk).some((name) => intent.by.includes(name)));
  if (stranger !== undefined) return `Answered by ${stranger.backend?.pod ?? stranger.backend?.ip ?? 'nobody'}, which is no pod of ${intent.by.join(' or ')}.`;
  const silent = intent.by.find((name) => !trace.walks.some((walk) => answeredBy(lab, walk).includes(name)));
  if (silent !== undefined) return `No call is ever answered by ${silent}.`;
  const backends = backendsOf(trace);
  if (intent.backends !== null && backends.length !== intent.backends) return `${backends.length} ${backends.length === 1 ? 'pod answers' : 'pods answer'} (${backends.join(', ') || 'none'}); it should be ${intent.backends}.`;
  if (intent.status !== null && trace.walks.some(({ status }) => (status ?? 200) !== intent.status)) return `The answer has status ${trace.shown.status ?? 200}; it should be ${intent.status}.`;
  const { sees } = intent;
  const other = sees === null ? undefined : trace.walks.find((walk) => seenAddress(lab, trace.request.from, walk) !== sees);
  if (other !== undefined) return sees === 'client' ? `The process that answers sees ${other.hops.at(-1)?.packet.source.ip ?? 'nobody'}, which is not the caller's address.` : "The process that answers sees the caller's own address.";
  const queries = trace.lookup?.queries.length ?? 0;
  return intent.queries !== null && queries > intent.queries ? `The name costs ${queries} queries; ${intent.queries} are allowed.` : null;
}

function ask(intent: RequestIntent, pair: Pair, lab: Lab, source: Source): Found {
  const request = requestOf({ http: intent.http, size: intent.size, from: pair.from, to: pair.to }, lab, source);
  if (!request.ok) return cannotAsk(request.failures.map((failure) => failure.says).join('; '));
  const trace = send(lab, request.value);
  const found = (holds: boolean, why: string): Found => ({ holds, asked: true, why, trace, lookup: null, traces: [trace] });
  const backend = trace.shown.backend;
  const delivered = `Delivered${backend === null ? '' : ` to ${backend.pod ?? backend.ip}${backend.port === null ? '' : `, port ${backend.port}`}`}.`;
  const { expect } = intent;
  if (expect === 'blocked') return isBlocked(trace) ? found(true, trace.shown.why) : found(false, trace.verdict === 'delivered' ? `${delivered} ${trace.shown.why}`.trim() : trace.shown.why);
  const expected: readonly Verdict[] = typeof expect === 'string' ? [expect] : expect;
  if (!expected.includes(trace.verdict)) {
    const share = trace.walks.filter((walk) => walk.verdict !== 'delivered').reduce((sum, walk) => sum + walk.probability, 0);
    return found(false, trace.verdict === 'intermittent' ? `${Math.round(share * 100)}% of the calls fail. ${trace.shown.why}` : trace.verdict === 'delivered' ? delivered : trace.shown.why);
  }
  const wrong = flaw(intent, trace, lab);
  return wrong === null ? found(true, trace.verdict === 'delivered' ? delivered : trace.shown.why) : found(false, wrong);
}

export const request: IntentCheck<'request'> = (intent, lab, standIn) =>
  together(intent.pairs.flatMap((pair): (Found & { of: string })[] => {
    if (standIn !== null && standIn.of !== pair.from) return [];
    const of = `${pair.from} → ${targetText(pair.to)}`;
    if (standIn !== null) return [{ of, ...ask(intent, pair, lab, standIn.source) }];
    const source = parseSource(pair.from, lab.network);
    return [{ of, ...(source.ok ? ask(intent, pair, lab, source.value) : cannotAsk(source.failures.map((failure) => failure.says).join('; '))) }];
  }));
