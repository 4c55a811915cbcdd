// A request through the network: the lookup of its name, then its packet in every way that it may go.
import { isLoopback } from '../controlplane/run-pod.ts';
import { comparableName } from '../dns/names.ts';
import type { Lookup } from '../model/lookup.ts';
import type { NetworkService } from '../model/network.ts';
import type { Request } from '../model/request.ts';
import type { Trace, Walk } from '../model/trace.ts';
import { failedLookup, lookupHop, serviceOfName } from './failed-lookup.ts';
import type { Plane } from './plane.ts';
import { isAddress, lookUpName } from './resolve-name.ts';
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
  const answering = addresses.find((ip) => walkAll(startJourney(plane, from, asked, to.protocol, ip, to.port), plane).every(({ verdict }) => verdict !== 'refused'));
  return [answering ?? addresses.find((ip) => !ip.includes(':')) ?? addresses[0] ?? '127.0.0.1'];
}

/** Never fails: a network that says no is a verdict. The request's source must be of this network. */
export function trace(plane: Plane, request: Request): Trace {
  const { from, to } = request;
  const sender = senderOf(plane, from);
  if (isAddress(to.host)) {
    const journey = startJourney(plane, from, { scheme: to.scheme, host: to.host, path: to.path, alias: null, headless: null }, to.protocol, to.host, to.port);
    return settled(request, null, walkAll(journey, plane));
  }
  const lookup = lookUpName(plane, from, to.host, 'A+AAAA', null);
  const place = startPlace(sender, from);
  const first = lookup.addresses[0];
  if (first === undefined) return settled(request, lookup, [failedLookup(plane, sender, place, lookup)]);
  const hop = lookupHop(plane, sender, place, lookup, null);
  const asked: Asked = { scheme: to.scheme, host: to.host, path: to.path, alias: aliasOf(plane, lookup), headless: headlessOf(plane, sender, to.host) };
  const addresses = tried(plane, request, asked, lookup.addresses);
  const walks = addresses.flatMap((ip) => walkAll(startJourney(plane, from, asked, to.protocol, ip, to.port), plane).map((walk) => ({
    ...walk, probability: walk.probability / addresses.length, hops: [hop, ...walk.hops],
    backend: walk.backend ?? (addresses.length > 1 ? { pod: null, ip, port: to.port } : null),
  })));
  return settled(request, lookup, merged(walks));
}
