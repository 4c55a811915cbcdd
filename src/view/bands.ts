// The four layers as one stack: which hops of a walk lie in each, where it broke, what was not reached and what is not on the road at all.
import type { Hop, Trace, Walk } from '../sim/model/trace.ts';

export type BandName = 'dns' | 'external' | 'service' | 'network' | 'pod';
export type BandState = 'passed' | 'broke' | 'not-reached' | 'not-on-road';

export interface Band {
  readonly name: BandName;
  readonly tag: string;
  readonly title: string;
  readonly state: BandState;
  readonly hops: readonly { readonly hop: Hop; readonly index: number }[];
}

const stack: readonly { readonly name: BandName; readonly tag: string; readonly title: string }[] = [
  { name: 'dns', tag: 'DNS', title: 'name → address' },
  { name: 'external', tag: 'L4', title: 'the way in and out' },
  { name: 'service', tag: 'L3', title: 'service → pod' },
  { name: 'network', tag: 'L2', title: 'pod → pod' },
  { name: 'pod', tag: 'L1', title: 'inside the pod' },
];

/** Policies are judged on the way from pod to pod; a DNS packet that a policy drops breaks the name. */
export function bandOf(hop: Hop): BandName {
  if (hop.stage === 'lookup') return 'dns';
  switch (hop.layer) {
    case 'policy': return 'network';
    case 'dns': return 'dns';
    case 'service': return hop.stage === 'arrival' ? 'pod' : 'service';
    case 'external': return 'external';
    case 'pod': return 'pod';
    case 'network': return 'network';
  }
}

function brokenBand(walk: Walk): BandName | null {
  if (walk.verdict === 'delivered') return null;
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure' || walk.reason === 'dns-blocked-by-policy') return 'dns';
  if (walk.layer === 'policy') return 'network';
  // A wrong targetPort is the Service's fault and is felt at the pod: the mark stands where the field is.
  if (walk.layer !== null) return walk.layer;
  const last = walk.hops[walk.hops.length - 1];
  return last === undefined ? null : bandOf(last);
}

/** Whether the packet would have come through here had it gone on: a pod's call never meets the way in, a call to an address never asks for a name. */
function onRoad(name: BandName, trace: Trace, walk: Walk): boolean {
  switch (name) {
    case 'dns': return trace.lookup !== null && trace.lookup.without === null;
    case 'external': return trace.request.from.kind === 'external' || walk.layer === 'external';
    case 'service': return !walk.hops.some((hop) => hop.stage === 'loopback');
    case 'network': return !walk.hops.some((hop) => hop.stage === 'loopback');
    case 'pod': return true;
  }
}

/** The stack before anything ran. */
export const bareBands: readonly Pick<Band, 'name' | 'tag' | 'title'>[] = stack;

export function bandsOf(trace: Trace, walk: Walk): readonly Band[] {
  const broken = brokenBand(walk);
  const at = stack.findIndex(({ name }) => name === broken);
  return stack.map(({ name, tag, title }, index) => {
    const hops = walk.hops.map((hop, place) => ({ hop, index: place })).filter(({ hop }) => bandOf(hop) === name);
    const state: BandState = name === broken ? 'broke'
      : hops.length > 0 ? 'passed'
      : broken !== null && index > at && onRoad(name, trace, walk) ? 'not-reached'
      : 'not-on-road';
    return { name, tag, title, state, hops };
  });
}
