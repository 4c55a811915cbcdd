// `dns`: one name, query by query; from a pod of a cluster, straight to its DNS server, or against records in a file.
import { Option } from 'commander';
import { readText } from '../disk/read-text.ts';
import { direct } from '../sim/dns/resolvers/direct.ts';
import { resolve } from '../sim/dns/resolvers/resolve.ts';
import { scripted } from '../sim/dns/scripted.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import { lookUp, parseSource } from '../sim/lab.ts';
import type { Lookup, RecordType, ResolverName } from '../sim/model/lookup.ts';
import type { Problem } from '../sim/model/problem.ts';
import path from 'node:path';
import { answer, withOutput } from './answer.ts';
import type { OutputOption } from './answer.ts';
import type { Caller } from './caller.ts';
import type { CliCommand } from './cli-command.ts';
import { withCluster } from './cluster-options.ts';
import { misuse, openCluster } from './cluster.ts';
import type { ClusterFlags } from './cluster.ts';
import { expectOption } from './expect.ts';
import type { Expected } from './expect.ts';
import { lookupJson } from './lookup-json.ts';
import { lookupText } from './lookup-text.ts';
import { readRecords } from './read-records.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';

interface DnsOptions extends ClusterFlags, OutputOption {
  readonly from?: string;
  readonly type?: RecordType;
  readonly resolver?: ResolverName;
  readonly direct?: boolean;
  readonly resolvConf?: string;
  readonly records?: string;
  readonly expect?: Expected;
}

interface Found {
  readonly lookup: Lookup;
  readonly warnings: readonly Problem[];
}

const fileLimit = 1024 * 1024;
const defaultServer = '10.96.0.10';

const help = `
Without --type the lookup is getaddrinfo's: A and AAAA. Other types are one query of the name as it stands.
--direct asks the cluster's DNS server as dig does: no search list, no SOURCE needed.
--resolv-conf FILE and --records FILE stand in for a cluster: { records: { NAME: { A: [ADDRESS] } }, faults: [{ match: { type: AAAA }, action: DROP, first: 1 }], tcKeep: 2, tcpClosed: true, closed: [ADDRESS] }

Status 0 only if a record of an asked type came.`;

/** Whether a record of an asked type came. */
export function isAnswered(lookup: Lookup): boolean {
  const asked: readonly string[] = lookup.type === 'A+AAAA' ? ['A', 'AAAA'] : [lookup.type];
  if (lookup.addresses.length > 0) return true;
  return lookup.error === null && lookup.queries.some(({ answers }) => answers.some(({ type }) => asked.includes(type)));
}

/** What a caller of the name would see, as a trace's verdict; blocked is that the server could not be reached. */
export function meetsLookup(lookup: Lookup, expected: Expected): boolean {
  if (expected === 'delivered') return isAnswered(lookup);
  if (isAnswered(lookup)) return false;
  const last = lookup.queries.at(-1)?.rcode;
  if (expected === 'blocked') return last === 'DROP' || last === 'UNREACHABLE';
  const missing = lookup.error === null || lookup.error === 'EAI_NONAME' || lookup.error === 'EAI_NODATA';
  return expected === (missing && last !== 'SERVFAIL' && last !== 'DROP' && last !== 'UNREACHABLE' ? 'name-not-found' : 'dns-failure');
}

function fromFiles(name: string, options: DnsOptions, caller: Caller): Result<Found, Problem> {
  if (options.resolvConf === undefined && options.direct !== true) return misuse('--records needs --resolv-conf FILE, or --direct', 'The file says which servers are asked, and for which names.');
  if (options.records === undefined) return misuse('--resolv-conf needs --records FILE', 'The file says what the servers answer.');
  if (options.filename !== undefined || options.lesson !== undefined || options.from !== undefined) return misuse('--records stands in for a cluster', 'Leave -f, --lesson and --from out.');
  const conf = options.resolvConf === undefined ? succeed('') : readText(path.resolve(caller.folder, options.resolvConf), options.resolvConf, fileLimit);
  const records = readText(path.resolve(caller.folder, options.records), options.records, fileLimit);
  if (!conf.ok || !records.ok) return fail(...(conf.ok ? [] : conf.failures), ...(records.ok ? [] : records.failures));
  const script = readRecords({ path: options.records, text: records.value });
  if (!script.ok) return script;
  const ask = scripted(script.value);
  if (options.direct === true) return succeed({ lookup: direct({ server: /^\s*nameserver\s+(\S+)/m.exec(conf.value)?.[1] ?? defaultServer, name, type: options.type ?? 'A', ask }), warnings: [] });
  return succeed({ lookup: resolve({ resolver: options.resolver ?? 'glibc', conf: conf.value, hosts: null, name, type: options.type ?? 'A+AAAA', ask }), warnings: [] });
}

async function fromCluster(name: string, more: readonly string[], options: DnsOptions, caller: Caller): Promise<Result<Found, Problem>> {
  const isDirect = options.direct === true;
  if (!isDirect && options.from === undefined) return misuse('no source was given', 'Say who asks with --from SOURCE, or ask the DNS server itself with --direct.');
  const lab = await openCluster(options, caller, more);
  if (!lab.ok) return lab;
  const from = options.from === undefined ? succeed(null) : parseSource(options.from, lab.value.network);
  if (!from.ok) return from;
  const lookup = lookUp(lab.value, { from: from.value, name, type: options.type ?? null, resolver: options.resolver ?? null, direct: isDirect });
  return succeed({ lookup, warnings: lab.value.warnings });
}

export const dns: CliCommand = {
  declare(command, caller, done) {
    withOutput(withCluster(command))
      .argument('<name...>', 'the name as the source would type it (after more paths of -f, if any)')
      .option('--from <source>', 'who asks')
      .addOption(new Option('--type <type>', 'one type instead of A and AAAA').choices(['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA']))
      .addOption(new Option('--resolver <name>', "another resolver than the pod's").choices(['glibc', 'musl', 'musl-1.2.3']))
      .option('--direct', "ask the cluster's DNS server for the name as it stands")
      .option('--resolv-conf <file>', 'instead of a pod: its resolv.conf')
      .option('--records <file>', 'instead of a cluster: what the servers answer')
      .addOption(expectOption)
      .addHelpText('after', help)
      .action(async (words: readonly string[], options: DnsOptions) => {
        const name = words.at(-1) ?? '';
        const more = words.slice(0, -1);
        const found = options.records === undefined && options.resolvConf === undefined ? await fromCluster(name, more, options, caller)
          : more.length > 0 ? misuse(`unexpected argument '${more[0] ?? ''}'`, 'One name at a time.') : fromFiles(name, options, caller);
        if (!found.ok) return done(wrong(caller, found.failures));
        const { lookup, warnings } = found.value;
        answer(caller, options.output, () => lookupJson(lookup), () => lookupText(lookup), warnings);
        return done(meetsLookup(lookup, options.expect ?? 'delivered') ? status.holds : status.fails);
      });
  },
};
