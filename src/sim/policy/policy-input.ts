// What the policies of a network are compiled from.
import type { Network } from '../model/network.ts';
import type { PolicyInput } from './compile-policies.ts';

export function policyInputOf(network: Network): PolicyInput {
  const labels = new Map(network.dns.records.services.map(({ metadata }) => [`${metadata.namespace ?? ''}/${metadata.name}`, metadata.labels ?? {}]));
  const services = network.services.map(({ ref, selector, ports, addresses }) => ({
    namespace: ref.namespace, name: ref.name, labels: labels.get(`${ref.namespace}/${ref.name}`) ?? {}, selector,
    addresses: [...new Set([...ports.flatMap(({ endpoints }) => endpoints.map(({ ip }) => ip)), ...addresses.map(({ ip }) => ip)])],
  }));
  return {
    namespaces: new Map(network.namespaces.map(({ name, labels: own }) => [name, own])),
    pods: network.pods, objects: network.policy.objects, enforced: network.policy.enforced, ipBlocks: network.policy.ipBlocks,
    nodes: network.nodes.map(({ name, labels: own, addresses }) => ({ name, labels: own, addresses: addresses.map(({ address }) => address) })),
    hosts: network.outside.hosts, services,
    apiServer: services.find(({ namespace, name }) => namespace === 'default' && name === 'kubernetes')?.addresses ?? [],
  };
}
