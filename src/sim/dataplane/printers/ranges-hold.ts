// Whether an address lies in one of some CIDRs, both as text.
import { parseAddress, parseRange, rangeHolds } from '../../base/address.ts';

export function rangesHold(cidrs: readonly string[], ip: string | undefined): boolean {
  const address = parseAddress(ip ?? '');
  return address !== undefined && cidrs.some((cidr) => { const range = parseRange(cidr); return range !== undefined && rangeHolds(range, address); });
}
