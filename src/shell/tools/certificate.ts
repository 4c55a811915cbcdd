// The certificate that a TLS client was shown: as the trace has it, or by the names that the one who answered speaks for.
import type { Lab } from '../../sim/lab.ts';
import type { TlsShown, Walk } from '../../sim/model/trace.ts';

export type Certificate = Omit<TlsShown, 'by'>;

/** Where the trace says nothing of it (a pod's own TLS, a host outside), the names that the listener has are all that is known. */
export function certificateAt(lab: Lab, walk: Walk, name: string): Certificate {
  if (walk.tls !== undefined) return walk.tls;
  const { network } = lab;
  const last = walk.hops.at(-1)?.packet.destination;
  const pod = network.pods.find((one) => `${one.namespace}/${one.name}` === walk.backend?.pod) ?? network.pods.find((one) => !one.hostNetwork && one.addresses.includes(last?.ip ?? ''));
  const inside = pod?.sockets.find((socket) => socket.port === last?.port && socket.tls !== null)?.tls;
  const outside = network.outside.hosts.find((host) => host.addresses.includes(last?.ip ?? ''))?.ports.find((one) => one.port === last?.port)?.tls;
  const node = network.nodes.find((one) => one.internal.includes(last?.ip ?? ''))?.sockets.find((socket) => socket.port === last?.port)?.tls;
  const names = inside ?? outside ?? node ?? [name];
  return { subject: `CN=${names[0] ?? name}`, issuer: 'CN=Example CA', names, from: null, until: null, verify: { code: 0, text: 'ok' } };
}
