// A trace in the words of the tool that a person would have used: cli.md's `error`.
import type { Trace } from '../sim/model/trace.ts';
import { curlSays } from './tools/curl-says.ts';
import { ncSays } from './tools/nc-says.ts';
import { pingSays } from './tools/ping-says.ts';

/**
 * What `curl -sS URL` (http, https), `nc -zv -w 3 HOST PORT` (tcp, udp, sctp) or `ping -c 1 -W 3 HOST` (icmp) prints as an error for this trace, without a newline at its end.
 * `null` when it was delivered, and where the tool is silent: curl without `-f` about an HTTP status, nc about a closed UDP port, curl while it hangs.
 * Of a certificate error the first line; a UDP datagram that was dropped "succeeded!": nc cannot know better.
 */
export function words(trace: Trace): string | null {
  const walk = trace.shown;
  if (walk.verdict === 'delivered') return null;
  switch (trace.request.to.scheme) {
    case 'http':
    case 'https': {
      const { message } = curlSays(trace, walk, { total: null, connect: null });
      return message === null ? null : `curl: ${message}`;
    }
    case 'tcp':
    case 'udp':
    case 'sctp': {
      const { text } = ncSays(trace, walk, 3);
      return text === '' ? null : text.trimEnd();
    }
    case 'icmp':
      return pingSays(trace, walk, 1).failure;
  }
}
