// Predict, then run: what an open prediction asks stays unsaid in every pane until it is answered, skipped or run by the learner.
import type { Intent, Prediction } from '../lesson/lesson.ts';
import { tryAnswer } from '../lesson/predictions.ts';
import { keptWith } from '../sim/base/kept.ts';
import type { Lab } from '../sim/lab.ts';
import type { Target } from '../sim/model/request.ts';
import type { Trace } from '../sim/model/trace.ts';
import type { Desk, Row } from './state.ts';

/** The prediction is about a request of the intent. */
export const asksIt = (intent: Intent | undefined, prediction: Prediction): boolean =>
  intent?.kind === 'request' && intent.pairs.some(({ from, to }) => from === prediction.from && JSON.stringify(to) === JSON.stringify(prediction.to));

/** Where a request goes: the address if the name has one. Requests to the same end share its fate. */
const endOf = ({ request: { to }, lookup }: Trace): string => `${to.protocol} ${lookup?.addresses[0] ?? to.host} ${to.port ?? ''}`;

/** The intents that the learner has not seen run: those that a prediction without an answer asks about, others that end where it ends, and others that would say the same of it. Nothing is veiled once the cluster was changed. */
const veiledIntents = (desk: Desk): ReadonlySet<number> => veilOf(desk, '', () => workOutVeil(desk));

/** A desk never changes, and every pane asks: once for each desk, and for a prediction once for the broken cluster. */
const veilOf = keptWith<Desk, ReadonlySet<number>>(1);
const answerIn = keptWith<Lab, readonly Trace[]>(100);

function workOutVeil(desk: Desk): ReadonlySet<number> {
  const veiled = new Set<number>();
  const { lesson, story, session: { lab } } = desk;
  if (lesson === null || story.solved || lab.past.length + lab.future.length > 0) return veiled;
  const open = lesson.predictions.filter(({ id }) => !story.skipped.includes(id) && !story.answered.some((one) => one.id === id));
  if (open.length === 0) return veiled;
  // In a guided lesson each step keeps its own secret: what no intent asks, a later step will.
  const about = lesson.steps.length === 0 ? open : open.filter((prediction) => lesson.intents.some((intent) => asksIt(intent, prediction)));
  const answers = about.flatMap((prediction) => answerIn(desk.broken, prediction.id, () => { const found = tryAnswer(prediction, desk.broken); return found.ok ? [found.value.trace] : []; }));
  const ends = new Set(answers.map(endOf));
  // That a packet arrives says little; why it does not says it all.
  const whys = new Set(answers.flatMap(({ verdict, shown }) => (verdict === 'delivered' ? [] : [shown.why])));
  desk.rows.forEach(({ kind, trace }, index) => {
    if (kind !== 'intent' || trace === null || desk.ran.includes(index)) return;
    if (ends.has(endOf(trace)) || whys.has(trace.shown.why) || open.some((prediction) => asksIt(lesson.intents[index], prediction))) veiled.add(index);
  });
  return veiled;
}

const veil = (row: Row): Row => ({ ...row, holds: null, why: 'not run yet: predict, or r runs it', trace: null, lookup: null, veiled: true });

/** The rows as the learner may see them. */
export function shownRows(desk: Desk): readonly Row[] {
  const veiled = veiledIntents(desk);
  return veiled.size === 0 ? desk.rows : desk.rows.map((row, index) => (veiled.has(index) ? veil(row) : row));
}

/** The row that the panes follow, as the learner may see it. */
export function chosenRow(desk: Desk): Row | null {
  const row = desk.rows[desk.chosen];
  return row === undefined ? null : veiledIntents(desk).has(desk.chosen) ? veil(row) : row;
}

/** The ends of the veiled requests as `FROM TO` workloads. A guided lesson says itself when the matrix is looked at. */
export function veiledPairs(desk: Desk): ReadonlySet<string> {
  const pairs = new Set<string>();
  if (desk.lesson === null || desk.lesson.steps.length > 0) return pairs;
  const { workloads } = desk.session.lab.network;
  const ownerOf = (namespace: string, pod: string): string => {
    const owner = workloads.find(({ ref, pods }) => ref.namespace === namespace && pods.includes(pod));
    return `${namespace}/${owner?.ref.name ?? pod}`;
  };
  for (const index of veiledIntents(desk)) {
    const trace = desk.rows[index]?.trace;
    if (trace == null || trace.request.from.kind !== 'pod') continue;
    const { namespace, name } = trace.request.from;
    for (const { backend } of trace.walks) {
      const [space, pod] = backend?.pod?.split('/') ?? [];
      if (space !== undefined && pod !== undefined) pairs.add(`${ownerOf(namespace, name)} ${ownerOf(space, pod)}`);
    }
  }
  return pairs;
}

const path = (target: Target): string => (target.path === '' ? '/' : target.path);

/** The same call, however it was spelled. */
export const sameTarget = (left: Target, right: Target): boolean =>
  left.scheme === right.scheme && left.host === right.host && left.port === right.port && path(left) === path(right);

/** These intents were run by the learner: a prediction about one of them is no prediction any more. */
export function seeRun(desk: Desk, intents: readonly number[]): Desk {
  const fresh = intents.filter((index) => !desk.ran.includes(index));
  if (fresh.length === 0 || desk.lesson === null) return desk;
  const { lesson, story } = desk;
  const late = lesson.predictions.filter((prediction) =>
    !story.skipped.includes(prediction.id) && !story.answered.some(({ id }) => id === prediction.id) && fresh.some((index) => asksIt(lesson.intents[index], prediction))).map(({ id }) => id);
  const { question } = story;
  const closed = question?.kind === 'prediction' && late.includes(question.id);
  return {
    ...desk, ran: [...desk.ran, ...fresh],
    story: late.length === 0 ? story : { ...story, skipped: [...story.skipped, ...late], ...(closed ? { question: null, cursor: 0 } : {}) },
  };
}
