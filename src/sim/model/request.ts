// What is asked of the network: who calls whom (cli.md, "SOURCE and TARGET").

import type { Connection } from './connection.ts';
import type { PacketProtocol } from './packet.ts';

/** Where a request starts. `container` is `null` for the first one. */
export type Source =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string; readonly container: string | null }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'external'; readonly ip: string; readonly atNode: string | null };

export interface Target {
  /** The scheme as it was written; `http` and `https` are TCP. */
  readonly scheme: 'http' | 'https' | 'tcp' | 'udp' | 'sctp' | 'icmp';
  readonly protocol: PacketProtocol;
  /** A name as the source would type it, or an address without brackets. */
  readonly host: string;
  /** `null` for icmp alone. */
  readonly port: number | null;
  /** With its leading slash; empty when none was written. */
  readonly path: string;
  /** As it was written. */
  readonly text: string;
}

/** What an HTTP client says beyond the URL; names of headers in lower case, `host` among them where it is not the URL's. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Request {
  readonly from: Source;
  readonly to: Target;
  /** Absent: GET without headers of its own. */
  readonly http?: HttpRequest;
  /** What the same session asked before. */
  readonly earlier?: readonly Connection[];
  /** Bytes of the answer's body over TCP, of the payload of the one packet over UDP and ICMP. Absent: so small that every link carries it. */
  readonly size?: number;
  /** Bytes of the HTTP request's body. Absent: none. */
  readonly upload?: number;
  /** Over UDP and ICMP: nobody may cut the packet, the sender neither (`ping -M do`). */
  readonly dontFragment?: boolean;
  /** Where the client goes in place of what a lookup of the host says (`curl --resolve`, `--connect-to`, `openssl s_client -connect -servername`); the name stays in TLS and HTTP. */
  readonly dialled?: { readonly ip: string; readonly port: number | null };
}
