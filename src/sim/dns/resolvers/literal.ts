// Addresses written where a name could stand: no lookup is made for them.
import { formatAddress, parseAddress } from '../../base/address.ts';

/** The canonical address that the C libraries read (inet_aton's short, octal and hexadecimal forms too); `undefined` for a name. */
export function literalAddress(text: string): string | undefined {
  const address = parseAddress(text);
  if (address !== undefined) return formatAddress(address);
  const parts = text.split('.');
  const last = parts.length - 1;
  if (last > 3 || !parts.every((part) => /^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(part))) return undefined;
  let value = 0;
  for (const [index, part] of parts.entries()) {
    const number = /^0[0-7]/.test(part) ? Number.parseInt(part, 8) : Number(part);
    // The last part fills the bytes that are left.
    const bytes = index < last ? 1 : 4 - last;
    if (number >= 256 ** bytes) return undefined;
    value = value * 256 ** bytes + number;
  }
  return formatAddress({ family: 'IPv4', value: BigInt(value) });
}
