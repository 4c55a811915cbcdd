// Hosts as Ingresses, Gateways and certificates write them: which names a pattern is for, and which of two is more particular.

/** As it is compared: lower case, without a port and without a dot at the end. */
export const usualHost = (host: string): string => host.toLowerCase().replace(/^(\[[^\]]*\]|[^:]*):\d+$/, '$1').replace(/\.$/, '');

/**
 * Whether a host is among those of a pattern; an empty pattern is every host. A wildcard of an Ingress or a certificate stands for one label
 * (networking/v1, IngressRule.Host; RFC 6125, 6.4.3), one of the Gateway API for one or more (gateway.networking.k8s.io/v1, Hostname).
 */
export function hostFits(pattern: string, host: string, oneLabel: boolean): boolean {
  const [written, asked] = [usualHost(pattern), usualHost(host)];
  if (written === '' || written === '*' || written === asked) return true;
  if (!written.startsWith('*.')) return false;
  const tail = written.slice(1);
  return asked.length > tail.length && asked.endsWith(tail) && (!oneLabel || !asked.slice(0, -tail.length).includes('.'));
}

/** Exact names before wildcards, longer ones before shorter ones, no name last. */
export const hostRank = (pattern: string): number => (pattern === '' || pattern === '*' ? 0 : (pattern.startsWith('*.') ? 1_000 : 100_000) + pattern.length);

/** The hosts that are in both patterns, as the narrower of the two; `null` when there are none. */
export function sharedHost(left: string, right: string): string | null {
  const [one, other] = [usualHost(left), usualHost(right)];
  if (one === '') return other;
  if (other === '' || one === other) return one;
  const [narrow, wide] = hostRank(one) >= hostRank(other) ? [one, other] : [other, one];
  if (!wide.startsWith('*.')) return null;
  const tail = wide.slice(1);
  return narrow.length > tail.length && narrow.endsWith(tail) ? narrow : null;
}
