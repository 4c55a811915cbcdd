// What policy APIs are compiled into, and what a verdict of them says. The data plane knows no API by name.

import type { Family, Labels, ObjectRef, Protocol } from './object.ts';
import type { AddressRange } from '../base/address.ts';
import type { PacketProtocol } from './packet.ts';

/** A pod as policies see it. */
export interface PolicyPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  readonly node: string | null;
  readonly hostNetwork: boolean;
  /** Running with an address: Pending, Succeeded and Failed pods are neither subject nor peer. */
  readonly running: boolean;
  /** Containers' named ports, init containers that stay (sidecars) too. */
  readonly namedPorts: readonly { readonly name: string; readonly port: number; readonly protocol: Protocol }[];
  /** Absent: nobody asks for it. */
  readonly serviceAccount?: string;
}

/**
 * The other end of a connection: a pod of the cluster, or an address (node, outside, host network). `ip` is what the packet carries here;
 * `node` is the node whose own network the address belongs to, where it does.
 */
export type PolicyPeer = { readonly pod: PolicyPod; readonly ip: string } | { readonly pod: null; readonly ip: string; readonly node?: string | null };

export type Direction = 'ingress' | 'egress';

/** A rule and where it stands. */
export interface RuleRef {
  readonly policy: ObjectRef;
  /** In the API server's form: `spec.ingress[0]`; `null` when the policy as a whole decided (isolation without a matching rule). */
  readonly field: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

/**
 * A condition on HTTP requests that a plugin's proxy checks: every part that is given must hold, and a rule without parts lets everything through.
 * Texts are RE2 expressions for the whole value.
 */
export interface HttpRule {
  /** `spec.ingress[0].toPorts[0].rules.http[1]`, or the rule itself where it has no condition. */
  readonly ref: RuleRef;
  readonly method: string | null;
  readonly path: string | null;
  readonly host: string | null;
  /** Names in lower case; no `value`: it must only be there. `field` is the part of the rule that says it. */
  readonly headers: readonly { readonly name: string; readonly value: string | null; readonly field: string }[];
}

/** Names that a plugin's DNS proxy lets through: one of the two, or neither, which is any name. */
export interface NameRule {
  readonly ref: RuleRef;
  readonly name: string | null;
  /** `*` stands for part of a label, `**.` in front for one or more labels, and alone for any name. */
  readonly pattern: string | null;
}

/** One step of a repair, as JSON Patch has it; `path` is a JSON pointer in the policy's object. */
export interface RepairStep {
  readonly policy: ObjectRef;
  readonly op: 'add' | 'remove';
  readonly path: string;
  /** Of `add`. */
  readonly value?: unknown;
}

/** The smallest change of the policies' objects after which this end would allow the connection. */
export interface Repair {
  readonly steps: readonly RepairStep[];
  /** Where the first step is made. */
  readonly at: RuleRef;
  /** One sentence. */
  readonly says: string;
}

export interface PolicyVerdict {
  readonly allowed: boolean;
  /** The NetworkPolicies that isolate the subject in this direction; empty: what no ordered tier stops is accepted. */
  readonly isolatedBy: readonly RuleRef[];
  /** The rules that allow (any of them would do), or the rule that denies. Empty when isolated and nothing allows. */
  readonly decidedBy: readonly RuleRef[];
  /** Rules of ordered tiers that passed the connection on to the next tier, in the order of the tiers; absent when none did. */
  readonly passedBy?: readonly RuleRef[];
  /** Policies exist that would have judged, but nobody enforces them: what they would have said. */
  readonly unenforced: { readonly wouldAllow: boolean; readonly by: readonly RuleRef[] } | null;
  /** For a denial: the rule or field that came nearest, which is what a repair would change. `null` when allowed. */
  readonly nearest: RuleRef | null;
  /** Allowed, and some rule that allows it has conditions on HTTP: a proxy lets a request through that any one of these lets through. Absent: there is no proxy. */
  readonly http?: readonly HttpRule[];
  /** The same for names that are looked up. */
  readonly dns?: readonly NameRule[];
  /** For a denial; absent where no single policy could allow it. */
  readonly repair?: Repair;
  /** One sentence. */
  readonly says: string;
}

/** One question to the policies of one end. */
export interface PolicyQuestion {
  readonly direction: Direction;
  readonly subject: PolicyPod;
  readonly peer: PolicyPeer;
  readonly protocol: PacketProtocol;
  /** The destination's port, after service translation; `null` for ICMP. */
  readonly port: number | null;
  /**
   * The connection was dialled to a Service and has come back to the very pod that dialled. Then ClusterNetworkPolicy judges it,
   * which leaves a pod's traffic to its own address alone (network-policy-api, API overview, "Hairpin").
   */
  readonly throughService?: boolean;
}

export type PortRange = readonly [low: number, high: number];

/** Who can reach whom, by pod address. */
export interface ReachConnection {
  readonly from: string;
  readonly fromKind: string;
  readonly to: string;
  readonly toKind: string;
  /** Closed ranges by protocol, merged and ascending; `all` is every port of TCP, UDP and SCTP. */
  readonly ports: 'all' | Readonly<Partial<Record<Protocol, readonly PortRange[]>>>;
}

export interface ReachWorkload {
  readonly name: string;
  readonly kind: string;
  readonly pods: number;
}

export interface Reach {
  readonly workloads: readonly ReachWorkload[];
  readonly connections: readonly ReachConnection[];
  /** The pods that are listed for themselves because their workload's pods differ, with that workload. Not printed: it serves the difference of two. */
  readonly split?: readonly { readonly pod: string; readonly name: string; readonly kind: string }[];
}

export type { AddressRange, Family };
