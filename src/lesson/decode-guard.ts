// What a fix may not do and what a learner is to name, as a lesson file says them.
import { isMap, isSeq } from 'yaml';
import type { Diagnosis, Guard, Kept, Protected } from './lesson.ts';
import { choiceOf, complain, listOf, mapOf, numberOf, textOf, wanted } from './fields.ts';
import type { Field } from './fields.ts';
import { layers } from './decode-prediction.ts';

const anObject = 'KIND/NAMESPACE/NAME, * for any text (KIND/NAME for what has no namespace)';
const aPath = 'a field path such as spec.selector';

function named(field: Field): string | undefined {
  const object = textOf(field, anObject);
  if (object === undefined || /^[A-Z][A-Za-z]*(\/[^/\s]+){1,2}$/.test(object)) return object;
  complain(field, 'invalid-value', `"${object}" names no object`, 'Write KIND/NAMESPACE/NAME, or KIND/NAME for what has no namespace.');
  return undefined;
}

function protectedOf(field: Field): Protected | undefined {
  if (!isMap(field.node)) {
    const object = named(field);
    return object === undefined ? undefined : { object, field: null };
  }
  const inside = mapOf(field, ['object', 'field']);
  const at = wanted(field, inside, 'object', anObject);
  const object = at === undefined ? undefined : named(at);
  const path = textOf(wanted(field, inside, 'field', aPath), aPath);
  return object === undefined || path === undefined ? undefined : { object, field: path };
}

function keptOf(field: Field): Kept | undefined {
  const inside = mapOf(field, ['object', 'field', 'text']);
  const at = wanted(field, inside, 'object', anObject);
  const object = at === undefined ? undefined : named(at);
  const path = textOf(wanted(field, inside, 'field', aPath), aPath);
  const text = textOf(wanted(field, inside, 'text', 'what must still stand there'), 'what must still stand there');
  return object === undefined || path === undefined || text === undefined ? undefined : { object, field: path, text };
}

function openedOf(field: Field | undefined): Guard['opened'] {
  if (field === undefined) return 'none';
  if (!isSeq(field.node)) return choiceOf(field, ['none', 'warn']) ?? 'none';
  return listOf(field, '{ from: NAMESPACE/WORKLOAD, to: NAMESPACE/WORKLOAD }').flatMap((item) => {
    const entry = mapOf(item, ['from', 'to']);
    const from = textOf(wanted(item, entry, 'from', 'NAMESPACE/WORKLOAD'), 'NAMESPACE/WORKLOAD');
    const to = textOf(wanted(item, entry, 'to', 'NAMESPACE/WORKLOAD'), 'NAMESPACE/WORKLOAD');
    return from === undefined || to === undefined ? [] : [{ from, to }];
  });
}

/** `spec.guard`. */
export function decodeGuard(field: Field | undefined): Guard {
  if (field === undefined) return { opened: 'none', untouched: [], keeps: [], loadBalancers: null };
  const fields = mapOf(field, ['opened', 'untouched', 'keeps', 'loadBalancers']);
  const balancers = fields.get('loadBalancers');
  return {
    opened: openedOf(fields.get('opened')),
    untouched: listOf(fields.get('untouched'), anObject).flatMap((item) => protectedOf(item) ?? []),
    keeps: listOf(fields.get('keeps'), '{ object, field, text }').flatMap((item) => keptOf(item) ?? []),
    loadBalancers: balancers === undefined ? null : numberOf(wanted(balancers, mapOf(balancers, ['max']), 'max', 'how many may be left'), 0, 100) ?? null,
  };
}

function diagnosisOf(field: Field): Diagnosis | undefined {
  const fields = mapOf(field, ['layer', 'object', 'field']);
  const layer = choiceOf(wanted(field, fields, 'layer', `one of ${layers.join(', ')}`), layers);
  const at = wanted(field, fields, 'object', 'KIND/NAMESPACE/NAME');
  const object = at === undefined ? undefined : named(at);
  const path = textOf(wanted(field, fields, 'field', aPath), aPath);
  return layer === undefined || object === undefined || path === undefined ? undefined : { layer, object, field: path };
}

/** `spec.diagnosis`: one, or a list in the order in which the faults show. */
export function decodeDiagnoses(field: Field | undefined): Diagnosis[] {
  if (field === undefined) return [];
  return (isSeq(field.node) ? listOf(field, '{ layer, object, field }') : [field]).flatMap((item) => diagnosisOf(item) ?? []);
}
