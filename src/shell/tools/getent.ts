// getent in a pod: the C library's own way to a name, as every program of the container goes it.
import { lookUp, sourceText } from '../../sim/lab.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { reverseName } from './ask-dns.ts';
import { insideOf } from './inside.ts';

export function getent(call: Call): Answer {
  const inside = insideOf(call);
  const [database, ...names] = call.args;
  if (database === undefined || !['hosts', 'ahosts', 'ahostsv4'].includes(database)) return failed(database === undefined ? 'getent: wrong number of arguments' : `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.`, 1);
  if (names.length === 0 && database === 'hosts') return both(inside.hostsFile.split('\n').filter((line) => /^[0-9a-f]/i.test(line)).map((line) => `${line.replace(/\s+/, ' '.repeat(6))}\n`).join(''), '', 0);
  const lookups = names.filter((name) => reverseName(name) === null).map((name) => ({ from: sourceText(inside.from), lookup: lookUp(call.lab, { from: inside.from, name, type: null, resolver: inside.resolver, direct: false }) }));
  let out = '';
  let status = 0;
  for (const { lookup } of lookups) {
    if (lookup.addresses.length === 0) status = 2;
    const shown = lookup.queries.at(-1)?.answers.find((record) => record.type === 'A' || record.type === 'AAAA')?.name.replace(/\.$/, '') ?? lookup.name;
    // `getent hosts` prefers IPv6 and prints one family.
    const six = lookup.addresses.filter((address) => address.includes(':'));
    const family = database === 'hosts' && six.length > 0 ? six : lookup.addresses;
    for (const address of family) {
      if (database === 'hosts') out += `${address.padEnd(15)} ${shown}\n`;
      else for (const kind of ['STREAM', 'DGRAM', 'RAW']) out += `${address.padEnd(15)} ${kind.padEnd(6)} ${kind === 'STREAM' ? shown : ''}\n`;
    }
  }
  return both(out, '', status, { lookups, meanings: ['exec getent'] });
}
