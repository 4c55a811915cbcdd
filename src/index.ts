// The library: the simulation behind its one door, with the types that its answers are made of.
export * from './sim/lab.ts';
export type * from './sim/model/object.ts';
export type * from './sim/model/policy-objects.ts';
export type * from './sim/model/edge-objects.ts';
export type * from './sim/model/cluster-document.ts';
export type * from './sim/model/known-object.ts';
export type { Problem, Where } from './sim/model/problem.ts';
export type { Packet, PacketProtocol, Place } from './sim/model/packet.ts';
export type { Backend, Hop, Layer, Stage, Verdict, Walk } from './sim/model/trace.ts';
export type { Reason } from './sim/model/reason.ts';
export type { Origin, Store, Stored } from './sim/cluster/store.ts';
export type * from './sim/model/network.ts';
export type { AskedQuery, DnsQuery, DnsRecord, DnsReply, LookupError, Rcode } from './sim/model/lookup.ts';
export type { PolicyVerdict, PortRange, ReachConnection, ReachWorkload, RuleRef } from './sim/model/policy.ts';
export type { Action } from './sim/model/trace.ts';
