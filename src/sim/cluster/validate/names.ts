// Names, labels, ports and addresses: what each may look like, in the API server's sentences (k8s.io/apimachinery/pkg/util/validation).
import { parseAddress, parseRange } from '../../base/address.ts';
import type { Labels, LabelSelector } from '../../model/object.ts';
import { forbidden, invalid, required } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';

/** What is wrong with a value, as sentences; empty when nothing is. */
export type Check = (value: string) => readonly string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const searchDomain = '[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?(\\.[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?)*';
const qualifiedPart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualifiedPart})?`;

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const labelForm = whole(label), searchForm = whole(searchDomain), subdomainForm = whole(subdomain), qualifiedForm = whole(qualifiedPart), valueForm = whole(labelValue);

const regexText = (says: string, pattern: string, ...examples: readonly string[]): string => `${says} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${pattern}')`;
const maxLength = (length: number): string => `must be no more than ${length} characters`;

export const isDns1123Label: Check = (value) => [
  ...(value.length > 63 ? [maxLength(63)] : []),
  ...(labelForm.test(value) ? [] : subdomainForm.test(value) ? ['must not contain dots']
    : [regexText("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", label, 'my-name', '123-abc')]),
];

export const isDns1123Subdomain: Check = (value) => [
  ...(value.length > 253 ? [maxLength(253)] : []),
  ...(subdomainForm.test(value) ? []
    : [regexText("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character", subdomain, 'example.com')]),
];

/** A search domain: a subdomain in which underscores are allowed. */
export const isSearchDomain: Check = (value) => [
  ...(value.length > 253 ? [maxLength(253)] : []),
  ...(searchForm.test(value) ? []
    : [regexText("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character or an underscore", searchDomain, 'example.com')]),
];

export const isQualifiedName: Check = (value) => {
  const parts = value.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return [`a qualified name ${regexText("must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", qualifiedPart, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = second ?? first;
  const prefix = second === undefined ? [] : first === '' ? ['prefix part must be non-empty'] : isDns1123Subdomain(first).map((says) => `prefix part ${says}`);
  if (name === '') return [...prefix, 'name part must be non-empty', `name part ${regexText("must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", qualifiedPart, 'MyName', 'my.name', '123-abc')}`];
  return [
    ...prefix,
    ...(name.length > 63 ? [`name part ${maxLength(63)}`] : []),
    ...(qualifiedForm.test(name) ? [] : [`name part ${regexText("must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", qualifiedPart, 'MyName', 'my.name', '123-abc')}`]),
  ];
};

export const isLabelValue: Check = (value) => [
  ...(value.length > 63 ? [maxLength(63)] : []),
  ...(valueForm.test(value) ? []
    : [regexText("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", labelValue, 'MyValue', 'my_value', '12345')]),
];

/** The name of a container's port, or of a port that is meant by name. */
export const isPortName: Check = (value) => [
  ...(value.length > 15 ? [maxLength(15)] : []),
  ...(/^[-a-z0-9]+$/.test(value) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(value) ? [] : ['must contain at least one letter (a-z)']),
  ...(value.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(/^-|-$/.test(value) ? ['must not begin or end with a hyphen'] : []),
];

export const checked = (field: string, value: string, check: Check): readonly Finding[] => check(value).map((says) => invalid(field, value, says));

export const portNumber = (field: string, value: number): readonly Finding[] => (value >= 1 && value <= 65_535 ? [] : [invalid(field, value, 'must be between 1 and 65535, inclusive')]);

export const portOrName = (field: string, value: number | string): readonly Finding[] => (typeof value === 'number' ? portNumber(field, value) : checked(field, value, isPortName));

const isFourParts = (value: string): boolean => /^\d+(\.\d+){3}$/.test(value) && value.split('.').every((part) => Number(part) < 256);
const isMapped = (value: string): boolean => /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(value);

/** An address as strict fields have it (ValidateIPForLegacyField with StrictIPCIDRValidation). */
export const address = (field: string, value: string): readonly Finding[] =>
  isMapped(value) ? [invalid(field, value, 'must not be an IPv4-mapped IPv6 address')]
    : parseAddress(value) !== undefined ? [] : [invalid(field, value, isFourParts(value) ? 'must not have leading 0s' : 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];

export const cidr = (field: string, value: string): readonly Finding[] => (parseRange(value) === undefined ? [invalid(field, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')] : []);

/** A range as strict fields have it: what once passed and is ambiguous is refused (ValidateCIDRForLegacyField with StrictIPCIDRValidation). */
export function strictCidr(field: string, value: string): readonly Finding[] {
  const [ip = '', length = '', ...more] = value.split('/');
  if (more.length === 0 && /^\d{1,3}$/.test(length)) {
    const plain = isFourParts(ip) ? ip.split('.').map(Number).join('.') : ip;
    const range = parseRange(`${plain}/${Number(length)}`);
    if (range !== undefined && (plain !== ip || String(Number(length)) !== length)) return [invalid(field, value, 'must not have leading 0s in IP or prefix length')];
    if (range !== undefined && isMapped(ip)) return [invalid(field, value, 'must not have an IPv4-mapped IPv6 address')];
    if (range !== undefined && parseAddress(ip)?.value !== range.first) return [invalid(field, value, 'must not have bits set beyond the prefix length')];
  }
  return cidr(field, value);
}

/** True for the refusals that an object may keep when it has them already: the server takes them on an update that leaves the value. */
export const isOldForm = (finding: Finding): boolean => /: must not have (?:leading 0s|an IPv4-mapped|bits set beyond)|: must not be an IPv4-mapped/.test(finding.says);

export function labels(field: string, given: Labels | undefined): readonly Finding[] {
  return Object.entries(given ?? {}).flatMap(([key, value]) => [...checked(field, key, isQualifiedName), ...checked(field, value, isLabelValue)]);
}

export function labelSelector(field: string, selector: LabelSelector | undefined): readonly Finding[] {
  if (selector === undefined) return [];
  return [
    ...labels(`${field}.matchLabels`, selector.matchLabels),
    ...(selector.matchExpressions ?? []).flatMap((expression, index): readonly Finding[] => {
      const path = `${field}.matchExpressions[${index}]`;
      const values = expression.values ?? [];
      const operator: string | undefined = expression.operator;
      return [
        ...(operator === 'In' || operator === 'NotIn' ? (values.length === 0 ? [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")] : [])
          : operator === 'Exists' || operator === 'DoesNotExist' ? (values.length > 0 ? [forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : [])
            : [invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator')]),
        ...checked(`${path}.key`, expression.key ?? '', isQualifiedName),
        ...values.flatMap((value, at) => checked(`${path}.values[${at}]`, value, isLabelValue)),
      ];
    }),
  ];
}
