// How large an answer is on the wire: what does not fit into a UDP packet is cut, and the rest must be asked over TCP.
import type { DnsRecord, DnsReply } from '../model/lookup.ts';
import { comparableName, labelsOf } from './names.ts';

const header = 12;
/** Type, class, time to live and length. */
const fixedOfRecord = 10;
const farthestPointer = 16_384;

/** Names that a later one can point to; in the way of github.com/miekg/dns, which CoreDNS packs with. */
interface Packing {
  size: number;
  readonly seen: Set<string>;
}

/** Bytes of a name; with `compress`, a known ending is a pointer of two bytes. */
function packName(packing: Packing, name: string, compress: boolean): number {
  const labels = labelsOf(comparableName(name));
  let bytes = 0;
  for (let index = 0; index < labels.length; index++) {
    const ending = labels.slice(index).join('.');
    if (packing.seen.has(ending)) {
      if (compress) return bytes + 2;
    } else if (packing.size + bytes < farthestPointer) packing.seen.add(ending);
    bytes += (labels[index] ?? '').length + 1;
  }
  return bytes + 1;
}

function packRecord(packing: Packing, { name, type, data }: DnsRecord): void {
  packing.size += packName(packing, name, true) + fixedOfRecord;
  const words = data.split(' ');
  switch (type) {
    case 'A': packing.size += 4; break;
    case 'AAAA': packing.size += 16; break;
    case 'SRV': packing.size += 6 + packName(packing, words[3] ?? '', false); break;
    case 'SOA': packing.size += packName(packing, words[0] ?? '', true) + packName(packing, words[1] ?? '', true) + 20; break;
    case 'TXT': packing.size += data.length; break;
    default: packing.size += packName(packing, data, true);
  }
}

/** The reply as it fits into so many bytes: whole records from the front of each section, `truncated` when any is missing. */
export function fitReply(reply: DnsReply, question: string, most: number): DnsReply {
  const packing: Packing = { size: header, seen: new Set() };
  packing.size += packName(packing, question, true) + 4;
  const fit = (records: readonly DnsRecord[]): readonly DnsRecord[] => {
    const kept: DnsRecord[] = [];
    for (const record of records) {
      packRecord(packing, record);
      if (packing.size > most) break;
      kept.push(record);
    }
    return kept;
  };
  const answers = fit(reply.answers);
  const authority = fit(reply.authority);
  const additional = fit(reply.additional);
  return packing.size <= most ? reply : { ...reply, answers, authority, additional, truncated: true };
}
