// The contract of CNI plugins: each compiles nodes and pods into common data, so that the tracer never asks which plugin it is.
import type { CniFacts, NetworkInterface, Route } from '../model/network.ts';

export interface CniNode {
  readonly name: string;
  /** InternalIPs, the first of each family first. */
  readonly internal: readonly string[];
  /** CIDRs from which its pods get their addresses. */
  readonly podRanges: readonly string[];
  readonly pods: readonly { readonly key: string; readonly addresses: readonly string[] }[];
}

export interface CniInput {
  /** One of the plugin's {@link CniPlugin.modes}. */
  readonly mode: string;
  /** `null`: what the plugin works out from the underlay. */
  readonly mtu: number | null;
  readonly underlayMtu: number;
  /** The router of the nodes' network. */
  readonly gateway: string;
  readonly podRanges: readonly string[];
  readonly nodes: readonly CniNode[];
}

export interface CniOutput {
  readonly facts: CniFacts;
  /** In the order of the input's nodes; routes most specific first. */
  readonly nodes: readonly { readonly name: string; readonly interfaces: readonly NetworkInterface[]; readonly routes: readonly Route[] }[];
}

/** One plugin. `compile` is called once for each network; everything that differs between plugins is in what it returns. */
export interface CniPlugin {
  readonly name: string;
  /** The first is the default. */
  readonly modes: readonly string[];
  /** Addresses at the start of a node's range that no pod gets: the network's own, the bridge's or the tunnel's. */
  readonly reserved: number;
  readonly compile: (input: CniInput) => CniOutput;
}
