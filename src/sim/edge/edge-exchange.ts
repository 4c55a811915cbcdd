// What an edge adds to a request that it passes on, and to the answer; and a certificate as its client sees it.
import type { EdgeCertificate, EdgeManners, EdgeSettings } from '../model/edge.ts';
import type { TlsShown } from '../model/walk.ts';
import type { ObjectRef } from '../model/object.ts';

/** OpenSSL's numbers and words (openssl/x509_vfy.h); dates before signatures would be looked at last. */
function verifyOf({ trust }: EdgeCertificate): TlsShown['verify'] {
  switch (trust) {
    case 'trusted': return { code: 0, text: 'ok' };
    case 'expired': return { code: 10, text: 'certificate has expired' };
    case 'self-signed': return { code: 18, text: 'self-signed certificate' };
    case 'unknown-issuer': return { code: 20, text: 'unable to get local issuer certificate' };
  }
}

export const tlsShown = (certificate: EdgeCertificate, by: ObjectRef): TlsShown => ({
  by, subject: certificate.subject, issuer: certificate.issuer, names: certificate.names, from: certificate.from, until: certificate.until, verify: verifyOf(certificate),
});

export interface Caller {
  /** As the edge sees it. */
  readonly ip: string;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** The headers that the backend gets: the client's own, and what the edge says of it. What an untrusted client says of itself is thrown away. */
export function forwardedHeaders(manners: EdgeManners, settings: EdgeSettings, given: Readonly<Record<string, string>>, caller: Caller): Readonly<Record<string, string>> {
  const { host: _, ...own } = given;
  const chain = settings.trustsForwarded && own['x-forwarded-for'] !== undefined ? own['x-forwarded-for'] : caller.ip;
  const common = { ...own, 'x-forwarded-for': chain, 'x-forwarded-proto': caller.secure ? 'https' : 'http' };
  return manners.bodies === 'envoy' ? common : { ...common, 'x-forwarded-host': caller.host, 'x-forwarded-port': String(caller.port), 'x-real-ip': caller.ip };
}

/** What stands in every answer of this edge beside what its backend said: Envoy names itself, ingress-nginx asks for TLS from now on (hsts, on by default). */
export function ownHeaders(manners: EdgeManners, overTls: boolean): readonly (readonly [name: string, value: string])[] {
  if (manners.bodies === 'envoy') return [['server', 'envoy']];
  return manners.targetPortToo && overTls ? [['Strict-Transport-Security', 'max-age=31536000; includeSubDomains']] : [];
}
