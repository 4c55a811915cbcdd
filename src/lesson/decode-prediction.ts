// A question before the run, as a lesson file writes it. Its answer is never written down.
import type { Layer } from '../sim/model/trace.ts';
import { isScalar } from 'yaml';
import type { Prediction, PredictionSubject } from './lesson.ts';
import { choiceOf, complain, listOf, mapOf, nameIn, wanted } from './fields.ts';
import type { Field } from './fields.ts';
import { askFields, extrasOf, pairsOf } from './decode-ask.ts';
import { rcodes, verdicts } from './decode-intent.ts';

export const layers: readonly Layer[] = ['policy', 'dns', 'service', 'pod', 'network', 'external'];

/** The answers that a question may have; `null`: numbers. */
const answers: Readonly<Record<PredictionSubject, readonly string[] | null>> = {
  verdict: verdicts, layer: ['delivered', ...layers], rcode: rcodes, sees: ['client', 'other'], status: null, queries: null, backends: null,
};
const subjects: readonly PredictionSubject[] = ['verdict', 'layer', 'status', 'queries', 'rcode', 'backends', 'sees'];

function choiceIn(item: Field, about: PredictionSubject): string | undefined {
  const known = answers[about];
  if (known !== null) return choiceOf<string>(item, known);
  const value = isScalar(item.node) ? item.node.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return String(value);
  complain(item, 'wrong-type', `the choices of a question about ${about} are whole numbers`, 'Write for example [200, 404, 502, 503].');
  return undefined;
}

/** One entry of `spec.predictions`. */
export function decodePrediction(field: Field): Prediction | undefined {
  const fields = mapOf(field, ['id', 'from', 'to', 'about', 'choices', ...askFields]);
  const id = nameIn(wanted(field, fields, 'id', 'its name; the question stands under "## Prediction ID" in the text'));
  const [ask, more] = pairsOf(field, fields);
  if (more !== undefined) complain(field, 'invalid-value', 'a prediction is about one request', 'Leave one source and one target.');
  const about = fields.has('about') ? choiceOf(fields.get('about'), subjects) : 'verdict';
  const listed = wanted(field, fields, 'choices', 'the answers offered, the right one among them');
  const choices = about === undefined ? [] : listOf(listed, 'the answers offered').map((item) => choiceIn(item, about)).filter((choice) => choice !== undefined);
  if (listed !== undefined && about !== undefined && new Set(choices).size < 2) complain(listed, 'invalid-value', 'a prediction offers at least two different answers', null);
  return id === undefined || ask === undefined || about === undefined ? undefined : { id, ...ask, ...extrasOf(fields), about, choices };
}
