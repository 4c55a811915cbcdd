// What a Secret's certificate is for and how long it holds: said by an annotation, or read from the certificate itself.
import { timestampOf } from '../cluster/server-metadata.ts';
import type { Decider, EdgeCertificate } from '../model/edge.ts';
import { refOf, refText, type Secret } from '../model/object.ts';
import { readChain } from './read-certificate.ts';

/** On a Secret: `shop.example.com, *.example.com; expires=2027-01-01`, also `; expired`, `; self-signed`, `; incomplete` (without what its issuer would add) and `; issuer=CN=Lab CA`. */
export const certificateAnnotation = 'k8snet-lab/certificate';

export type CertificateFacts = Pick<EdgeCertificate, 'names' | 'trust' | 'subject' | 'issuer' | 'from' | 'until' | 'says'>;

export type SecretCertificate =
  /** `assumed`: the Secret is of the right type, but nobody can read what is in it. */
  | ({ readonly kind: 'read' } & CertificateFacts)
  | { readonly kind: 'assumed' }
  | { readonly kind: 'none'; readonly why: string };

const dateOf = (text: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);

/** Who signs where nobody says who did. */
const someAuthority = 'C=US; O=Example Trust Services; CN=Example CA';

/** One sentence of what a client would find wrong. */
function saysOf(name: string, trust: EdgeCertificate['trust'], until: string | null): string {
  switch (trust) {
    case 'trusted': return `that is what ${name} holds.`;
    case 'self-signed': return `${name} holds a certificate that nobody but its maker has signed.`;
    case 'unknown-issuer': return `${name} holds a certificate without a chain to an authority that clients know: each certificate must be followed by that of its issuer.`;
    case 'expired': return `that of ${name} was good until ${until === null ? 'some day before today' : until.slice(0, 10)}.`;
  }
}

function said(name: string, text: string, today: string): CertificateFacts {
  const [list = '', ...facts] = text.split(';').map((part) => part.trim());
  const names = list.split(',').map((one) => one.trim().toLowerCase()).filter((one) => one !== '');
  const value = (key: string): string | undefined => facts.find((fact) => fact.startsWith(`${key}=`))?.slice(key.length + 1);
  const until = value('expires');
  const own = facts.includes('self-signed');
  const trust = facts.includes('expired') || (until !== undefined && dateOf(until) < today) ? 'expired' : own ? 'self-signed' : facts.includes('incomplete') || facts.includes('unknown-issuer') ? 'unknown-issuer' : 'trusted';
  const subject = `CN=${names[0] ?? ''}`;
  return { names, trust, subject, issuer: value('issuer') ?? (own ? subject : someAuthority), from: null, until: until === undefined ? null : dateOf(until), says: saysOf(name, trust, until === undefined ? null : dateOf(until)) };
}

/** The names that a host or `openssl x509` would show; `now` in simulated seconds. */
export function certificateOf(secret: Secret, now: number): SecretCertificate {
  const name = refText(refOf(secret));
  const today = timestampOf(now);
  const text = secret.metadata.annotations?.[certificateAnnotation];
  if (text !== undefined) return { kind: 'read', ...said(name, text, today) };
  const written = textOf(secret, 'tls.crt');
  const chain = readChain(written);
  const [leaf, ...above] = chain;
  if (leaf !== undefined) {
    // Servers take the first one for their own, and its key must fit (crypto/tls, X509KeyPair).
    if (leaf.ca && above.some(({ ca }) => !ca)) return { kind: 'none', why: `${name} holds its chain in the wrong order: the certificate of the host comes first, then that of its issuer, and so on` };
    const trust = leaf.until < today ? 'expired' : leaf.own ? 'self-signed' : above.some((one, index) => one.own || one.subject !== chain[index]?.issuer) ? 'unknown-issuer' : 'trusted';
    return { kind: 'read', names: leaf.names, trust, subject: leaf.subject, issuer: leaf.issuer, from: leaf.from, until: leaf.until, says: saysOf(name, trust, leaf.until) };
  }
  // What people share has its certificates left out or cut short; what is something else is refused by every server.
  if (secret.type === 'kubernetes.io/tls') return written.length <= 3 || written.includes('-----BEGIN') ? { kind: 'assumed' } : { kind: 'none', why: `${name} holds under tls.crt what is no certificate` };
  return { kind: 'none', why: `${name} is of type ${secret.type ?? 'Opaque'} and holds no certificate under tls.crt` };
}

/** One that is taken to be good, for the hosts that would need it. */
export const assumedCertificate = (secret: Secret, names: readonly string[]): EdgeCertificate => ({
  names, trust: 'trusted', fake: false, subject: `CN=${names[0] ?? ''}`, issuer: someAuthority, from: null, until: null, decider: heldBy(secret), says: `${refText(refOf(secret))} is taken to hold it.`,
});

/** Where a certificate stands in its Secret. */
export const heldBy = (secret: Secret): Decider => ({ object: refOf(secret), field: 'data[tls.crt]' });

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
