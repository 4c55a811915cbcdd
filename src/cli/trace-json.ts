// A trace as `trace -o json` and `check -o json` print it.
import type { Lab } from '../sim/lab.ts';
import { refText } from '../sim/model/object.ts';
import { placeText } from '../sim/model/packet.ts';
import type { Packet } from '../sim/model/packet.ts';
import type { Hop, Trace, Walk } from '../sim/model/trace.ts';
import { queryJson } from './lookup-json.ts';
import { sourceText } from '../sim/lab.ts';

/** The sentences of the tools, which the simulation does not know. */
export interface Wording {
  /** What the client's tool prints; `null` when it got through. */
  readonly words: (trace: Trace) => string | null;
  readonly evidence: (lab: Lab, command: string) => string;
}

/** `IP:PORT`, the address in brackets when it is IPv6; the address alone where there is no port. */
export const endText = ({ ip, port }: Packet['source']): string => (port === null ? ip : `${ip.includes(':') ? `[${ip}]` : ip}:${port}`);

const hopJson = (hop: Hop, lab: Lab, wording: Wording): Readonly<Record<string, unknown>> => ({
  layer: hop.layer,
  at: placeText(hop.at),
  stage: hop.stage,
  action: hop.action,
  packet: { src: endText(hop.packet.source), dst: endText(hop.packet.destination), protocol: hop.packet.protocol },
  object: refText(hop.object),
  field: hop.field,
  evidence: { command: hop.evidence, output: wording.evidence(lab, hop.evidence) },
});

const outcomeJson = ({ probability, verdict, backend, snat }: Walk): Readonly<Record<string, unknown>> => ({ probability, verdict, backend, snat });

/** A lesson asks for the repair; it is not given away. */
export const withoutRepair = (trace: Trace): Trace => ({ ...trace, shown: { ...trace.shown, repair: undefined } });

/** Why, and what would change it. */
const withRepair = ({ why, repair }: Walk): string => (repair === undefined ? why : `${why} ${repair}`);

export function traceJson(trace: Trace, lab: Lab, wording: Wording): Readonly<Record<string, unknown>> {
  const { request, lookup, shown } = trace;
  return {
    from: sourceText(request.from),
    to: request.to.text,
    verdict: trace.verdict,
    error: wording.words(trace),
    layer: shown.layer,
    object: shown.object === null ? null : refText(shown.object),
    field: shown.field,
    why: withRepair(shown),
    status: shown.verdict === 'http-error' ? shown.status : null,
    dns: lookup === null ? null : { queries: lookup.queries.map(queryJson), addresses: lookup.addresses },
    outcomes: trace.walks.map(outcomeJson),
    hops: shown.hops.map((hop) => hopJson(hop, lab, wording)),
  };
}
