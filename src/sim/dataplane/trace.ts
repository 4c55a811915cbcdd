// A request through the network: the lookup of its name, then its packet in every way that it may go.
import { isLoopback } from '../controlplane/run-pod.ts';
import { comparableName } from '../dns/names.ts';
import type { Lookup } from '../model/lookup.ts';
import type { NetworkService } from '../model/network.ts';
import type { Request } from '../model/request.ts';
import type { Hop, Trace, Walk } from '../model/trace.ts';
import { failedLookup, lookupHop, serviceOfName } from './failed-lookup.ts';
import type { Plane } from './plane.ts';
import { isAddress, lookUpWays } from './resolve-name.ts';
import { senderOf, startJourney, startPlace } from './sender.ts';
import type { Asked, Sender } from './station.ts';
import { merged, walkAll } from './walk.ts';

/** The ExternalName Service whose alias stands in the answers. */
function aliasOf(plane: Plane, lookup: Lookup | null): NetworkService | null {
  for (const { answers } of lookup?.queries ?? []) {
    for (const { type, name } of answers) {
      if (type !== 'CNAME') continue;
      const [service = '', namespace = ''] = comparableName(name).split('.');
      const found = plane.services.get(`${namespace}/${service}`);
      if (found?.externalName != null) return found;
    }
  }
  return null;
}

function headlessOf(plane: Plane, sender: Sender, host: string): NetworkService | null {
  const { service } = serviceOfName(plane, sender, host);
  return service?.headless === true ? service : null;
}

function settled(request: Request, lookup: Lookup | null, walks: readonly Walk[]): Trace {
  const failing = walks.find(({ verdict }) => verdict !== 'delivered');
  const shown = failing ?? walks[0];
  if (shown === undefined) throw new Error('a trace without a walk');
  return { request, lookup, verdict: walks.every(({ verdict }) => verdict === shown.verdict) ? shown.verdict : 'intermittent', walks, shown };
}

/** The addresses that count: of the family of the first one. localhost has two, and a client that is refused at one tries the other. */
function tried(plane: Plane, { from, to }: Request, asked: Asked, addresses: readonly string[]): readonly string[] {
  const family = addresses[0]?.includes(':') === true;
  if (!addresses.every(isLoopback)) return addresses.filter((ip) => ip.includes(':') === family);
  // A pod without an IPv6 address has no IPv6 at all: ::1 is not there either.
  const sender = senderOf(plane, from);
  const own = sender.kind === 'pod' && !sender.pod.addresses.some((ip) => ip.includes(':')) ? addresses.filter((ip) => !ip.includes(':')) : addresses;
  const answering = own.find((ip) => walkAll(startJourney(plane, from, asked, to.protocol, ip, to.port), plane).every(({ verdict }) => verdict !== 'refused'));
  return [answering ?? own.find((ip) => !ip.includes(':')) ?? addresses[0] ?? '127.0.0.1'];
}

/** What the client says beyond the URL, where it says anything. */
const said = ({ http }: Request): Pick<Asked, 'http'> => (http === undefined ? {} : { http });

/** Never fails: a network that says no is a verdict. The request's source must be of this network. */
export function trace(plane: Plane, request: Request): Trace {
  const { from, to } = request;
  if (isAddress(to.host)) {
    const journey = startJourney(plane, from, { scheme: to.scheme, host: to.host, path: to.path, alias: null, headless: null, ...said(request) }, to.protocol, to.host, to.port);
    return settled(request, null, walkAll(journey, plane));
  }
  const ways = lookUpWays(plane, from, to.host).map(({ probability, lookup }) => ({ probability, lookup, walks: afterLookup(plane, request, lookup) }));
  if (ways.length === 1 && ways[0] !== undefined) return settled(request, ways[0].lookup, ways[0].walks);
  const walks = merged(ways.flatMap((way) => way.walks.map((walk) => ({ ...partly(walk, way.probability), probability: walk.probability * way.probability }))));
  const trace = settled(request, null, walks);
  // The lookup that led to the way that is shown.
  const shown = ways.find((way) => way.walks.some(({ verdict, reason }) => verdict === trace.shown.verdict && reason === trace.shown.reason)) ?? ways[0];
  return { ...trace, lookup: shown?.lookup ?? null };
}

/** A lookup that fails because of the DNS server that it met says how many meet it. */
function partly(walk: Walk, share: number): Walk {
  if (walk.verdict !== 'dns-failure') return walk;
  const more = ` So it goes for about ${Math.round(share * 100)} of 100 lookups: the other DNS servers answer.`;
  return { ...walk, why: walk.why + more, hops: walk.hops.map((hop, index) => (index === 0 ? { ...hop, says: hop.says + more } : hop)) };
}

/** A name from a file costs no packet: the one that follows stands there. */
const withoutQuery = (hop: Hop, walk: Walk): Hop => { const packet = walk.hops[0]?.packet ?? hop.packet; return { ...hop, packet, after: packet }; };

/** What becomes of the packet once the lookup is over. */
function afterLookup(plane: Plane, request: Request, lookup: Lookup): Walk[] {
  const { from, to } = request;
  const sender = senderOf(plane, from);
  const place = startPlace(sender, from);
  const first = lookup.addresses[0];
  if (first === undefined) return [failedLookup(plane, sender, place, lookup)];
  const hop = lookupHop(plane, sender, place, lookup, null);
  const asked: Asked = { scheme: to.scheme, host: to.host, path: to.path, alias: aliasOf(plane, lookup), headless: headlessOf(plane, sender, to.host), ...said(request) };
  const addresses = tried(plane, request, asked, lookup.addresses);
  const walks = addresses.flatMap((ip) => walkAll(startJourney(plane, from, asked, to.protocol, ip, to.port), plane).map((walk) => ({
    ...walk, probability: walk.probability / addresses.length, hops: [lookup.queries.length > 0 ? hop : withoutQuery(hop, walk), ...walk.hops],
    backend: walk.backend ?? (addresses.length > 1 ? { pod: null, ip, port: to.port } : null),
  })));
  return merged(walks);
}
