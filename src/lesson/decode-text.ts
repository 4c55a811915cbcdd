// The words of a lesson: Markdown, cut at its fixed headings. English must be whole; another language may lack parts, which are counted.
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { LessonText } from './lesson.ts';
import { shownLine, shownText } from './shown-text.ts';

interface Section {
  /** Without what follows ` | `: a step's title in another language. */
  readonly heading: string;
  readonly shown: string | null;
  readonly line: number;
  readonly body: string;
}

/** What the lesson file names and the text has to speak of. */
export interface Wanted {
  readonly predictions: readonly string[];
  readonly traps: readonly string[];
  readonly steps: readonly string[];
  /** How many intents have something to say. */
  readonly intents: number;
}

type Place = 'story' | 'hints' | 'debrief' | 'intents' | { readonly part: 'predictions' | 'traps' | 'steps'; readonly name: string };

function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  let heading = '';
  let start = 1;
  let body: string[] = [];
  let fenced = false;
  const close = (): void => {
    const [name = '', ...shown] = heading.split(' | ');
    sections.push({ heading: name, shown: shown.length === 0 ? null : shown.join(' | '), line: start, body: body.join('\n').trim() });
  };
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

function placesOf(wanted: Wanted, foreign: boolean): Map<string, Place> {
  const places = new Map<string, Place>([['Story', 'story'], ['Hints', 'hints'], ['Debrief', 'debrief']]);
  if (foreign && wanted.intents > 0) places.set('Intents', 'intents');
  for (const name of wanted.steps) places.set(name, { part: 'steps', name });
  for (const name of wanted.predictions) places.set(`Prediction ${name}`, { part: 'predictions', name });
  for (const name of wanted.traps) places.set(`Trap ${name}`, { part: 'traps', name });
  return places;
}

/** The title at the head of a text in another language; `null` where it has none. For the map, without reading the rest. */
export function titleOfText(text: string): string | null {
  const title = /^#[ \t]+(.+)$/m.exec(text.split(/^##\s/m, 1)[0] ?? '')?.[1]?.trim();
  return title === undefined || title === '' ? null : shownLine(title);
}

/** Reads a file of text/; its name is the language. */
export function decodeText(file: SourceFile, wanted: Wanted, problems: Problem[]): LessonText {
  const complain = (code: string, line: number, says: string, help: string): void =>
    void problems.push({ code, severity: 'error', says, where: { file: file.path, line, column: 1, object: null, field: null }, help });
  const language = (file.path.split('/').at(-1) ?? '').replace(/\.md$/, '');
  const foreign = language !== 'en';
  const places = placesOf(wanted, foreign);
  const words = { story: '', hints: '', debrief: '', intents: '' };
  const parts = { predictions: new Map<string, string>(), traps: new Map<string, string>(), steps: new Map<string, string>() };
  const stepTitles = new Map<string, string>();
  const found = new Set<string>();
  const missing: string[] = [];
  let title: string | null = null;
  for (const { heading, shown, line, body } of sectionsOf(shownText(file.text))) {
    if (heading === '') {
      title = foreign ? /^#\s+(.+)$/.exec(body)?.[1]?.trim() ?? null : null;
      if (body !== '' && title === null) complain('unknown-heading', line, 'there is text before the first heading', foreign ? 'Only the title stands there: "# TITLE". Put the rest under "## Story".' : 'Put it under "## Story".');
      continue;
    }
    const place = places.get(heading);
    if (place === undefined) {
      complain('unknown-heading', line, `no part of the lesson is called "${heading}"`, `Headings are ${[...places.keys()].map((name) => `"## ${name}"`).join(', ')}.`);
      continue;
    }
    if (found.has(heading)) complain('duplicate', line, `the heading "${heading}" stands here twice`, 'Join the two parts.');
    found.add(heading);
    if (body === '') complain('missing-text', line, `there is nothing under "${heading}"`, heading === 'Hints' ? 'Write a list of at most three hints, the last nearly the answer.' : 'Write it.');
    if (typeof place === 'string') words[place] = body;
    else {
      parts[place.part].set(place.name, body);
      if (place.part === 'steps' && shown !== null && foreign) stepTitles.set(place.name, shownLine(shown));
    }
  }
  for (const heading of places.keys()) {
    // A tour needs no written hints: its steps say what to do next.
    if (found.has(heading) || (heading === 'Hints' && wanted.steps.length > 0)) continue;
    if (foreign) missing.push(heading);
    else complain('missing-heading', 1, `the heading "## ${heading}" is missing`, 'Add it with its text.');
  }
  if (foreign && title === null) missing.push('the title');
  if (foreign) for (const name of wanted.steps) if (found.has(name) && !stepTitles.has(name)) missing.push(`the title of step "${name}"`);
  const hints = itemsOf(words.hints);
  if (words.hints !== '' && hints.length === 0) complain('wrong-type', 1, 'the hints are not a list', 'Begin each hint with "- ".');
  if (hints.length > 3) complain('invalid-value', 1, `there are ${hints.length} hints`, 'Write at most three: the first rung of the four is made from the trace.');
  const says = itemsOf(words.intents).map(shownLine);
  if (words.intents !== '' && says.length !== wanted.intents) complain('invalid-value', 1, `there are ${says.length} sentences under "Intents", and the lesson has ${wanted.intents} intents`, 'Write what each of them says, in their order, as a list.');
  return {
    language, title: title === null ? null : shownLine(title), says, story: words.story, hints, debrief: words.debrief, missing,
    predictions: Object.fromEntries(parts.predictions), traps: Object.fromEntries(parts.traps), steps: Object.fromEntries(parts.steps), stepTitles: Object.fromEntries(stepTitles),
  };
}
