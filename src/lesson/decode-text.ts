// The words of a lesson: Markdown, cut at its fixed headings.
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { LessonText } from './lesson.ts';
import { shownText } from './shown-text.ts';

interface Section {
  readonly heading: string;
  readonly line: number;
  readonly body: string;
}

/** What the lesson file names and the text has to speak of. */
export interface Wanted {
  readonly predictions: readonly string[];
  readonly traps: readonly string[];
  readonly steps: readonly string[];
}

function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  let heading = '';
  let start = 1;
  let body: string[] = [];
  let fenced = false;
  const close = (): void => void sections.push({ heading, line: start, body: body.join('\n').trim() });
  for (const [index, line] of text.split('\n').entries()) {
    if (/^(```|~~~)/.test(line)) fenced = !fenced;
    const found = fenced ? null : /^##\s+(.*?)\s*$/.exec(line);
    if (found === null) {
      body.push(line);
      continue;
    }
    close();
    heading = found[1] ?? '';
    start = index + 1;
    body = [];
  }
  close();
  return sections;
}

/** The items of a Markdown list, each with the lines that belong to it joined. */
function itemsOf(body: string): string[] {
  const items: string[] = [];
  for (const line of body.split('\n')) {
    const found = /^(?:[-*]|\d+[.)])\s+(.*)$/.exec(line);
    if (found !== null) items.push(found[1] ?? '');
    else if (items.length > 0 && line.trim() !== '') items.push(`${items.pop() ?? ''}\n${line.trim()}`);
  }
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

/** Reads a file of text/; its name is the language. */
export function decodeText(file: SourceFile, wanted: Wanted, problems: Problem[]): LessonText {
  const complain = (code: string, line: number, says: string, help: string): void =>
    void problems.push({ code, severity: 'error', says, where: { file: file.path, line, column: 1, object: null, field: null }, help });
  const language = (file.path.split('/').at(-1) ?? '').replace(/\.md$/, '');
  const known = new Map<string, 'story' | 'hints' | 'debrief' | { readonly part: 'predictions' | 'traps' | 'steps'; readonly name: string }>([['Story', 'story'], ['Hints', 'hints'], ['Debrief', 'debrief']]);
  for (const name of wanted.steps) known.set(name, { part: 'steps', name });
  for (const name of wanted.predictions) known.set(`Prediction ${name}`, { part: 'predictions', name });
  for (const name of wanted.traps) known.set(`Trap ${name}`, { part: 'traps', name });
  const words = { story: '', hints: '', debrief: '' };
  const parts = { predictions: new Map<string, string>(), traps: new Map<string, string>(), steps: new Map<string, string>() };
  const found = new Set<string>();
  for (const { heading, line, body } of sectionsOf(shownText(file.text))) {
    if (heading === '') {
      if (body !== '') complain('unknown-heading', line, 'there is text before the first heading', 'Put it under "## Story".');
      continue;
    }
    const place = known.get(heading);
    if (place === undefined) {
      complain('unknown-heading', line, `no part of the lesson is called "${heading}"`, `Headings are ${[...known.keys()].map((name) => `"## ${name}"`).join(', ')}.`);
      continue;
    }
    if (found.has(heading)) complain('duplicate', line, `the heading "${heading}" stands here twice`, 'Join the two parts.');
    found.add(heading);
    if (body === '') complain('missing-text', line, `there is nothing under "${heading}"`, heading === 'Hints' ? 'Write a list of at most three hints, the last nearly the answer.' : 'Write it.');
    if (typeof place === 'string') words[place] = body;
    else parts[place.part].set(place.name, body);
  }
  for (const heading of known.keys()) {
    // A tour needs no written hints: its steps say what to do next.
    if (!found.has(heading) && !(heading === 'Hints' && wanted.steps.length > 0)) complain('missing-heading', 1, `the heading "## ${heading}" is missing`, 'Add it with its text.');
  }
  const hints = itemsOf(words.hints);
  if (words.hints !== '' && hints.length === 0) complain('wrong-type', 1, 'the hints are not a list', 'Begin each hint with "- ".');
  if (hints.length > 3) complain('invalid-value', 1, `there are ${hints.length} hints`, 'Write at most three: the first rung of the four is made from the trace.');
  return { language, story: words.story, hints, debrief: words.debrief, predictions: Object.fromEntries(parts.predictions), traps: Object.fromEntries(parts.traps), steps: Object.fromEntries(parts.steps) };
}
