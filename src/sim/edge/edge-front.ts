// What stands before an edge: a cloud's load balancer that ends TLS or announces clients, as annotations of the Service say; and how the edge is told to take that.
import type { EdgeCertificate, EdgeFront, EdgeSettings } from '../model/edge.ts';
import { refOf, type Service } from '../model/object.ts';
import { listOf, type EdgeContext } from './edge-context.ts';
import type { EdgeWorkload } from './edge-workloads.ts';

const aws = 'service.beta.kubernetes.io/aws-load-balancer-';
const digitalOcean = 'service.beta.kubernetes.io/do-loadbalancer-';

const holds = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== 'false' && value !== 'off';

/** Ports by number or name; nothing or `*` is every port. */
function portsMeant(service: Service, text: string | undefined): readonly number[] {
  const words = (text ?? '*').split(',').map((word) => word.trim());
  return listOf(service.spec.ports).filter(({ name, port }) => words.includes('*') || words.includes(String(port)) || (name !== undefined && words.includes(name))).map(({ port }) => port);
}

/** A certificate that the cloud keeps: nothing is known of it but that clients take it. */
const cloudCertificate = (service: Service, field: string): EdgeCertificate => ({
  names: ['*'], trust: 'trusted', fake: false, subject: 'CN=*', issuer: 'C=US; O=Example Trust Services; CN=Example CA', from: null, until: null, decider: { object: refOf(service), field }, says: 'the cloud keeps it.',
});

/** `null` for one that passes connections on as they are. */
function frontOf(service: Service): EdgeFront | null {
  if (service.spec.type !== 'LoadBalancer') return null;
  const notes = service.metadata.annotations ?? {};
  const key = (name: string): string | undefined => (holds(notes[name]) ? name : undefined);
  // AWS, DigitalOcean, Hetzner, OpenStack, Scaleway and others end their annotations alike.
  const proxy = Object.keys(notes).sort().find((name) => (/proxy-?protocol(-v2)?$/.test(name) && holds(notes[name])) || (name === `${aws}target-group-attributes` && /proxy_protocol_v2\.enabled=true/.test(notes[name] ?? '')));
  const certificate = key(`${aws}ssl-cert`) ?? key(`${digitalOcean}certificate-id`);
  if (certificate === undefined && proxy === undefined) return null;
  const protocol = notes[`${aws}backend-protocol`] ?? notes[`${digitalOcean}protocol`] ?? 'tcp';
  const network = /^(nlb|external|nlb-ip)$/.test(notes[`${aws}type`] ?? '');
  const field = `metadata.annotations[${certificate ?? proxy ?? ''}]`;
  return {
    object: refOf(service), field, service: refOf(service), tls: certificate === undefined ? [] : portsMeant(service, notes[`${aws}ssl-ports`] ?? notes[`${digitalOcean}tls-ports`] ?? (certificate.startsWith(aws) ? '*' : '443')),
    certificate: cloudCertificate(service, field), readsHttp: !network && /^https?2?$/.test(protocol), proxyProtocol: proxy !== undefined,
  };
}

export const frontsOf = (services: readonly Service[]): readonly EdgeFront[] => services.flatMap((service) => frontOf(service) ?? []);

/** ingress-nginx reads a ConfigMap that its arguments name; without one it has the name of its release. */
export function settingsOf(context: EdgeContext, workload: EdgeWorkload): EdgeSettings {
  const none: EdgeSettings = { object: workload.ref, proxyProtocol: false, trustsForwarded: false };
  switch (workload.controller?.name) {
    case 'ingress-nginx': {
      const named = workload.args.find((arg) => arg.startsWith('--configmap='))?.slice('--configmap='.length).replaceAll('$(POD_NAMESPACE)', workload.ref.namespace) ?? `${workload.ref.namespace}/ingress-nginx-controller`;
      const [namespace = '', name = ''] = named.split('/');
      const data = context.configMap(namespace, name)?.data ?? {};
      return { object: { kind: 'ConfigMap', namespace, name }, proxyProtocol: data['use-proxy-protocol'] === 'true', trustsForwarded: data['use-forwarded-headers'] === 'true' };
    }
    case 'traefik': return {
      ...none, proxyProtocol: workload.args.some((arg) => /^--entry[pP]oints\..*\.proxy[pP]rotocol\.(trustedIPs|insecure)=/.test(arg)), trustsForwarded: workload.args.some((arg) => /^--entry[pP]oints\..*\.forwarded[hH]eaders\.(trustedIPs|insecure)=/.test(arg)),
    };
    default: return none;
  }
}
