// What a failure points at: objects, layers and fields on the way of what failed, and those that should have been there.
import type { Lab } from '../sim/lab.ts';
import { parseSource } from '../sim/lab.ts';
import type { NetworkPod } from '../sim/model/network.ts';
import { refOf } from '../sim/model/object.ts';
import type { Layer, Trace, Walk } from '../sim/model/trace.ts';
import type { Intent, IntentResult } from './lesson.ts';
import { sourcesOf } from './intents/check-intent.ts';
import { podsNamed } from './intents/ready.ts';
import { objectKey } from './globs.ts';

/** What failing requests, lookups and pods point at: the objects, layers and fields that a learner may name. */
export interface Sight {
  readonly object: string;
  readonly layer: Layer | null;
  readonly field: string | null;
}

const sightsOfWalk = (walk: Walk): Sight[] => [
  ...(walk.object === null ? [] : [{ object: objectKey(walk.object), layer: walk.layer, field: walk.field }]),
  ...walk.hops.map((hop) => ({ object: objectKey(hop.object), layer: hop.layer, field: hop.field })),
];

/** Policies that could have kept somebody out, and did not: those of the two ends' namespaces, whichever API they belong to. */
function openDoors(trace: Trace, lab: Lab): Sight[] {
  const ends = new Set([trace.request.from.kind === 'pod' ? trace.request.from.namespace : '', ...trace.walks.map(({ backend }) => backend?.pod?.split('/')[0] ?? '')]);
  return lab.network.policy.objects.flatMap(({ object }): Sight[] => {
    const ref = refOf(object);
    return ref.namespace === '' || ends.has(ref.namespace) ? [{ object: objectKey(ref), layer: 'policy', field: null }] : [];
  });
}

/** What the control plane has against objects of the way in: an Ingress that nobody serves is on nobody's road. */
const atTheEdge = (lab: Lab): Sight[] => lab.network.edge.problems.flatMap(({ where }): Sight[] => {
  const [kind, name] = where?.object?.split(' ') ?? [];
  return kind === undefined || name === undefined ? [] : [{ object: `${kind}/${name}`, layer: 'external', field: where?.field ?? null }];
});

/** The pods that ask: their configuration decides which names are asked for, and how often. */
function askers(intent: Intent, lab: Lab): Sight[] {
  return intent.kind === 'ready' || intent.queries === null ? [] : sourcesOf(intent).flatMap((text): Sight[] => {
    const source = parseSource(text, lab.network);
    const pod = source.ok && source.value.kind === 'pod' ? podsNamed(lab, `${source.value.namespace}/${source.value.name}`)?.[0] : undefined;
    return pod === undefined ? [] : [{ object: objectKey(pod.owner), layer: 'dns', field: null }];
  });
}

/** The Services that a name could mean (`db`, `db.data`, `db-0.db.data`): one that is not there is on nobody's road. */
function meant(name: string, intent: Intent, lab: Lab): Sight[] {
  const labels = name.split('.');
  const spaces = new Set(lab.network.namespaces.map((namespace) => namespace.name));
  const own = intent.from.split('/')[0] ?? '';
  const pairs = [...(labels.length === 1 ? [[labels[0] ?? '', own] as const] : []), ...labels.slice(0, -1).map((label, index) => [label, labels[index + 1] ?? ''] as const)];
  return pairs.flatMap(([service, namespace]): Sight[] => (spaces.has(namespace) ? [{ object: `Service/${namespace}/${service}`, layer: 'dns', field: null }] : []));
}

/** What keeps a pod from being ready; what lies with nodes and plugin is the network's matter too. */
function waiting({ ref, owner, unready }: NetworkPod): Sight[] {
  if (unready === null) return [];
  const at = unready.object ?? (owner.kind === 'Pod' ? ref : owner);
  const layers: readonly Layer[] = at.kind === 'Cluster' || at.kind === 'Node' ? ['pod', 'network'] : ['pod'];
  return layers.map((layer) => ({ object: objectKey(at), layer, field: unready.field }));
}

/** Who answers for names: a lookup alone, unlike a request, says nothing of what is behind its answer. */
const answering = ({ network: { dns, cluster } }: Lab): Sight[] => [dns.configMap, dns.service, cluster.ref].map((ref) => ({ object: objectKey(ref), layer: 'dns', field: null }));

/** All that is on the way of what was found, and what should have been; a pod that is not ready points at what keeps it so. */
export function sightsOf({ trace, lookup }: Pick<IntentResult, 'trace' | 'lookup'>, intent: Intent, lab: Lab): Sight[] {
  const queries = [...(trace?.lookup?.queries ?? []), ...(lookup?.queries ?? [])].flatMap(({ walk }) => walk ?? []);
  const walks = [...(trace === null ? [] : [trace.shown, ...trace.walks]), ...queries];
  const pods = intent.kind === 'ready' ? (podsNamed(lab, intent.from) ?? []) : [];
  return [
    ...walks.flatMap(sightsOfWalk), ...askers(intent, lab),
    ...(trace?.verdict === 'name-not-found' ? meant(trace.request.to.host, intent, lab) : []), ...(lookup !== null && lookup.addresses.length === 0 ? [...meant(lookup.name, intent, lab), ...answering(lab)] : []),
    ...(trace !== null && intent.kind === 'request' && intent.expect === 'blocked' ? openDoors(trace, lab) : []),
    ...(walks.some(({ hops }) => hops.some(({ stage }) => stage === 'edge')) ? atTheEdge(lab) : []),
    ...pods.flatMap(waiting),
  ];
}
