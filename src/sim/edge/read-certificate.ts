// The few fields of an X.509 certificate that decide whether a client takes it: a walk over DER, nothing is verified (RFC 5280, 4.1; X.690).

export interface ReadCertificate {
  /** DNS names of the subject alternative name, in lower case; without one, clients match nothing. */
  readonly names: readonly string[];
  /** As `2027-01-01T00:00:00Z`. */
  readonly from: string;
  readonly until: string;
  /** As OpenSSL writes them: `C=US; O=Lab; CN=shop.example.com`. */
  readonly issuer: string;
  readonly subject: string;
  /** Its issuer is itself. */
  readonly own: boolean;
  /** It may sign others (basic constraints). */
  readonly ca: boolean;
}

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const most = 65_536;
const longestChain = 8;

/** The element at a place; `undefined` where there is none that fits. */
function elementAt(der: string, at: number, end: number): Element | undefined {
  const tag = der.charCodeAt(at);
  const first = der.charCodeAt(at + 1);
  if (at + 2 > end) return undefined;
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 3) return undefined;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < count; index++) length = length * 256 + der.charCodeAt(at + 2 + index);
  const start = at + 2 + count;
  return start + length <= end ? { tag, start, end: start + length } : undefined;
}

function elementsOf(der: string, inside: Element): Element[] {
  const found: Element[] = [];
  for (let at = inside.start; at < inside.end;) {
    const element = elementAt(der, at, inside.end);
    if (element === undefined) break;
    found.push(element);
    at = element.end;
  }
  return found;
}

const bytes = (der: string, element: Element | undefined): string => (element === undefined ? '' : der.slice(element.start, element.end));

/** UTCTime has two digits for the year: 50 and later are of the last century (RFC 5280, 4.1.2.5.1). */
function timeText(text: string): string {
  const full = text.length === 13 ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(full);
  return parts === null ? '9999-12-31T23:59:59Z' : `${parts[1] ?? ''}-${parts[2] ?? ''}-${parts[3] ?? ''}T${parts[4] ?? ''}:${parts[5] ?? ''}:${parts[6] ?? ''}Z`;
}

const alternativeNames = '\u0055\u001d\u0011'; // 2.5.29.17

const basicConstraints = '\u0055\u001d\u0013'; // 2.5.29.19

/** What stands in an extension. */
function extensionOf(der: string, extensions: readonly Element[], id: string): readonly Element[] {
  for (const extension of extensions) {
    const parts = elementsOf(der, extension);
    const value = parts.at(-1);
    if (bytes(der, parts[0]) !== id || value === undefined) continue;
    const list = elementAt(der, value.start, value.end);
    return list === undefined ? [] : elementsOf(der, list);
  }
  return [];
}

/** Attributes of a distinguished name that OpenSSL has a short word for. */
const attributes: Readonly<Record<string, string>> = { '\u0055\u0004\u0003': 'CN', '\u0055\u0004\u0006': 'C', '\u0055\u0004\u0007': 'L', '\u0055\u0004\u0008': 'ST', '\u0055\u0004\u000a': 'O', '\u0055\u0004\u000b': 'OU' };

/** What is not plain text never gets to a terminal. */
const plainText = (text: string): string => text.replace(/[^\u0020-\u007e]/g, '?');

const nameText = (der: string, name: Element): string => elementsOf(der, name).flatMap((set) => elementsOf(der, set)).flatMap((pair) => {
  const [id, value] = elementsOf(der, pair);
  const word = attributes[bytes(der, id)];
  return word === undefined || value === undefined ? [] : [`${word}=${plainText(bytes(der, value))}`];
}).join('; ');

/** The first certificate of a PEM text; `null` when there is none that can be read. */
export const readCertificate = (pem: string): ReadCertificate | null => readChain(pem)[0] ?? null;

/** Every certificate of a PEM text in its order; what cannot be read ends it. */
export function readChain(pem: string): readonly ReadCertificate[] {
  const found: ReadCertificate[] = [];
  for (const [, body = ''] of pem.slice(0, most).matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)) {
    const read = readOne(body);
    if (read === null || found.length === longestChain) break;
    found.push(read);
  }
  return found;
}

function readOne(body: string): ReadCertificate | null {
  let der: string;
  try {
    der = atob(body.replace(/\s/g, ''));
  } catch {
    return null;
  }
  const whole = elementAt(der, 0, der.length);
  const signed = whole === undefined ? undefined : elementsOf(der, whole)[0];
  if (signed === undefined || signed.tag !== 0x30) return null;
  const fields = elementsOf(der, signed);
  // The version is optional: without it everything stands one place earlier.
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [issuer, validity, subject] = [fields[first + 2], fields[first + 3], fields[first + 4]];
  if (issuer === undefined || validity === undefined || subject === undefined) return null;
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  const list = extensions === undefined ? undefined : elementAt(der, extensions.start, extensions.end);
  const all = list === undefined ? [] : elementsOf(der, list);
  const [from, until] = elementsOf(der, validity);
  return {
    names: extensionOf(der, all, alternativeNames).filter(({ tag }) => tag === 0x82).map((name) => bytes(der, name).toLowerCase()).filter((name) => /^[a-z0-9*._-]+$/.test(name)),
    from: timeText(bytes(der, from)), until: timeText(bytes(der, until)), issuer: nameText(der, issuer), subject: nameText(der, subject), own: bytes(der, issuer) === bytes(der, subject),
    ca: extensionOf(der, all, basicConstraints).some((part) => part.tag === 0x01 && bytes(der, part) === '\u00ff'),
  };
}
