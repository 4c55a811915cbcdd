// What curl 8.10 says of a request: exit status and text, by the outcome and the time limits that it was given. Measured with curl 8.10.1 and OpenSSL 3.0 in network namespaces.
import { parseAddress } from '../../sim/base/address.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { kernelGivesUp, lookupSeconds, milliseconds } from './ask-network.ts';

/** Seconds; `null` for no limit of its own. */
export interface CurlLimits {
  readonly total: number | null;
  readonly connect: number | null;
}

export interface CurlEnd {
  readonly status: number;
  /** Without `curl: `, as in `(7) Failed to …`; `null` when curl says nothing. */
  readonly message: string | null;
  /** What is printed below the message (certificate errors). */
  readonly more: string;
  /** The HTTP status; 0 when none came. */
  readonly code: number;
  readonly body: string;
  /** Simulated seconds; `null`: it hangs until somebody presses Ctrl-C. */
  readonly seconds: number | null;
  /** How far it came: the name has an address, TCP stands, TLS stands. */
  readonly came: 'nowhere' | 'resolved' | 'connected' | 'secured';
}

/** What comes of a request; `verify` is false with `-k`, `fail` true with `-f`. */
export function curlSays(trace: Trace, walk: Walk, limits: CurlLimits, verify = true, fail = false): CurlEnd {
  const { host, port } = trace.request.to;
  const looked = lookupSeconds(trace);
  const connectLimit = limits.connect === null ? limits.total : limits.total === null ? limits.connect : Math.min(limits.connect, limits.total);
  const ended = (status: number, message: string | null, seconds: number | null, came: CurlEnd['came'], more = ''): CurlEnd => ({ status, message: message === null ? null : `(${status}) ${message}`, more, code: 0, body: '', seconds, came });
  const failedTo = (seconds: number, reason: string, status: number): CurlEnd => ended(status, `Failed to connect to ${host} port ${port ?? 0} after ${milliseconds(seconds)} ms: ${reason}`, seconds, 'resolved');
  if (connectLimit !== null && looked > connectLimit) return ended(28, `Resolving timed out after ${milliseconds(connectLimit)} milliseconds`, connectLimit, 'nowhere');

  const lasts = (seconds: number): CurlEnd | null => {
    if (connectLimit === null || seconds <= connectLimit) return null;
    // With -m alone curl's own clock rings, one millisecond late; --connect-timeout ends the attempt.
    if (limits.connect !== null && limits.connect === connectLimit && limits.connect !== limits.total) return failedTo(connectLimit, 'Timeout was reached', 28);
    return ended(28, `Connection timed out after ${milliseconds(connectLimit) + 1} milliseconds`, connectLimit, 'resolved');
  };
  const gaveUp = (at: number, promised: number | null): CurlEnd => ended(28, `Operation timed out after ${milliseconds(at)} milliseconds with 0${promised === null ? '' : ` out of ${promised}`} bytes received`, at, 'connected');
  switch (walk.verdict) {
    case 'name-not-found':
    case 'dns-failure':
      return ended(6, `Could not resolve host: ${host}`, looked, 'nowhere');
    case 'refused':
    case 'unreachable': {
      const seconds = looked + (walk.elapsed ?? 0);
      return lasts(seconds) ?? failedTo(seconds, 'Could not connect to server', 7);
    }
    case 'timeout': {
      const seconds = looked + kernelGivesUp;
      // Exit 28 with the sentence of a failed connection: that is what the kernel's ETIMEDOUT looks like.
      return lasts(seconds) ?? failedTo(seconds, 'Could not connect to server', 28);
    }
    case 'hang': {
      const { stalled } = walk;
      if (stalled?.during === 'tls' && connectLimit !== null) return ended(28, `${limits.connect === connectLimit && limits.connect !== limits.total ? 'SSL connection timeout' : `Connection timed out after ${milliseconds(connectLimit) + 1} milliseconds`}`, connectLimit, 'connected');
      if (limits.total === null) return ended(130, null, null, 'connected');
      return gaveUp(limits.total, stalled?.during === 'answer' ? stalled.promised : null);
    }
    case 'tls-error':
      return tlsError(trace, walk, verify, ended);
    case 'delivered':
    case 'http-error': {
      // The connection was closed without a word (a proxy that wanted another protocol).
      if (walk.verdict === 'http-error' && walk.status === null) return ended(52, 'Empty reply from server', looked + (walk.elapsed ?? 0), 'connected');
      const code = walk.status ?? 200;
      const seconds = looked + (walk.elapsed ?? 0);
      // A proxy that waits for its backend keeps the client waiting.
      if (limits.total !== null && seconds > limits.total) return gaveUp(limits.total, null);
      const came = trace.request.to.scheme === 'https' ? 'secured' as const : 'connected' as const;
      if (fail && code >= 400) return { ...ended(22, `The requested URL returned error: ${code}`, seconds, came), code };
      return { status: 0, message: null, more: '', code, body: walk.body ?? '', seconds, came };
    }
  }
}

/** Names and addresses are told apart (lib/vtls/openssl.c, ossl_verifyhost). */
export const peerKind = (host: string): string => (parseAddress(host) === undefined ? 'hostname' : host.includes(':') ? 'ipv6 address' : 'ipv4 address');

const certificateHelp = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the webpage mentioned above.
`;

function tlsError(trace: Trace, walk: Walk, verify: boolean, ended: (status: number, message: string | null, seconds: number | null, came: CurlEnd['came'], more?: string) => CurlEnd): CurlEnd {
  const seconds = lookupSeconds(trace) + (walk.elapsed ?? 0);
  // OpenSSL's words, as OpenSSL 3.0 has them.
  if (walk.reason === 'tls-not-spoken') return ended(35, 'OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number', seconds, 'connected');
  if (walk.reason === 'tls-closed') return ended(35, 'Recv failure: Connection reset by peer', seconds, 'connected');
  if (!verify) return { status: 0, message: null, more: '', code: walk.status ?? 404, body: walk.body ?? '', seconds, came: 'secured' };
  const problem = walk.tls !== undefined && walk.tls.verify.code !== 0 ? walk.tls.verify.text : walk.reason === 'tls-untrusted' ? 'self-signed certificate' : walk.reason === 'tls-expired' ? 'certificate has expired' : null;
  if (problem !== null) return ended(60, `SSL certificate problem: ${problem}`, seconds, 'connected', certificateHelp);
  return ended(60, `SSL: no alternative certificate subject name matches target ${peerKind(trace.request.to.host)} '${trace.request.to.host}'`, seconds, 'connected', certificateHelp);
}
