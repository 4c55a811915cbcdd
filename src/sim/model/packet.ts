// A packet and the places it can be at.

import type { Protocol } from './object.ts';

export type PacketProtocol = Protocol | 'ICMP';

export interface Packet {
  readonly source: { readonly ip: string; readonly port: number | null };
  readonly destination: { readonly ip: string; readonly port: number | null };
  readonly protocol: PacketProtocol;
}

export type Place =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'outside'; readonly name: string };

/** `pod shop/web-…`, `node worker-1`, `external 203.0.113.10`. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'pod': return `pod ${place.namespace}/${place.name}`;
    case 'node': return `node ${place.name}`;
    case 'outside': return `external ${place.name}`;
  }
}
