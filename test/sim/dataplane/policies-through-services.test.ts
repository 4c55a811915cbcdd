// Upstream's policy tables, probed as upstream probes them: through each pod's Service and by its address (conformance/policy/e2e.json).
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab, parseSource, parseTarget, send } from '../../../src/sim/lab.ts';

const folder = fileURLToPath(new URL('../../../../shared/conformance/policy/', import.meta.url));
const missing = existsSync(folder) ? false : 'the conformance data is not there';

interface Check { readonly port: number; readonly protocol: string; readonly denied: readonly (readonly [string, string])[] }
interface Step { readonly policies: readonly string[]; readonly checks: readonly Check[]; readonly objects?: readonly string[] }

test('every pair of upstream\'s policy tables is carried or dropped, through the Service and by address alike', { skip: missing }, (context) => {
  const data = JSON.parse(readFileSync(`${folder}e2e.json`, 'utf8')) as { readonly tests: readonly { readonly id: string; readonly steps: readonly Step[] }[] };
  const model = readFileSync(`${folder}model.yaml`, 'utf8');
  const pods = ['x', 'y', 'z'].flatMap((namespace) => ['a', 'b', 'c'].map((name) => `${namespace}/${name}`));
  let asked = 0;
  const wrong: string[] = [];
  for (const { id, steps } of data.tests) {
    for (const step of steps) {
      const changes = Object.keys(step).filter((key) => !['policies', 'checks', 'note'].includes(key));
      if (changes.length > 0) continue;
      const opened = openLab([{ path: 'model.yaml', text: model }, ...step.policies.map((text, index) => ({ path: `policy-${index}.yaml`, text }))], { validate: false });
      assert.ok(opened.ok, opened.ok ? '' : JSON.stringify(opened.failures));
      const lab = opened.value;
      for (const check of step.checks) {
        const denied = new Set(check.denied.map(([from, to]) => `${from} ${to}`));
        for (const from of pods) {
          for (const to of pods) {
            if (from === to) continue;
            const source = parseSource(from, lab.network);
            const pod = lab.network.pods.find((one) => `${one.namespace}/${one.name}` === to);
            const service = lab.network.services.find((one) => one.selected.includes(to));
            for (const host of [pod?.addresses[0], service?.clusterAddresses[0]]) {
              const target = parseTarget(`${check.protocol.toLowerCase()}://${host ?? 'nobody'}:${check.port}`);
              assert.ok(source.ok && target.ok);
              const { verdict } = send(lab, { from: source.value, to: target.value });
              asked++;
              if (verdict !== (denied.has(`${from} ${to}`) ? 'timeout' : 'delivered')) wrong.push(`${id}: ${from} to ${to} at ${host ?? '?'} ${check.protocol} ${check.port}: ${verdict}`);
            }
          }
        }
      }
    }
  }
  context.diagnostic(`${asked} calls`);
  assert.ok(asked > 1000);
  assert.deepEqual(wrong.slice(0, 10), []);
});
