// One question to one server, as dig asks it: no search list, no hosts file.
import type { Lookup, RecordType } from '../../model/lookup.ts';
import { absoluteName, isAskable } from '../names.ts';
import { inSeconds, openWire } from './ask.ts';
import type { Ask } from './ask.ts';
import { lastRcode } from './resolve.ts';

const tries = 3;
const secondsPerTry = 5;
/** What dig 9.18 says that it takes over UDP. */
const ednsSize = 1232;

/** Three tries of five seconds (at once where the port is closed), TCP after a truncated answer; whatever the server says is the answer. */
export function direct(input: { readonly server: string; readonly name: string; readonly type: RecordType; readonly ask: Ask }): Lookup {
  const wire = openWire(input.ask);
  const { server, type } = input;
  const name = absoluteName(input.name);
  let nowMs = 0;
  let error: Lookup['error'] = 'EAI_AGAIN';
  let addresses: readonly string[] = [];
  let proto: 'udp' | 'tcp' = 'udp';
  for (let attempt = 0; attempt < tries && isAskable(name); attempt++) {
    const { reply, arrives } = wire.send({ name, type, server, proto, socket: wire.open(), ...(proto === 'udp' ? { size: ednsSize } : {}) }, nowMs);
    if (arrives > nowMs + secondsPerTry * 1000) {
      nowMs += secondsPerTry * 1000;
      continue;
    }
    nowMs = arrives;
    if (reply.rcode === 'UNREACHABLE') continue;
    if (reply.truncated && proto === 'udp') {
      proto = 'tcp';
      attempt -= 1;
      continue;
    }
    const records = reply.answers.filter((record) => record.type === type);
    addresses = records.filter((record) => record.type === 'A' || record.type === 'AAAA').map((record) => record.data);
    error = reply.rcode === 'NOERROR' ? (records.length > 0 ? null : 'EAI_NODATA') : reply.rcode === 'NXDOMAIN' ? 'EAI_NONAME' : 'EAI_AGAIN';
    break;
  }
  if (!isAskable(name)) error = 'EAI_NONAME';
  const queries = wire.asked();
  return { name: input.name, type, resolver: null, resolvConf: null, queries, rcode: lastRcode(queries), error, elapsed: inSeconds(nowMs), addresses, without: null };
}
