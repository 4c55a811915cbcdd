// /etc/hosts as the two libraries read it: before DNS is asked.
import { parseAddress } from '../../base/address.ts';
import { remembered } from '../../base/remembered.ts';
import type { LookupError } from '../../model/lookup.ts';

interface HostsLine {
  readonly ip: string;
  readonly names: readonly string[];
}

export type HostsAnswer = { readonly addresses: readonly string[]; readonly error: LookupError | null } | null;

/** The lines that name an address, in their order; comments and what cannot be read are left out. */
export const hostsLines = remembered((text: string): readonly HostsLine[] => {
  const lines: HostsLine[] = [];
  for (const line of text.split('\n')) {
    const [ip = '', ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (parseAddress(ip) !== undefined && names.length > 0) lines.push({ ip, names });
  }
  return lines;
}, 500, 5000);

const typeOf = (ip: string): 'A' | 'AAAA' => (ip.includes(':') ? 'AAAA' : 'A');

/** glibc (nss_files): the name in any case; a name with addresses of another family only is asked of DNS. */
export function glibcHosts(hosts: string, name: string, types: readonly ('A' | 'AAAA')[]): HostsAnswer {
  const wanted = name.toLowerCase();
  const addresses = hostsLines(hosts).filter((line) => types.includes(typeOf(line.ip)) && line.names.some((other) => other.toLowerCase() === wanted)).map((line) => line.ip);
  return addresses.length > 0 ? { addresses, error: null } : null;
}

/** musl (`name_from_hosts`): the name in the same case; a name with addresses of another family only ends the lookup. */
export function muslHosts(hosts: string, name: string, types: readonly ('A' | 'AAAA')[], otherFamily: LookupError): HostsAnswer {
  const found = hostsLines(hosts).filter((line) => line.names.includes(name));
  const addresses = found.filter((line) => types.includes(typeOf(line.ip))).slice(0, 48).map((line) => line.ip);
  if (addresses.length > 0) return { addresses, error: null };
  return found.length > 0 ? { addresses: [], error: otherFamily } : null;
}
