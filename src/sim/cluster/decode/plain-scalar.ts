// What an unquoted word of YAML means to Kubernetes' tools: YAML 1.1 as go-yaml v2 reads it, not the 1.2 of the parser used here.

// resolve.go of go.yaml.in/yaml/v2: `y` and `no` are booleans, 0o17 and 017 are octal, 1_000 is a number, 22:22 and 2026-01-02 stay text.
const words: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);

const number = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const based = /^([-+]?)0([xX][0-9a-fA-F]+|[oO]?[0-7]+|[bB][01]+)$/;

/** The value of an unquoted word. */
export function plainScalar(source: string): string | number | boolean | null {
  const word = words.get(source);
  if (word !== undefined) return word;
  const first = source.charCodeAt(0);
  const numeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  if (!numeric) return source;
  const plain = first === 0x2e ? source : source.replaceAll('_', '');
  const [, sign = '', digits] = based.exec(plain) ?? [];
  if (digits !== undefined) {
    const value = /^[xXoObB]/.test(digits) ? Number(`0${digits.toLowerCase()}`) : Number.parseInt(digits, 8);
    return sign === '-' ? -value : value;
  }
  return number.test(plain) ? Number(plain) : source;
}

/** True where an unquoted word would be read as something other than this text: a printer must quote it. */
export const needsQuotes = (text: string): boolean => plainScalar(text) !== text;
