// Texts have every part, fit pages of 80x24 and link only to pages of known projects over https.
import type { Lesson, LessonText } from '../lesson.ts';
import type { Proof } from './proof.ts';
import { count } from './proof.ts';

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
  return hosts.includes(url.hostname) ? null : `${link} leads to ${url.hostname}; allowed are ${hosts.join(', ')}`;
}

function textAgainst(lesson: Lesson, text: LessonText): string[] {
  const against: string[] = [];
  const say = (what: string): void => void against.push(`${text.language}: ${what}`);
  for (const [name, body, limit] of partsOf(text)) {
    const rows = body.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / width)), 0);
    if (rows > limit) say(`"${name}" takes ${rows} lines of ${width} columns; ${limit} fit`);
    for (const link of body.match(/\bhttps?:\/\/[^\s)>\]"']+/g) ?? []) {
      if (name === 'Debrief' || link.startsWith('https://')) {
        const wrong = linkAgainst(link.replace(/[.,;:]+$/, ''));
        if (wrong !== null) say(wrong);
      }
    }
  }
  if (!/https:\/\/kubernetes\.io\//.test(text.debrief)) say('the debrief links no page of kubernetes.io');
  if (lesson.solutions.length > 0 && text.hints.length === 0) say('there are no hints');
  return against;
}

export const textsComplete: Proof = {
  name: 'texts-complete',
  against: (ground) => Object.values(ground.lesson.texts).flatMap((text) => textAgainst(ground.lesson, text)),
  proven: ({ lesson }) => `${count(Object.keys(lesson.texts).length, 'language')}, every part fits a page`,
};
