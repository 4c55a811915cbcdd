// getent at a place: the C library's own way to a name, as every program of the container goes it.
import { lookUp, sourceText } from '../../sim/lab.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import type { Sent } from '../session.ts';
import { bare, reverseName } from './ask-dns.ts';
import { insideOf } from './inside.ts';
import { portNumbers } from './nc-says.ts';

const databases = ['hosts', 'ahosts', 'ahostsv4', 'ahostsv6', 'services'];

export function getent(call: Call): Answer {
  const inside = insideOf(call);
  const [database, ...names] = call.args.filter((word) => !word.startsWith('-'));
  const hint = '\nTry `getent --help\' or `getent --usage\' for more information.';
  if (database === undefined) return failed(`getent: wrong number of arguments${hint}`);
  if (!databases.includes(database)) return failed(`Unknown database: ${database}${hint}`);
  if (database === 'services') {
    const known = names.map((name) => [name, portNumbers[name]] as const);
    return both(known.flatMap(([name, port]) => (port === undefined ? [] : [`${name.padEnd(21)} ${port}/tcp\n`])).join(''), '', known.every(([, port]) => port !== undefined) ? 0 : 2);
  }
  if (names.length === 0 && database === 'hosts') return both(inside.hostsFile.split('\n').filter((line) => /^[0-9a-f]/i.test(line)).map((line) => `${(line.split(/\s+/)[0] ?? '').padEnd(15)} ${line.split(/\s+/).slice(1).join(' ')}\n`).join(''), '', 0);
  const lookups: { readonly from: string; readonly lookup: ReturnType<typeof lookUp> }[] = [];
  const sent: Sent[] = [];
  let seconds = 0;
  let out = '';
  let status = 0;
  for (const name of names) {
    const reverse = reverseName(name);
    const lookup = reverse !== null && database === 'hosts'
      ? lookUp(call.lab, { from: inside.from, name: reverse, type: 'PTR', resolver: inside.resolver, direct: false })
      : lookUp(call.lab, { from: inside.from, name, type: null, resolver: inside.resolver, direct: false });
    lookups.push({ from: sourceText(inside.from), lookup });
    sent.push({ from: inside.from, at: call.clock + seconds, trace: null, walk: null, lookup, limit: null, times: 1, turn: call.turn });
    seconds += lookup.elapsed < 1 ? 0 : lookup.elapsed;
    const answers = lookup.queries.at(-1)?.answers ?? [];
    if (reverse !== null && database === 'hosts') {
      const names_ = answers.filter((record) => record.type === 'PTR').map((record) => bare(record.data));
      if (names_.length === 0) status = 2;
      else out += `${name.padEnd(15)} ${names_.join(' ')}\n`;
      continue;
    }
    const all = lookup.queries.flatMap((query) => query.answers);
    const address = all.find((record) => record.type === 'A' || record.type === 'AAAA');
    const shown = address === undefined ? lookup.name : bare(address.name);
    const aliases = [...new Set(all.filter((record) => record.type === 'CNAME').map((record) => bare(record.name)))];
    const of = lookup.addresses.filter((ip) => database === 'hosts' || database === 'ahosts' || ip.includes(':') === (database === 'ahostsv6'));
    // `getent hosts` prefers IPv6 and prints one family.
    const six = of.filter((ip) => ip.includes(':'));
    const family = database === 'hosts' && six.length > 0 && lookup.without !== 'hosts' ? six : database === 'hosts' && lookup.without === 'hosts' ? of.slice(0, 1) : of;
    if (family.length === 0) status = 2;
    for (const [index, ip] of family.entries()) {
      if (database === 'hosts') out += `${ip.padEnd(15)} ${[shown, ...aliases].join(' ')}\n`;
      else for (const kind of ['STREAM', 'DGRAM', 'RAW']) out += `${ip.padEnd(15)} ${kind.padEnd(6)} ${kind === 'STREAM' && index === 0 ? shown : ''}\n`;
    }
  }
  return both(out, '', status, { lookups, sent, seconds, meanings: ['exec getent'] });
}
