// A request through the network: the lookup of its name, then its packet in every way that it may go.
import { keptWith } from '../base/kept.ts';
import { isLoopback } from '../controlplane/run-pod.ts';
import { comparableName } from '../dns/names.ts';
import type { Lookup } from '../model/lookup.ts';
import type { NetworkService } from '../model/network.ts';
import type { Reason } from '../model/reason.ts';
import type { Request, Source } from '../model/request.ts';
import type { Hop, Trace, Walk } from '../model/trace.ts';
import { failedLookup, lookupHop, serviceOfName } from './failed-lookup.ts';
import type { Plane } from './plane.ts';
import { isAddress, lookUpWays, type LookupWay } from './resolve-name.ts';
import { senderOf, sourceKey, startJourney, startPlace } from './sender.ts';
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

/** A way that a lookup may go, with all that follows from it whatever is asked for then. */
interface Resolved extends LookupWay {
  readonly alias: NetworkService | null;
  readonly headless: NetworkService | null;
  /** The hop of a lookup that gave an address. */
  readonly hop: Hop;
  /** The only walk of one that gave none. */
  readonly failed: Walk | null;
}

const keptLookups = keptWith<Plane, readonly Resolved[]>(2000);

/** The lookup of a source, in all its ways: it follows from the plane, the source and the name alone, and is worked out once. */
const resolved = (plane: Plane, source: Source, host: string): readonly Resolved[] => keptLookups(plane, `${sourceKey(source)}\u0000${host}`, () => {
  const sender = senderOf(plane, source);
  const place = startPlace(sender, source);
  const headless = headlessOf(plane, sender, host);
  return lookUpWays(plane, source, host).map((way): Resolved => ({
    ...way, headless, alias: aliasOf(plane, way.lookup), hop: lookupHop(plane, sender, place, way.lookup, null),
    failed: way.lookup.addresses.length === 0 ? failedLookup(plane, sender, place, way.lookup) : null,
  }));
});

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

/** What the client says beyond the URL, and what it did before, where there is anything. */
const said = ({ http, earlier, size, upload, dontFragment }: Request): Pick<Asked, 'http' | 'earlier' | 'size' | 'upload' | 'dontFragment'> => ({
  ...(http === undefined ? {} : { http }), ...(earlier === undefined ? {} : { earlier }), ...(size === undefined ? {} : { size }), ...(upload === undefined ? {} : { upload }), ...(dontFragment === undefined ? {} : { dontFragment }),
});

/** Never fails: a network that says no is a verdict. The request's source must be of this network. */
export function trace(plane: Plane, request: Request): Trace {
  const { from, to } = request;
  if (request.dialled !== undefined) {
    // Told where to go, the client looks nothing up; the name stays in TLS and HTTP.
    const { ip, port } = request.dialled;
    const journey = startJourney(plane, from, { scheme: to.scheme, host: to.host, path: to.path, alias: null, headless: null, ...said(request) }, to.protocol, ip, port ?? to.port);
    return settled(request, null, walkAll(journey, plane));
  }
  if (isAddress(to.host)) {
    const journey = startJourney(plane, from, { scheme: to.scheme, host: to.host, path: to.path, alias: null, headless: null, ...said(request) }, to.protocol, to.host, to.port);
    return settled(request, null, walkAll(journey, plane));
  }
  const ways = resolved(plane, from, to.host).map((way) => ({ probability: way.probability, lookup: way.lookup, walks: afterLookup(plane, request, way) }));
  if (ways.length === 1 && ways[0] !== undefined) return settled(request, ways[0].lookup, ways[0].walks);
  const walks = merged(ways.flatMap((way) => way.walks.map((walk) => ({ ...partly(walk, way.probability), probability: walk.probability * way.probability }))));
  const trace = settled(request, null, walks);
  // The lookup that led to the way that is shown.
  const shown = ways.find((way) => way.walks.some(({ verdict, reason }) => verdict === trace.shown.verdict && reason === trace.shown.reason)) ?? ways[0];
  return { ...trace, lookup: shown?.lookup ?? null };
}

/** Reasons of a lookup of which some question got no answer, whatever came of it in the end. */
const unheard: readonly Reason[] = ['dns-server-silent', 'dns-server-refused', 'dns-blocked-by-policy'];

/** A lookup that fails because of the DNS server that it met says how many meet it. */
function partly(walk: Walk, share: number): Walk {
  if (walk.verdict !== 'dns-failure' && !unheard.includes(walk.reason)) return walk;
  const more = ` So it goes for about ${Math.round(share * 100)} of 100 lookups: the other DNS servers answer.`;
  return { ...walk, why: walk.why + more, hops: walk.hops.map((hop, index) => (index === 0 ? { ...hop, says: hop.says + more } : hop)) };
}

/** A name from a file costs no packet: the one that follows stands there. */
const withoutQuery = (hop: Hop, walk: Walk): Hop => { const packet = walk.hops[0]?.packet ?? hop.packet; return { ...hop, packet, after: packet }; };

/** What becomes of the packet once the lookup is over. */
function afterLookup(plane: Plane, request: Request, { lookup, alias, headless, hop, failed }: Resolved): Walk[] {
  const { from, to } = request;
  if (failed !== null) return [failed];
  const asked: Asked = { scheme: to.scheme, host: to.host, path: to.path, alias, headless, ...said(request) };
  const addresses = tried(plane, request, asked, lookup.addresses);
  const walks = addresses.flatMap((ip) => walkAll(startJourney(plane, from, asked, to.protocol, ip, to.port), plane).map((walk) => ({
    ...walk, probability: walk.probability / addresses.length, hops: [lookup.queries.length > 0 ? hop : withoutQuery(hop, walk), ...walk.hops],
    backend: walk.backend ?? (addresses.length > 1 ? { pod: null, ip, port: to.port } : null),
  })));
  return merged(walks);
}
