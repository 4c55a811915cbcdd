// What one request leaves behind for connection tracking and affinity: its DNS queries, and the way that it took.
import type { Connection } from '../model/connection.ts';
import type { Trace, Walk } from '../model/trace.ts';

/** Oldest first. `walk` is the one of the trace's ways that happened; `open`: the client still holds the connection. A resolver asks for both families of a name from one socket: that is one connection. */
export function connectionsOf(trace: Trace, walk: Walk, ago = 0, open = false): Connection[] {
  const sockets = new Set<string>();
  const asked = (trace.lookup?.queries ?? []).flatMap((query): Connection[] => {
    const socket = `${query.name} ${query.server} ${query.proto}`;
    if (query.walk === null || sockets.has(socket)) return [];
    sockets.add(socket);
    return [{ walk: query.walk, ago, open: false }];
  });
  const [first] = walk.hops.filter(({ stage }) => stage !== 'lookup');
  return first === undefined ? asked : [...asked, { walk, ago, open }];
}
