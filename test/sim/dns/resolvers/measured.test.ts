import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolve } from '../../../../src/sim/dns/resolvers/resolve.ts';
import { readScript, scripted } from '../../../../src/sim/dns/scripted.ts';
import type { Lookup, ResolverName } from '../../../../src/sim/model/lookup.ts';
import { measured } from './measured-facts.ts';

const sources = { IPv4: { ip: '10.244.1.7', prefixLength: 24 }, IPv6: { ip: 'fd00:10:244:1::7', prefixLength: 64 } };

/** A closed port saw no question. */
function told({ addresses, error, elapsed, queries }: Lookup): string {
  const asked = queries.filter(({ rcode }) => rcode !== 'UNREACHABLE').map(({ proto, name, type }) => `${proto === 'tcp' ? 'tcp ' : ''}${name} ${type}`);
  return `${error ?? (addresses.length > 8 ? `${addresses.length} addresses` : addresses.join(' '))} after ${Math.round(elapsed * 2) / 2} s: ${asked.join(', ') || 'nobody asked'}`;
}

for (const { says, conf, name, type, hosts, script, runs } of measured) {
  test(says, () => {
    for (const [resolver, run] of Object.entries(runs) as [ResolverName, string][]) {
      const read = readScript(script, 'measured');
      assert.ok(read.ok, JSON.stringify(read));
      const ask = scripted(read.value);
      const local = { rcode: 'UNREACHABLE', truncated: false, answers: [], authority: [], additional: [], walk: null } as const;
      const lookup = resolve({ resolver, conf, hosts: hosts ?? '', name, type: type ?? 'A+AAAA', ask: (query, at) => (query.server.startsWith('127.') ? local : ask(query, at)), sources });
      assert.equal(told(lookup), run, resolver);
    }
  });
}
