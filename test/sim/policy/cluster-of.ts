// Small clusters for the tests of policies: pods from a few words, policies from YAML.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject, Labels, Protocol } from '../../../src/sim/model/object.ts';
import type { Direction, PolicyPeer, PolicyPod, PolicyVerdict } from '../../../src/sim/model/policy.ts';
import type { PacketProtocol } from '../../../src/sim/model/packet.ts';
import { compilePolicies } from '../../../src/sim/policy/compile-policies.ts';
import type { PolicyIndex } from '../../../src/sim/policy/policy-index.ts';
import { judge } from '../../../src/sim/policy/judge.ts';
import type { Origin } from '../../../src/sim/cluster/store.ts';

export const sharedPath = (path: string): string => fileURLToPath(new URL(`../../../../shared/${path}`, import.meta.url));

/** The text of a file of ../shared, or `null` where the folder is missing. */
export const sharedText = (path: string): string | null => (existsSync(sharedPath(path)) ? readFileSync(sharedPath(path), 'utf8') : null);

export const podOf = (name: string, labels: Labels = {}, more: Partial<PolicyPod> = {}): PolicyPod => {
  const [namespace = '', own = ''] = name.split('/');
  return { namespace, name: own, labels, addresses: ['10.244.0.9'], node: 'worker-1', hostNetwork: false, running: true, namedPorts: [], ...more };
};

export const objectsOf = (text: string): KubeObject[] =>
  parseAllDocuments(text).flatMap((document): KubeObject[] => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });

/** A NetworkPolicy from its spec in YAML. */
export const policyOf = (name: string, spec: string): KubeObject => {
  const [namespace = '', own = ''] = name.split('/');
  return Object.assign({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace, name: own } }, { spec: parse(spec) as unknown });
};

export interface ClusterWords {
  readonly pods: readonly PolicyPod[];
  readonly policies: readonly KubeObject[];
  readonly namespaces?: Readonly<Record<string, Labels>>;
  readonly ipBlocks?: 'all' | 'outside';
  readonly enforced?: readonly string[];
  readonly origin?: Origin;
}

export const indexOf = ({ pods, policies, namespaces = {}, ipBlocks = 'all', enforced = ['NetworkPolicy'], origin }: ClusterWords): PolicyIndex =>
  compilePolicies({ namespaces: new Map(Object.entries(namespaces)), pods, objects: policies.map((object) => ({ object, origin: origin ?? null })), enforced, ipBlocks });

export type End = PolicyPod | string;

const ends = (end: End): PolicyPeer => (typeof end === 'string' ? { pod: null, ip: end } : { pod: end, ip: end.addresses[0] ?? '' });

/** The verdict of one side. */
export const ask = (index: PolicyIndex, direction: Direction, subject: PolicyPod, peer: End | PolicyPeer, port: number | null = 80, protocol: PacketProtocol = 'TCP'): PolicyVerdict =>
  judge(index, { direction, subject, peer: typeof peer === 'object' && 'ip' in peer ? peer : ends(peer), protocol, port });

/** Both sides together: what has no pod has no policies. */
export const connects = (index: PolicyIndex, from: End, to: End, port: number | null = 80, protocol: PacketProtocol = 'TCP'): boolean =>
  (typeof from === 'string' || ask(index, 'egress', from, to, port, protocol).allowed) && (typeof to === 'string' || ask(index, 'ingress', to, from, port, protocol).allowed);

/** The pods of a manifest as policies see them, with the given addresses by `NAMESPACE/NAME`. */
export function podsOf(objects: readonly KubeObject[], addresses: Readonly<Record<string, string>>): PolicyPod[] {
  interface Written { readonly spec: { readonly containers: readonly { readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: Protocol }[] }[] } }
  return objects.filter(({ kind }) => kind === 'Pod').map((object) => {
    const { spec } = object as KubeObject & Written;
    const name = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const namedPorts = spec.containers.flatMap(({ ports = [] }) => ports.flatMap((port) => (port.name === undefined ? [] : [{ name: port.name, port: port.containerPort, protocol: port.protocol ?? 'TCP' }])));
    return podOf(name, object.metadata.labels ?? {}, { addresses: [addresses[name] ?? ''], namedPorts });
  });
}
