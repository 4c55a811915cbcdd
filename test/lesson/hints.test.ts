import test from 'node:test';
import assert from 'node:assert/strict';
import { hints } from '../../src/lesson/hints.ts';
import { answerOf, judgeDiagnosis } from '../../src/lesson/predictions.ts';
import { nothingSeen, stepEnded } from '../../src/lesson/step-ended.ts';
import { liveIntents } from '../../src/lesson/grade.ts';
import { broken, lesson } from './course.fixture.ts';

const endpoints = lesson('empty-endpoint-list');
const lab = broken(endpoints);

test('there are at most four hints, the first from what was not looked at', () => {
  const all = hints(endpoints, lab, 'en', nothingSeen);
  assert.equal(all.length, 4);
  assert.match(all[0] ?? '', /you have not stood at hop 1 yet/);
  assert.deepEqual(all.slice(1), endpoints.texts['en']?.hints);
});

test('who saw every hop is sent to the evidence, and then to comparing', () => {
  const shown = liveIntents(endpoints, lab)[0]?.trace?.shown;
  assert.ok(shown);
  const stages = shown.hops.map((hop) => hop.stage);
  const evidence = shown.hops.map((hop) => hop.evidence);
  assert.match(hints(endpoints, lab, 'en', { ...nothingSeen, stages })[0] ?? '', new RegExp(evidence.at(-1)?.replace(/[^\w ]/g, '.') ?? '-'));
  assert.match(hints(endpoints, lab, 'en', { ...nothingSeen, stages, lines: evidence })[0] ?? '', /Compare/);
});

test('a language that is missing falls back to English', () => assert.deepEqual(hints(endpoints, lab, 'fr', nothingSeen).slice(1), endpoints.texts['en']?.hints));

test('the answer to a prediction is what the trace shows', () => assert.equal(answerOf(endpoints, lab, 'first-call').answer, 'refused'));

test('each part of a diagnosis is judged for itself', () => {
  assert.deepEqual(judgeDiagnosis(endpoints, lab, { layer: 'service', object: 'Service/shop/api', field: 'spec.selector.tier' }), { layer: true, object: true, field: true });
  assert.deepEqual(judgeDiagnosis(endpoints, lab, { layer: 'dns', object: 'service shop/api', field: 'spec' }), { layer: false, object: true, field: false });
  assert.deepEqual(judgeDiagnosis(endpoints, lab, {}), { layer: false, object: false, field: false });
});

test('a step ends by what it names', () => {
  const tour = lesson('tour-four-layers');
  const step = (title: string): NonNullable<(typeof tour.steps)[number]> => {
    const found = tour.steps.find((one) => one.title === title);
    assert.ok(found);
    return found;
  };
  assert.equal(stepEnded(tour, step('One request'), nothingSeen, true), false);
  assert.equal(stepEnded(tour, step('One request'), { ...nothingSeen, predicted: ['first-request'] }, true), true);
  assert.equal(stepEnded(tour, step('The name'), { ...nothingSeen, panes: ['dns'] }, true), true);
  assert.equal(stepEnded(tour, step('Service to pod'), { ...nothingSeen, stages: ['kube-proxy'] }, true), true);
  assert.equal(stepEnded(tour, step('The list behind the Service'), { ...nothingSeen, meanings: ['get endpointslices'] }, true), true);
  assert.equal(stepEnded(tour, step('The list behind the Service'), { ...nothingSeen, meanings: ['get pods'] }, true), false);
});
