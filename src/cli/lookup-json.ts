// A lookup as `dns -o json` prints it.
import type { AskedQuery, Lookup } from '../sim/model/lookup.ts';

export const queryJson = ({ name, type, server, proto, rcode, answers, authority, additional }: AskedQuery): Readonly<Record<string, unknown>> => ({ name, type, server, proto, rcode, answers, authority, additional });

export const lookupJson = (lookup: Lookup): Readonly<Record<string, unknown>> => ({
  name: lookup.name,
  type: lookup.type,
  resolver: lookup.resolver,
  resolvConf: lookup.resolvConf,
  queries: lookup.queries.map(queryJson),
  rcode: lookup.rcode,
  error: lookup.error,
  elapsed: lookup.elapsed,
  addresses: lookup.addresses,
});
