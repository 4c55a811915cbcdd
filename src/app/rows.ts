// The rows that panes can follow: intents and questions of the learner's own, asked of the cluster as it stands.
import type { IntentResult, Lesson } from '../lesson/lesson.ts';
import { liveIntents } from '../lesson/grade.ts';
import { lookUp, parseSource, send } from '../sim/lab.ts';
import type { Lab } from '../sim/lab.ts';
import type { Source } from '../sim/model/request.ts';
import type { Asked, Desk, Row } from './state.ts';

export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'pod': return `${source.namespace}/${source.name}${source.container === null ? '' : `:${source.container}`}`;
    case 'node': return `node/${source.name}`;
    case 'external': return source.atNode === null ? `external/${source.ip}` : `external/${source.ip}@${source.atNode}`;
  }
}

export function rowsOfIntents(results: readonly IntentResult[], lesson: Lesson): Row[] {
  return results.map((result, index) => ({
    kind: 'intent', say: result.say, holds: result.holds, why: result.why, from: lesson.intents[index]?.from ?? '', trace: result.trace, lookup: result.lookup, veiled: false,
  }));
}

export function rowOfAsked(asked: Asked): Row {
  if (asked.kind === 'request') {
    const { request, shown, lookup } = asked.trace;
    // Which container asks changes nothing on the road.
    const from = sourceText(request.from.kind === 'pod' ? { ...request.from, container: null } : request.from);
    return { kind: 'asked', say: `${from} → ${request.to.text}`, holds: null, why: shown.why, from, trace: asked.trace, lookup, veiled: false };
  }
  const { lookup, from } = asked;
  const why = lookup.addresses.length > 0 ? lookup.addresses.join(', ') : (lookup.error ?? lookup.rcode ?? 'no answer');
  const how = [...(lookup.type === 'A+AAAA' ? [] : [lookup.type]), ...(lookup.resolver === null || lookup.resolver === 'glibc' ? [] : [`with ${lookup.resolver}`])].map((one) => `, ${one}`).join('');
  return { kind: 'asked', say: `${from} looks up ${lookup.name}${how}`, holds: null, why, from, trace: null, lookup, veiled: false };
}

/** The same question to another cluster; as it was where the source is gone. */
export function askAgain(lab: Lab, asked: Asked): Asked {
  if (asked.kind === 'request') {
    const { from } = asked.trace.request;
    // A pod that was replaced asks through its heir only when a person asks again.
    const known = from.kind !== 'pod' || lab.network.pods.some((pod) => pod.namespace === from.namespace && pod.name === from.name);
    return known ? { kind: 'request', trace: send(lab, asked.trace.request) } : asked;
  }
  const { lookup, from } = asked;
  const source = parseSource(from, lab.network);
  if (!source.ok && lookup.resolver !== null) return asked;
  const type = lookup.type === 'A+AAAA' ? null : lookup.type;
  return { ...asked, lookup: lookUp(lab, { from: source.ok ? source.value : null, name: lookup.name, type, resolver: lookup.resolver, direct: lookup.resolver === null }) };
}

/** Every row worked out anew after the cluster changed. */
export function refreshRows(desk: Desk): Desk {
  const { lab } = desk.session;
  const asked = desk.asked.map((one) => askAgain(lab, one));
  const intents = desk.lesson === null ? [] : rowsOfIntents(liveIntents(desk.lesson, lab), desk.lesson);
  return { ...desk, asked, rows: [...intents, ...asked.map(rowOfAsked)] };
}
