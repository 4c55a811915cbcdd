import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drillName, drillNamed, makeDrill, mostFaults } from '../../src/lesson/drill/make-drill.ts';
import { castOf } from '../../src/lesson/drill/cast.ts';
import { faults } from '../../src/lesson/faults/faults.ts';
import { applyFix } from '../../src/lesson/apply-fix.ts';
import { footingOf, solves } from '../../src/lesson/judge.ts';
import { openLab } from '../../src/sim/lab.ts';
import type { Lab } from '../../src/sim/lab.ts';
import { prove } from '../../src/lesson/proofs.ts';
import { startsBroken } from '../../src/lesson/proofs/starts-broken.ts';
import { textsComplete } from '../../src/lesson/proofs/texts-complete.ts';
import { manifestsValid } from '../../src/lesson/proofs/manifests-valid.ts';
import type { Lesson } from '../../src/lesson/lesson.ts';

function broken(drill: Lesson): Lab {
  const lab = openLab(drill.cluster);
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  return lab.value;
}

/** Starts broken, and is solved by the cluster as it was, through every re-check and guard. */
function holds(drill: Lesson): void {
  const lab = broken(drill);
  const footing = footingOf(drill, lab);
  assert.ok(footing.before.some((intent) => !intent.holds), `${drill.name} (${drill.faults.join()}) starts solved`);
  const [repair] = drill.solutions;
  assert.ok(repair);
  const repaired = applyFix(drill, lab, repair);
  assert.ok(repaired.ok, repaired.ok ? '' : JSON.stringify(repaired.failures));
  assert.ok(solves(drill, lab, repaired.value, footing, drill.intents.map((_, index) => index)), `${drill.name} (${drill.faults.join()}) is not solved by its own repair`);
}

test('there are many faults, each with a name of its own and a page that explains it', () => {
  assert.ok(faults.length >= 40);
  assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length);
  for (const { link } of faults) assert.match(link, /^https:\/\/kubernetes\.io\/docs\//);
});

for (const [index, fault] of faults.entries()) {
  test(`the fault ${fault.name} shows, is named by its diagnosis and ends with its repair`, () => {
    const drill = makeDrill({ seed: index + 1, faults: [fault.name] });
    assert.deepEqual(drill.faults, [fault.name]);
    holds(drill);
    assert.deepEqual(prove(drill, ['en', 'de'], [startsBroken, textsComplete, manifestsValid]).filter(({ passes }) => !passes), []);
    for (const language of ['en', 'de']) {
      const text = drill.texts[language];
      assert.ok(text !== undefined && text.hints.length === 3 && !text.story.includes(fault.name));
    }
  });
}

test('a drill of any seed starts broken, has as many faults as wished, and its own repair solves it', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: mostFaults }), (seed, count) => {
    const drill = makeDrill({ seed, faults: count });
    assert.equal(drill.faults.length, count);
    assert.equal(drill.diagnoses.length, count);
    assert.equal(new Set(drill.faults).size, count);
    holds(drill);
  }), { numRuns: 12, seed: 1 });
});

test('the same seed is the same drill, and other seeds have other names', () => {
  assert.deepEqual(makeDrill({ seed: 42, faults: 2 }), makeDrill({ seed: 42, faults: 2 }));
  const seeds = Array.from({ length: 40 }, (_, index) => castOf(index + 1));
  assert.ok(new Set(seeds.map(({ app, front, api }) => `${app}/${front}/${api}`)).size > 30);
  assert.ok(new Set(seeds.map(({ door }) => door)).size === 4);
});

test('a drill has a name from which it can be made again', () => {
  for (const wish of [{ seed: 42, faults: 2 }, { seed: 7, faults: ['svc-selector-typo'] }, { seed: 0, faults: ['svc-missing', 'np-both-ends'] }]) assert.deepEqual(drillNamed(drillName(wish)), wish);
  for (const name of ['drill', 'drill-42', 'drill-x-1', 'drill-42-9', 'drill-42-no-such-fault', 'drill-1-a.b.c', 'empty-endpoint-list']) assert.equal(drillNamed(name), null, name);
});
