// What lies outside the cluster: the hosts that are known, the router and DNS server of the nodes' network, and the names of load balancers.
import { hash32 } from '../../base/choose.ts';
import { sortedBy } from '../../base/order.ts';
import { list, type Store } from '../../cluster/store.ts';
import type { OutsideFacts, OutsideHostFacts } from '../../model/network.ts';
import type { OutsideHost } from '../../model/cluster-document.ts';
import type { Settings } from '../settings.ts';

/** RFC 2606's example, with an address of RFC 5737's documentation ranges. */
const example: OutsideHost = { name: 'example.com', addresses: ['192.0.2.10'], ports: [{ port: 80, hosts: ['example.com', 'www.example.com'] }, { port: 443, tls: ['example.com', '*.example.com'], hosts: ['example.com', 'www.example.com'] }] };

/** The address of `external` without an address of its own (RFC 5737, TEST-NET-3). */
export const outsideClient = '203.0.113.10';

/** The router of the nodes' network, which is their DNS server too. */
export const gateway = '192.168.0.1';

/** The address of a load balancer that its status knows by name only. */
export const balancerAddress = (hostname: string): string => `198.51.100.${1 + (hash32(hostname) % 250)}`;

const facts = (host: OutsideHost): OutsideHostFacts => ({
  name: host.name.replace(/\.$/, '').toLowerCase(), addresses: host.addresses,
  ports: (host.ports ?? example.ports ?? []).map((port) => ({ port: port.port, protocol: port.protocol ?? 'TCP', tls: port.tls ?? (port.port === 443 ? [host.name] : null), hosts: port.hosts ?? null })),
});

export function compileOutside(store: Store, settings: Settings): OutsideFacts {
  const hosts = new Map([example, ...settings.hosts].map((host) => [host.name, facts(host.ports === undefined ? { ...host, ports: [{ port: 80, hosts: [host.name] }, { port: 443, tls: [host.name], hosts: [host.name] }] } : host)]));
  for (const { object } of list(store, 'Service')) {
    for (const ingress of object.status?.loadBalancer?.ingress ?? []) {
      if (ingress.hostname !== undefined) hosts.set(ingress.hostname, { name: ingress.hostname.toLowerCase(), addresses: [ingress.ip ?? balancerAddress(ingress.hostname)], ports: [] });
    }
  }
  return { hosts: sortedBy(hosts.values(), ({ name }) => name), gateway, resolver: gateway, client: outsideClient, loadBalancers: settings.loadBalancers };
}

/** With the names that lead into the cluster. What somebody declared of a name stands; the example that nobody declared gives way. */
export function withPublicHosts(outside: OutsideFacts, hosts: readonly OutsideHostFacts[]): OutsideFacts {
  if (hosts.length === 0) return outside;
  const given = new Set(hosts.map(({ name }) => name));
  const kept = outside.hosts.filter(({ name, addresses }) => name !== example.name || !given.has(name) || addresses.join() !== example.addresses.join());
  const known = new Set(kept.map(({ name }) => name));
  return { ...outside, hosts: sortedBy([...kept, ...hosts.filter(({ name }) => !known.has(name))], ({ name }) => name) };
}

/** A node's own /etc/resolv.conf: what the Cluster document says, or the resolver of the nodes' network. */
export function nodeResolvConf(outside: Pick<OutsideFacts, 'resolver'>, settings: Settings, node: string | null): string {
  const said = node === null ? undefined : settings.declaredNodes.get(node)?.node.resolvConf;
  return said === undefined ? `nameserver ${outside.resolver}\n` : said.endsWith('\n') || said === '' ? said : `${said}\n`;
}
