// The grammar of names under the zone of the kubernetes plugin.
import { labelsOf } from '../names.ts';

/** What a name asks for. Empty texts are wild. */
export interface NameRequest {
  readonly port: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly cluster: string;
  readonly service: string;
  readonly namespace: string;
  /** Empty for the zone itself, and for `svc` and `pod` directly under it. */
  readonly kind: '' | 'svc' | 'pod';
  /** Topology zone of a zone-scoped name: only its endpoints, or those first. */
  readonly topology: { readonly zone: string; readonly mode: 'pin' | 'prefer' } | null;
}

const nothing: NameRequest = { port: '', protocol: '', endpoint: '', cluster: '', service: '', namespace: '', kind: '', topology: null };

const withoutUnderscore = (label: string): string => (label.startsWith('_') ? label.slice(1) : label);

/**
 * Reads a name that lies under the zone (CoreDNS plugin/kubernetes/parse.go): `service.namespace.svc`, `endpoint.service.namespace.svc`,
 * `_port._protocol.service.namespace.svc` (the underscores may be missing), `a-b-c-d.namespace.pod`, and `ZONE.pin._zone.service.namespace.svc` where `zonal` is set.
 * `undefined` for what can be no name of the cluster.
 */
export function parseName(name: string, zone: string, options: { readonly multicluster: boolean; readonly zonal: boolean }): NameRequest | undefined {
  const all = labelsOf(name);
  const labels = all.slice(0, all.length - labelsOf(zone).length);
  const kind = labels.at(-1);
  if (kind === undefined) return nothing;
  if (kind !== 'svc' && kind !== 'pod') return undefined;
  if (labels.length === 1) return nothing;
  const [namespace = '', service = '', ...left] = labels.slice(0, -1).toReversed();
  const request: NameRequest = { ...nothing, kind, namespace, service };
  const [first, second, ...rest] = left;
  if (first === undefined) return request;
  if (second === undefined) return { ...request, endpoint: first };
  if (options.zonal && !options.multicluster && kind === 'svc' && first === '_zone' && (second === 'pin' || second === 'prefer') && rest.length > 0) {
    return { ...request, topology: { zone: rest.toReversed().join('.'), mode: second } };
  }
  if (rest.length > 0) return undefined;
  if (options.multicluster && !first.startsWith('_') && !second.startsWith('_')) return { ...request, cluster: first, endpoint: second };
  return { ...request, protocol: withoutUnderscore(first), port: withoutUnderscore(second) };
}
