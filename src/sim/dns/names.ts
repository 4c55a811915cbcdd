// Domain names as text: absolute form, labels, and what can be asked at all.

/** Longest name in its text form without the final dot, and longest label (RFC 1035, 2.3.4). */
const longestName = 253;
const longestLabel = 63;

/** The name with its final dot; the root is `.`. */
export const absoluteName = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

/** The name without a final dot; the root is empty. */
export const withoutFinalDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);

/** The name under a zone, with the final dot: `web` under `cluster.local.`; under the root it only gets the dot. */
export const nameUnder = (name: string, zone: string): string => (zone === '.' ? absoluteName(name) : `${name}.${zone}`);

/** The labels from left to right; none for the root. */
export function labelsOf(name: string): readonly string[] {
  const bare = withoutFinalDot(name);
  return bare === '' ? [] : bare.split('.');
}

/** The form in which names are compared: absolute, ASCII letters in lower case (RFC 4343). */
export const comparableName = (name: string): string => {
  const absolute = absoluteName(name);
  return /[A-Z]/.test(absolute) ? absolute.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : absolute;
};

/** True when a query can carry the name: no empty label, no label over 63 and no name over 253 bytes, nothing but printable ASCII. */
export function isAskable(name: string): boolean {
  if (name === '.') return true;
  const bare = withoutFinalDot(name);
  return bare.length > 0 && bare.length <= longestName && !/[^\x21-\x7e]/.test(bare) && bare.split('.').every((label) => label.length > 0 && label.length <= longestLabel);
}

/** True when the name is the zone or lies under it; both in any case, with or without a final dot. */
export function isUnder(zone: string, name: string): boolean {
  const parent = comparableName(zone);
  const child = comparableName(name);
  return parent === '.' || child === parent || child.endsWith(`.${parent}`);
}

/** How many dots the name has, a final one included: what `ndots` is compared with. */
export function dotsIn(name: string): number {
  let dots = 0;
  for (const character of name) if (character === '.') dots += 1;
  return dots;
}
