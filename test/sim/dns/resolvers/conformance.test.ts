import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readScript, scripted } from '../../../../src/sim/dns/scripted.ts';
import { resolve } from '../../../../src/sim/dns/resolvers/resolve.ts';
import type { ResolverName } from '../../../../src/sim/model/lookup.ts';

interface Result {
  readonly nameOrder: readonly string[];
  readonly queries: readonly { readonly at: number; readonly server: string; readonly proto: string; readonly name: string; readonly type: string; readonly rcode: string }[];
  readonly queryCount: number;
  readonly outcome: { readonly ok: boolean; readonly addresses?: readonly string[]; readonly error?: string };
  readonly elapsedSec: number;
  readonly stable: boolean;
}
interface Scenario {
  readonly id: string;
  readonly resolvConf: string;
  readonly name: string;
  readonly family: string;
  readonly results: Readonly<Record<string, Result>>;
}

const file = new URL('../../../../../shared/conformance/dns/resolver.json', import.meta.url);
const measured: readonly (readonly [key: string, resolver: ResolverName])[] = [['glibc', 'glibc'], ['musl123', 'musl-1.2.3'], ['musl125', 'musl']];

if (!existsSync(file)) test('measured resolver scenarios', { skip: 'skipped: ../shared/conformance is not here' });
else {
  const { scenarios } = JSON.parse(readFileSync(file, 'utf8')) as { readonly scenarios: readonly Scenario[] };
  let held = 0;
  for (const scenario of scenarios) {
    for (const [key, resolver] of measured) {
      const expected = scenario.results[key];
      if (expected === undefined) continue;
      test(`${resolver} does in ${scenario.id} what was measured`, () => {
        // Nothing listened on the last two addresses of the measurement.
        const script = readScript({ ...scenario, closed: ['10.96.0.12'] }, 'resolver.json');
        assert.ok(script.ok, JSON.stringify(script));
        const lookup = resolve({
          resolver, conf: scenario.resolvConf, hosts: null, name: scenario.name, type: scenario.family === 'inet' ? 'A' : 'A+AAAA', ask: scripted(script.value),
        });
        // A closed port saw no query.
        const seen = lookup.queries.filter((query) => query.rcode !== 'UNREACHABLE');
        assert.deepEqual([...new Set(seen.map((query) => query.name))], expected.nameOrder);
        assert.equal(lookup.error, expected.outcome.ok ? null : expected.outcome.error);
        const anyOrder = (addresses: readonly string[]): string[] => [...addresses].sort();
        const whole = expected.stable && expected.outcome.ok;
        if (whole) assert.deepEqual(anyOrder(lookup.addresses), anyOrder(expected.outcome.addresses ?? []));
        if (whole && (expected.outcome.addresses ?? []).length < 10) assert.deepEqual(lookup.addresses, expected.outcome.addresses);
        assert.ok(Math.abs(lookup.elapsed - expected.elapsedSec) <= 0.5, `${lookup.elapsed} s, measured ${expected.elapsedSec} s`);
        if (expected.stable) {
          assert.equal(seen.length, expected.queryCount);
          const line = (query: Result['queries'][number]): string => `${Math.round(query.at * 2) / 2} ${query.server} ${query.proto} ${query.name} ${query.type}`;
          assert.deepEqual(seen.map(line).sort(), expected.queries.map(line).sort());
        }
        held += 1;
      });
    }
  }
  test('every scenario was held against every resolver that the lab simulates', (context) => {
    context.diagnostic(`${held} of ${scenarios.length * measured.length} measurements agree`);
    assert.equal(held, scenarios.length * measured.length);
  });
}
