// What a Secret's certificate is for and how long it holds: said by an annotation, or read from the certificate itself.
import { timestampOf } from '../cluster/server-metadata.ts';
import type { EdgeCertificate } from '../model/edge.ts';
import { refOf, refText, type Secret } from '../model/object.ts';
import { readCertificate } from './read-certificate.ts';

/** On a Secret: `shop.example.com, *.example.com; expires=2027-01-01`, also `; expired` and `; self-signed`. */
export const certificateAnnotation = 'k8snet-lab/certificate';

export type SecretCertificate =
  /** `assumed`: the Secret is of the right type, but nobody can read what is in it. */
  | { readonly kind: 'read'; readonly names: readonly string[]; readonly trust: EdgeCertificate['trust']; readonly says: string }
  | { readonly kind: 'assumed' }
  | { readonly kind: 'none'; readonly why: string };

const dateOf = (text: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);

/** The names that a host or `openssl x509` would show; `now` in simulated seconds. */
export function certificateOf(secret: Secret, now: number): SecretCertificate {
  const name = refText(refOf(secret));
  const today = timestampOf(now);
  const said = secret.metadata.annotations?.[certificateAnnotation];
  if (said !== undefined) {
    const [names = '', ...facts] = said.split(';').map((part) => part.trim());
    const until = facts.find((fact) => fact.startsWith('expires='))?.slice('expires='.length);
    const expired = facts.includes('expired') || (until !== undefined && dateOf(until) < today);
    return {
      kind: 'read', names: names.split(',').map((one) => one.trim().toLowerCase()).filter((one) => one !== ''), trust: expired ? 'expired' : facts.includes('self-signed') ? 'self-signed' : 'trusted',
      says: expired ? `that of ${name} was good until ${until ?? 'some day before today'}.` : facts.includes('self-signed') ? `${name} holds a certificate that nobody but its maker has signed.` : `that is what ${name} holds.`,
    };
  }
  const read = readCertificate(textOf(secret, 'tls.crt'));
  if (read !== null) {
    const expired = read.until < today;
    const own = read.issuer === read.subject;
    return {
      kind: 'read', names: read.names, trust: expired ? 'expired' : own ? 'self-signed' : 'trusted',
      says: expired ? `that of ${name} was good until ${read.until.slice(0, 10)}.` : own ? `${name} holds a certificate that nobody but its maker has signed.` : `that is what ${name} holds.`,
    };
  }
  if (secret.type === 'kubernetes.io/tls') return { kind: 'assumed' };
  return { kind: 'none', why: `${name} is of type ${secret.type ?? 'Opaque'} and holds no certificate under tls.crt` };
}

function textOf(secret: Secret, key: string): string {
  const plain = secret.stringData?.[key];
  if (typeof plain === 'string') return plain;
  const data = secret.data?.[key];
  if (typeof data !== 'string') return '';
  try {
    return atob(data.replace(/\s/g, ''));
  } catch {
    return '';
  }
}
