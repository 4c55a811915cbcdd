// What a kube-proxy that stopped left in its node's rules: endpoints as they were then, so that every later change shows as stale there and nowhere else.
import { socketText } from '../base/address.ts';
import { sameJson } from '../cluster/record.ts';
import { list, type Store } from '../cluster/store.ts';
import type { NetworkService, NodeState } from '../model/network.ts';
import { compileServices } from './compile/services.ts';
import type { Settings } from './settings.ts';

type Rules = Readonly<Record<string, readonly string[]>>;

const keyOf = ({ ref }: NetworkService): string => `${ref.namespace}/${ref.name}`;

/** Endpoints that rules send to: the ready ones, or where there are none those that still serve while they end. */
function endpointsOf(service: NetworkService): readonly string[] {
  const found = service.ports.flatMap(({ endpoints }) => {
    const ready = endpoints.filter((endpoint) => endpoint.ready);
    return (ready.length > 0 ? ready : endpoints.filter(({ serving, terminating }) => serving && terminating)).map(({ ip, port }) => socketText(ip, port));
  });
  return [...new Set(found)].sort();
}

const rulesNow = (services: readonly NetworkService[]): Rules => Object.fromEntries(services.filter(({ type }) => type !== 'ExternalName').map((service) => [keyOf(service), endpointsOf(service)]));

/** The store with the rules of every kube-proxy that has stopped since, and without those of the ones that run. */
export function rememberRules(store: Store, settings: Settings): Store {
  const stopped = list(store, 'Node').map(({ object }) => object.metadata.name).filter((name) => settings.declaredNodes.get(name)?.node.kubeProxy?.running === false);
  const known = store.lastRules ?? new Map<string, Rules>();
  if (stopped.length === known.size && stopped.every((name) => known.has(name))) return store;
  const now = rulesNow(compileServices(store, []));
  return { ...store, lastRules: new Map(stopped.map((name) => [name, known.get(name) ?? now])) };
}

// Simplified: a Service that was deleted since has no rules any more, also where kube-proxy does not run.
/** Where the rules that a node kept differ from what the Services are now. */
export function staleSince(kept: Rules | undefined, services: readonly NetworkService[]): NodeState['stale'] {
  if (kept === undefined) return {};
  return Object.fromEntries(services.filter(({ type }) => type !== 'ExternalName').flatMap((service): [string, NodeState['stale'][string]][] => {
    const key = keyOf(service);
    const before = Object.hasOwn(kept, key) ? kept[key] : undefined;
    if (before === undefined) return [[key, null]];
    return sameJson(before, endpointsOf(service)) ? [] : [[key, before.map((text) => ({ ip: text.slice(0, text.lastIndexOf(':')).replace(/^\[|\]$/g, ''), port: Number(text.slice(text.lastIndexOf(':') + 1)) }))]];
  }));
}
