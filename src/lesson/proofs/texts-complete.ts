// Texts have every part, fit pages of 80x24 and link only to pages of known projects over https.
import type { Lesson, LessonText } from '../lesson.ts';
import type { Proof } from './proof.ts';
import { count } from './proof.ts';
import { lessonIn } from '../lesson-in.ts';

const width = 78;
const lines = { story: 16, other: 20 } as const;

const hosts = ['kubernetes.io', 'coredns.io', 'docs.tigera.io', 'docs.cilium.io', 'gateway-api.sigs.k8s.io', 'network-policy-api.sigs.k8s.io', 'docs.aws.amazon.com', 'github.com', 'www.rfc-editor.org'];

function partsOf(text: LessonText): [name: string, body: string, limit: number][] {
  const named = (kind: string, parts: Readonly<Record<string, string>>): [string, string, number][] => Object.entries(parts).map(([name, body]) => [`${kind}${name}`, body, lines.other]);
  return [['Story', text.story, lines.story], ['Debrief', text.debrief, lines.other], ...text.hints.map((hint, index): [string, string, number] => [`hint ${index + 1}`, hint, lines.other]), ...named('Prediction ', text.predictions), ...named('Trap ', text.traps), ...named('', text.steps)];
}

function linkAgainst(link: string): string | null {
  if (!URL.canParse(link)) return `${link} is no address`;
  const url = new URL(link);
  if (url.protocol !== 'https:' || url.username !== '' || url.port !== '') return `${link} is no plain https address`;
  // RFC 2606: names that belong to nobody.
  if (/(^|\.)(example(\.(com|net|org))?|test|invalid)$/.test(url.hostname)) return null;
  return hosts.includes(url.hostname) ? null : `${link} leads to ${url.hostname}; allowed are ${hosts.join(', ')}`;
}

function textAgainst(lesson: Lesson, text: LessonText): string[] {
  const against: string[] = [];
  const say = (what: string): void => void against.push(`${text.language}: ${what}`);
  for (const [name, body, limit] of partsOf(text)) {
    const rows = body.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / width)), 0);
    if (rows > limit) say(`"${name}" takes ${rows} lines of ${width} columns; ${limit} fit`);
    // What stands as code outside the debrief is a call, not a link.
    const prose = name === 'Debrief' ? body : body.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
    for (const link of prose.match(/\bhttps?:\/\/[^\s)>\]"']+/g) ?? []) {
      if (name === 'Debrief' || link.startsWith('https://')) {
        const wrong = linkAgainst(link.replace(/[.,;:]+$/, ''));
        if (wrong !== null) say(wrong);
      }
    }
  }
  if (text.debrief !== '' && !/https:\/\/kubernetes\.io\//.test(text.debrief)) say('the debrief links no page of kubernetes.io');
  if (lesson.solutions.length > 0 && text.hints.length === 0 && !text.missing.includes('Hints')) say('there are no hints');
  return against;
}

/** One line on a screen of 80 columns, marks beside it. */
const longest = { title: 50, say: 78, step: 50 } as const;

function linesAgainst(lesson: Lesson, language: string): string[] {
  const told = lessonIn(lesson, language);
  const long = (what: string, text: string, most: number): string[] => (text.length > most ? [`${language}: ${what} "${text}" has ${text.length} characters; ${most} fit`] : []);
  return [...long('the title', told.title, longest.title), ...told.intents.flatMap(({ say }) => long('what an intent says', say, longest.say)), ...told.steps.flatMap(({ title }) => long('the step', title, longest.step))];
}

/** What a language that the course lists lacks. */
function missingOf(lesson: Lesson, language: string): string[] {
  const text = lesson.texts[language];
  if (text === undefined) return [`${language}: there is no text/${language}.md, and the course lists that language`];
  return text.missing.length === 0 ? [] : [`${language}: ${text.missing.map((part) => (part.startsWith('the title') ? part : `"## ${part}"`)).join(', ')} missing`];
}

export const textsComplete: Proof = {
  name: 'texts-complete',
  against: ({ lesson, languages }) => [
    ...languages.flatMap((language) => missingOf(lesson, language)),
    ...Object.values(lesson.texts).flatMap((text) => [...textAgainst(lesson, text), ...linesAgainst(lesson, text.language)]),
  ],
  proven: ({ lesson }) => `${count(Object.keys(lesson.texts).length, 'language')}, every part fits a page`,
};
