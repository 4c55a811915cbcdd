// The story in parts, in the order in which they come: ticket, step, predictions, hints, diagnosis, result, debrief.
import { predictionOf } from '../app/questions.ts';
import { partingHop } from '../app/parting.ts';
import type { Desk, State } from '../app/state.ts';
import { gradeLine } from '../lesson/grade.ts';
import type { Fall, Grade } from '../lesson/lesson.ts';
import { refText } from '../sim/model/object.ts';
import type { Hop, Walk } from '../sim/model/trace.ts';
import type { Line } from './frame.ts';
import { markdownLines } from './markdown.ts';
import { line, padLine, span, wrapLine } from './span.ts';
import { choiceWords, hopWords, marksOf, placeName, stageWords, verdictSpan } from './words.ts';
import type { Marks } from './words.ts';

export interface StoryPart {
  readonly name: string;
  readonly lines: readonly Line[];
}

const heading = (text: string): Line => [span(text, 'heading')];

export function storyParts(state: State, desk: Desk, width: number): readonly StoryPart[] {
  if (desk.lesson === null) return [sandboxPart(desk, width)];
  const marks = marksOf(state.options);
  const parts: StoryPart[] = [];
  const add = (name: string, lines: readonly Line[]): void => {
    if (lines.length > 0) parts.push({ name, lines });
  };
  add('ticket', markdownLines(desk.text?.story ?? '', width));
  add('step', stepLines(desk, width, marks));
  for (const one of desk.story.answered) add(`prediction-${one.id}`, answeredLines(desk, one.id, one.given, one.actual, width, marks));
  desk.story.hints.forEach((hint, index) => add(`hint-${index + 1}`, [heading(`Hint ${index + 1}`), ...markdownLines(hint, width)]));
  add('diagnosis', diagnosedLines(desk, width, marks));
  add('result', resultLines(desk, width, marks));
  if (desk.story.solved) {
    add('parting', partingLines(desk, width, marks));
    add('tried', triedLines(desk, width, marks));
    add('debrief', [heading('What it was'), ...markdownLines(desk.text?.debrief ?? '', width)]);
  }
  return parts;
}

function sandboxPart(desk: Desk, width: number): StoryPart {
  const text = [
    `Your own cluster: ${desk.title}.`, '', 'Nothing is graded here. Ask the network, and every pane shows the answer:', '',
    '- `:from shop/web to http://api:8080/` sends a request', '- in the terminal (5), `kubectl exec` with curl, nc or nslookup does the same', '- `:policy` shows who reaches whom, and which policy decides', '- `e` edits an object; `z` takes a change back',
  ].join('\n');
  const warnings = desk.session.lab.warnings.slice(0, 20).map((one) => `- ${one.says}`).join('\n');
  return { name: 'ticket', lines: markdownLines(warnings === '' ? text : `${text}\n\nWhat was read with a doubt:\n\n${warnings}`, width) };
}

function stepLines(desk: Desk, width: number, marks: Marks): readonly Line[] {
  const steps = desk.lesson?.steps ?? [];
  const step = steps[desk.story.step];
  if (step === undefined) return [];
  const done = desk.story.step === 0 ? [] : [line(`${marks.good} ${steps.slice(0, desk.story.step).map(({ title }) => title).join(', ')}`, 'dim')];
  return [...done.flatMap((one) => wrapLine(one, width, '  ')), ...wrapLine(heading(`Step ${desk.story.step + 1} of ${steps.length}: ${step.title}`), width), ...markdownLines(desk.text?.steps[step.title] ?? '', width)];
}

/** The surprise: what was predicted and what is, side by side. */
function answeredLines(desk: Desk, id: string, given: string, actual: string, width: number, marks: Marks): readonly Line[] {
  const right = given === actual;
  const question = desk.text?.predictions[id] ?? '';
  const prediction = predictionOf(desk, id);
  const asked = question !== '' ? markdownLines(question, width) : [line(prediction === null ? id : `${prediction.from} ${marks.to} ${prediction.to.kind === 'target' ? prediction.to.text : prediction.to.name}`)];
  const said: Line = [span('you said  ', 'dim'), span(choiceWords(given), right ? 'good' : 'strong'), span('    it is  ', 'dim'), span(choiceWords(actual), 'strong'), span(right ? `  ${marks.good} as predicted` : `  ${marks.bad} a surprise`, right ? 'good' : 'warn')];
  return [heading('Prediction'), ...asked, ...wrapLine(said, width)];
}

function diagnosedLines(desk: Desk, width: number, marks: Marks): readonly Line[] {
  const { diagnosed } = desk.story;
  if (diagnosed === null) return [];
  const row = (name: string, value: string, right: boolean): Line =>
    [span(`${right ? marks.good : marks.bad} `, right ? 'good' : 'bad'), span(`${name.padEnd(7)} `, 'dim'), span(value)];
  const { given } = diagnosed;
  const all = diagnosed.layer && diagnosed.object && diagnosed.field;
  const faults = desk.lesson?.diagnoses.length ?? 0;
  const left = faults - desk.story.named.length;
  const several = left > 0 ? `That is a cause: ${desk.story.named.length} of ${faults} are named. D names another.` : 'Those are all causes. Now repair them.';
  const close = all ? (faults > 1 ? several : 'That is the cause. Now repair it.') : diagnosed.object ? 'The right object, another field or layer.' : diagnosed.layer ? 'The right layer. Another object decides.' : 'Not there. Look where the request ends.';
  return [heading('Diagnosis'), ...[row('layer', given.layer, diagnosed.layer), row('object', given.object, diagnosed.object), row('field', given.field, diagnosed.field), line(close, all ? 'good' : 'warn')].flatMap((one) => wrapLine(one, width, '  '))];
}

function resultLines(desk: Desk, width: number, marks: Marks): readonly Line[] {
  const { grade, solved } = desk.story;
  if (grade === null) return solved ? [[span(`${marks.good} Solved.`, 'good')]] : [];
  const count: Line = [span(gradeLine(grade), 'dim')];
  if (solved) return [[span(`${marks.good} Solved.`, 'good')], ...wrapLine(count, width), ...scoreLines(desk, width), ...openedLines(grade, width)];
  const messages = grade.messages.length > 0 ? grade.messages : ['The repair does not hold when pods are replaced or asked from elsewhere.'];
  return [
    ...wrapLine([span(`${marks.bad} Every intent holds as the cluster stands, but this is no repair yet`, 'bad')], width, '  '),
    ...messages.flatMap((message) => [...markdownLines(message, width)]),
    ...grade.guards.filter((guard) => !guard.holds).flatMap((guard) => wrapLine([span(`${marks.bad} `, 'bad'), span(guard.say)], width, '  ')),
    ...wrapLine(count, width), ...openedLines(grade, width),
  ];
}

function openedLines(grade: Grade, width: number): readonly Line[] {
  return grade.opened.slice(0, 8).flatMap((one) => wrapLine([span('  + ', 'warn'), span(`${one.from} → ${one.to}`)], width, '    '));
}

function scoreLines(desk: Desk, width: number): readonly Line[] {
  const { answered, hints, diagnosed } = desk.story;
  const total = desk.lesson?.predictions.length ?? 0;
  const parts = [
    ...(total > 0 ? [`predicted ${answered.filter((one) => one.given === one.actual).length} of ${total}`] : []),
    ...(desk.lesson?.diagnosis == null ? [] : [diagnosed === null ? 'no diagnosis' : diagnosed.layer && diagnosed.object && diagnosed.field ? 'diagnosis right' : 'diagnosis missed']),
    hints.length === 0 ? 'no hints' : `${hints.length} ${hints.length === 1 ? 'hint' : 'hints'}`,
  ];
  return wrapLine([span(parts.join(', '), 'dim')], width);
}

const fallWords: Readonly<Record<Fall, string>> = {
  intent: 'an intent still failed', replaced: 'gone when the pods are replaced', 'every-node': 'not from every node', outside: 'a door to the outside', opened: 'opened more than was asked', guard: 'touched what was to stay',
};

/** What was tried before the repair, and why it was none. */
function triedLines(desk: Desk, width: number, marks: Marks): readonly Line[] {
  const { tried } = desk.story;
  if (tried.length < 2) return [];
  return [heading('What you tried'), ...tried.flatMap((one): readonly Line[] => {
    const solves = one.failing === 0 && one.falls?.length === 0;
    const why = solves ? 'the repair' : one.failing > 0 ? `${one.failing} ${one.failing === 1 ? 'intent' : 'intents'} failed` : (one.falls ?? []).map((fall) => fallWords[fall]).join(', ') || 'taken further';
    return wrapLine([span(`${solves ? marks.good : marks.bad} `, solves ? 'good' : 'bad'), span(one.what, 'code'), span(`  ${why}`, solves ? 'good' : 'dim')], width, '  ');
  })];
}

/** The first hop where the broken and the repaired run part, side by side. */
export function partingLines(desk: Desk, width: number, marks: Marks): readonly Line[] {
  const index = desk.brokenRows.findIndex((row, at) => row.holds === false && row.trace !== null && desk.rows[at]?.trace != null);
  const was = desk.brokenRows[index]?.trace?.shown;
  const is = desk.rows[index]?.trace?.shown;
  if (was === undefined || is === undefined) return [];
  const hop = partingHop(was, is);
  if (hop === null) return [];
  const side = Math.floor((width - 3) / 2);
  const left = sideItems('broken', was, hop, side, marks);
  const right = sideItems('repaired', is, hop, width - side - 3, marks);
  // What belongs together stands on the same row.
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, item): Line[] => {
    const [one, other] = [left[item] ?? [], right[item] ?? []];
    return Array.from({ length: Math.max(one.length, other.length) }, (_row, row): Line => [...padLine(one[row] ?? [], side), span(' │ ', 'dim'), ...(other[row] ?? [])]);
  }).flat();
  return [...wrapLine([span(`Where the runs part: hop ${hop + 1}`, 'heading'), span('   d', 'key'), span(' goes there', 'dim')], width), ...rows];
}

function sideItems(name: string, walk: Walk, index: number, width: number, marks: Marks): readonly (readonly Line[])[] {
  const hop: Hop | undefined = walk.hops[index];
  const head = wrapLine([span(`${name} `, 'strong'), verdictSpan(walk.verdict, marks)], width);
  if (hop === undefined) return [head, [line('not reached', 'dim')]];
  const items: readonly Line[] = [[span(`${stageWords[hop.stage]} at ${placeName(hop.at)}`, 'dim')], [span(hopWords(hop, marks))], [span(refText(hop.object), 'object')], hop.field === null ? [] : [span(hop.field, 'dim')]];
  return [head, ...items.map((item) => wrapLine(item, width))];
}
