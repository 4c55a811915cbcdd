// A lookup that gave no address, as a walk: what failed, at whom, and what a repair would change.
import type { AskedQuery, Lookup } from '../model/lookup.ts';
import type { NetworkPod, NetworkService } from '../model/network.ts';
import { refText, type ObjectRef } from '../model/object.ts';
import type { Packet, Place } from '../model/packet.ts';
import type { Reason } from '../model/reason.ts';
import type { Hop, Layer, Walk } from '../model/trace.ts';
import { configured, emptyCause, senderObject } from './causes.ts';
import { describing, fromSender, getting, inPod, slicesOf } from './evidence.ts';
import { refusesName } from './http-policy.ts';
import type { Plane } from './plane.ts';
import type { Sender } from './station.ts';
import { unreachedHost } from './unreached-host.ts';

interface Finding {
  readonly verdict: 'name-not-found' | 'dns-failure';
  readonly reason: Reason;
  readonly layer: Layer;
  readonly object: ObjectRef;
  readonly field: string | null;
  readonly why: string;
  readonly evidence: string;
}

/** The Service that the name would be from where the source stands; `undefined` when there is none. */
export function serviceOfName(plane: Plane, sender: Sender, host: string): { readonly service: NetworkService | undefined; readonly namespace: string; readonly name: string } {
  const bare = host.replace(/\.$/, '').toLowerCase();
  const suffix = `.svc.${plane.network.domain}`;
  const short = bare.endsWith(suffix) ? bare.slice(0, -suffix.length) : bare.replace(/\.svc$/, '');
  const [name = '', namespace = sender.kind === 'pod' ? sender.pod.namespace : ''] = short.split('.').slice(-2);
  const labels = short.split('.');
  const found = labels.length >= 2 ? { name: labels.at(-2) ?? '', namespace: labels.at(-1) ?? '' } : { name, namespace };
  return { ...found, service: plane.services.get(`${found.namespace}/${found.name}`) };
}

/** The Service exists, and its name does not: the pod asks somebody else, or the DNS server serves another domain. */
function notAsked(plane: Plane, pod: NetworkPod, service: NetworkService, host: string, evidence: string): Finding {
  const asksCluster = plane.network.dns.clusterDns.some((ip) => pod.resolvConf.includes(`nameserver ${ip}\n`));
  const base = { verdict: 'name-not-found', reason: 'no-such-name', layer: 'dns' } as const;
  if (!asksCluster) {
    const why = `${refText(service.ref)} exists, but pod ${pod.namespace}/${pod.name} does not ask the cluster's DNS${pod.hostNetwork ? ': on its node\'s network it has its node\'s resolver' : ''}: no other server knows ${host}.`;
    return { ...base, object: pod.owner, field: `${pod.template}.dnsPolicy`, evidence: inPod(pod, 'cat /etc/resolv.conf'), why };
  }
  const { configMap } = plane.network.dns;
  const serves = new RegExp(`kubernetes[^\\n]*\\b${plane.network.domain.replace(/\./g, '\\.')}\\b`).test(plane.network.dns.corefile);
  if (!serves) return { ...base, object: configMap, field: 'data.Corefile', evidence: getting(configMap, ' -o yaml'), why: `${refText(service.ref)} exists, but the DNS server does not serve the domain ${plane.network.domain}: ${host} has no address.` };
  const why = `${refText(service.ref)} exists, but the search list of pod ${pod.namespace}/${pod.name} does not lead from ${host} to its name.`;
  return { ...base, object: pod.owner, field: `${pod.template}.dnsConfig`, evidence, why };
}

/** Outside there is no search list and no cluster DNS: a Service is known by its load balancer or a node's address at most. */
function notPublic(plane: Plane, sender: Sender, host: string): Finding {
  const base = { verdict: 'name-not-found', layer: 'dns' } as const;
  const bare = host.replace(/\.$/, '').toLowerCase();
  const label = bare.split('.')[0] ?? '';
  const named = serviceOfName(plane, sender, host).service;
  const who = sender.kind === 'node' ? `node ${sender.node.name}` : 'the outside';
  const alike = plane.network.services.filter(({ ref, implied }) => ref.name === label && !implied);
  const service = named ?? (alike.length === 1 ? alike[0] : undefined);
  if (service === undefined) return { ...base, reason: 'no-such-name', object: senderObject(sender), field: null, evidence: 'kubectl get services -A', why: `The name ${host} is not in the public DNS, and that is all the DNS that ${who} asks.` };
  const balancer = service.balancer.flatMap(({ ip, hostname }) => hostname ?? ip ?? [])[0];
  const port = service.ports.find(({ nodePort }) => nodePort !== null);
  const node = plane.network.nodes.find(({ taints }) => taints.length === 0) ?? plane.network.nodes[0];
  const ways = balancer !== undefined ? `its load balancer ${balancer} is what the outside reaches`
    : service.type === 'LoadBalancer' ? `its load balancer is pending, so that the outside has no address for it${port === undefined ? '' : ` but a node's, such as ${node?.internal[0] ?? ''}:${port.nodePort ?? ''}`}`
    : port !== undefined ? `a node's address and port ${port.nodePort ?? ''}, such as ${node?.internal[0] ?? ''}:${port.nodePort ?? ''}, is what the outside reaches`
    : 'it has neither a load balancer nor a node port, so that nothing leads to it from outside';
  const pending = sender.kind === 'outside' && service.type === 'LoadBalancer' && balancer === undefined;
  return {
    ...base, reason: pending ? 'load-balancer-pending' : 'no-such-name', object: service.ref, field: sender.kind === 'node' ? null : pending ? 'status.loadBalancer' : 'spec.type', evidence: getting(service.ref),
    why: `The name ${host} is not in the public DNS: ${who} does not ask the cluster's DNS, which alone knows names of Services. ${sender.kind === 'node' && service.clusterAddresses[0] !== undefined ? `Node ${sender.node.name} reaches ${refText(service.ref)} by its address ${service.clusterAddresses[0]}` : `Of ${refText(service.ref)}, ${ways}`}.`,
  };
}

function notFound(plane: Plane, sender: Sender, host: string): Finding {
  const { service, namespace, name } = serviceOfName(plane, sender, host);
  const nslookup = fromSender(sender, `nslookup ${host}`, 'kubectl get services -A');
  if (service?.headless === true) {
    const cause = emptyCause(plane, service, service.ports[0] ?? null);
    return { verdict: 'name-not-found', reason: 'headless-without-endpoints', layer: 'dns', object: cause.object, field: cause.field, evidence: slicesOf(service), why: `${refText(service.ref)} is headless, and without a ready pod its name has no address. ${cause.why}` };
  }
  if (service?.externalName != null) {
    return { verdict: 'name-not-found', reason: 'no-such-name', layer: 'dns', object: service.ref, field: 'spec.externalName', evidence: getting(service.ref), why: `${refText(service.ref)} is an alias of ${service.externalName}, a name that has no address.` };
  }
  const edge = service === undefined ? unreachedHost(plane, host) : undefined;
  if (edge !== undefined) return { verdict: 'name-not-found', layer: 'external', ...edge };
  if (sender.kind !== 'pod') return notPublic(plane, sender, host);
  if (service !== undefined && sender.kind === 'pod') return notAsked(plane, sender.pod, service, host, nslookup);
  const written = configured(sender, host);
  const elsewhere = plane.network.services.filter((candidate) => candidate.ref.name === name && candidate.ref.namespace !== namespace && !candidate.implied).map(({ ref }) => ref);
  const other = elsewhere[0];
  const labels = host.replace(/\.$/, '').split('.');
  const why = other !== undefined && labels.length <= 2
    ? `No name of the search list for ${host} exists: the Service ${name} is in namespace ${other.namespace}${labels.length === 1 ? `, not in ${namespace}` : ''}, where its name is ${name}.${other.namespace}.`
    : `The name ${host} does not exist: ${service === undefined && labels.length <= 2 && namespace !== '' ? `there is no Service ${name} in namespace ${namespace}` : 'no DNS server knows it'}.`;
  const missing: ObjectRef = labels.length <= 2 && namespace !== '' ? { kind: 'Service', namespace, name } : senderObject(sender);
  return { verdict: 'name-not-found', reason: 'no-such-name', layer: 'dns', object: written?.object ?? missing, field: written?.field ?? (missing.kind === 'Service' ? 'metadata.name' : null), evidence: nslookup, why };
}

/** The query whose failure ended the lookup: the last one that got nothing it could use. */
const decisive = (lookup: Lookup): AskedQuery | undefined => lookup.queries.findLast(({ rcode }) => rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') ?? lookup.queries.at(-1);

function failed(plane: Plane, sender: Sender, lookup: Lookup, query: AskedQuery | undefined): Finding {
  const evidence = sender.kind === 'pod' ? inPod(sender.pod, `nslookup ${lookup.name}`, sender.container) : 'kubectl get pods -n kube-system -o wide';
  const { service, configMap } = plane.network.dns;
  const walk = query?.walk ?? null;
  const base = { verdict: 'dns-failure', evidence } as const;
  if (query === undefined) return { ...base, reason: 'dns-server-silent', layer: 'dns', object: senderObject(sender), field: null, why: `There is no DNS server to ask for ${lookup.name}.` };
  if (query.rcode === 'DROP' || query.rcode === 'UNREACHABLE') {
    const policy = walk?.layer === 'policy';
    const object = walk?.object ?? service;
    const server = `the DNS server ${query.server}`;
    // Nobody to blame on the way: the pod was told to ask there.
    const ownServer = sender.kind === 'pod' && object.kind === sender.pod.owner.kind && object.name === sender.pod.owner.name && object.namespace === sender.pod.owner.namespace;
    const why = policy ? `The question for ${lookup.name} never gets to ${server}: ${walk.why}`
      : query.rcode === 'UNREACHABLE' ? `Nobody answers for ${server}: ${walk?.why ?? 'its port is closed.'}`
      : walk === null || walk.verdict === 'delivered' ? `No answer came from ${server}.` : `No answer came from ${server}: ${walk.why}`;
    return { ...base, reason: policy ? 'dns-blocked-by-policy' : query.rcode === 'UNREACHABLE' ? 'dns-server-refused' : 'dns-server-silent', layer: policy ? 'policy' : 'dns', object, field: walk === null ? null : ownServer ? `${sender.pod.template}.dnsConfig` : walk.field, why };
  }
  const refusing = walk?.names === undefined ? null : refusesName(walk.names, query.name);
  if (query.rcode === 'REFUSED' && refusing !== null) {
    const { policy, field } = refusing.ref;
    return { ...base, reason: 'dns-blocked-by-policy', layer: 'policy', object: policy, field, evidence: describing(policy), why: `${refText(policy)} lets no question for ${query.name} through: ${plane.network.cni.plugin}'s DNS proxy answers REFUSED in place of ${query.server}.` };
  }
  return { ...base, reason: 'dns-server-failed', layer: 'dns', object: configMap, field: 'data.Corefile', why: `The DNS server ${query.server} answered ${query.rcode} for ${query.name}: it could not find out.` };
}

/** A question about which nobody said anything, although a later name got its answer. */
const unheard = (lookup: Lookup): AskedQuery | undefined =>
  lookup.queries.find(({ name, rcode }) => (rcode === 'DROP' || rcode === 'UNREACHABLE') && lookup.queries.every((other) => other.name !== name || other.rcode === 'DROP' || other.rcode === 'UNREACHABLE'));

/** glibc leaves the search list at the first name that nobody answers, and takes what it hears about the name as it stands. */
function gaveUp(plane: Plane, sender: Sender, lookup: Lookup, query: AskedQuery): Finding {
  const finding = failed(plane, sender, lookup, query);
  return { ...finding, verdict: 'name-not-found', why: `${finding.why} The C library then gives the search list up and asks for ${lookup.name} as it stands, which does not exist.` };
}

/** The hop that stands for the lookup at the start of every walk by name. */
export function lookupHop(plane: Plane, sender: Sender, place: Place, lookup: Lookup, finding: Finding | null): Hop {
  const query = lookup.queries.find(({ answers }) => answers.length > 0) ?? decisive(lookup);
  const own = sender.kind === 'pod' ? sender.pod.addresses[0] ?? '0.0.0.0' : sender.kind === 'node' ? sender.node.internal[0] ?? '0.0.0.0' : sender.ip;
  const packet: Packet = query?.walk?.hops[0]?.packet ?? { source: { ip: own, port: null }, destination: { ip: query?.server ?? own, port: query === undefined ? null : 53 }, protocol: query?.proto === 'tcp' ? 'TCP' : 'UDP' };
  const { service } = serviceOfName(plane, sender, lookup.name);
  const asked = lookup.queries.length === 1 ? '1 query' : `${lookup.queries.length} queries`;
  const how = lookup.without === 'hosts' ? 'from /etc/hosts' : lookup.without === 'outside' ? 'from the public DNS' : `after ${asked}`;
  const object = finding?.object ?? service?.ref ?? (lookup.without === null ? plane.network.dns.service : senderObject(sender));
  return {
    layer: finding?.layer ?? 'dns', at: place, stage: 'lookup', action: finding === null ? 'resolve' : 'lose', packet, after: packet, object, field: finding?.field ?? null,
    evidence: finding?.evidence ?? fromSender(sender, lookup.without === 'hosts' ? `getent hosts ${lookup.name}` : `nslookup ${lookup.name}`, service === undefined ? 'kubectl get services -A' : getting(service.ref)),
    says: finding?.why ?? `${lookup.name} is ${lookup.addresses.join(', ')}, ${how}.`,
  };
}

/** The only walk of a request whose host has no address. */
export function failedLookup(plane: Plane, sender: Sender, place: Place, lookup: Lookup): Walk {
  const query = decisive(lookup);
  const lost = lookup.error === 'EAI_AGAIN' ? undefined : unheard(lookup);
  const finding = lookup.error === 'EAI_AGAIN' ? failed(plane, sender, lookup, query) : lost === undefined ? notFound(plane, sender, lookup.name) : gaveUp(plane, sender, lookup, lost);
  const hop = lookupHop(plane, sender, place, lookup, finding);
  // Where the query's packet ended is the hop that decided.
  const stopped = lookup.error === 'EAI_AGAIN' ? query : lost;
  const way = stopped?.walk != null && stopped.walk.verdict !== 'delivered' ? stopped.walk.hops : [];
  return {
    probability: 1, verdict: finding.verdict, reason: finding.reason, backend: null, snat: false, status: null, layer: finding.layer, object: finding.object, field: finding.field,
    why: finding.why, hops: [hop, ...way], body: null, elapsed: lookup.elapsed,
  };
}
