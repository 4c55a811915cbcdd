// The words around a drill: a ticket of what people see, hints that grow, and what it was.
import type { LessonText, Prediction } from '../lesson.ts';
import type { Fault, Injury } from '../faults/fault.ts';

type Language = 'en' | 'de';

/** A prediction, and what is called there. */
export interface AskedAbout {
  readonly prediction: Prediction;
  readonly calls: string;
}

interface Frame {
  readonly title: (seed: number, count: number) => string;
  readonly story: (tickets: readonly string[]) => string;
  readonly question: (from: string, calls: string) => string;
  readonly queries: (from: string, calls: string) => string;
  readonly where: string;
  readonly debrief: string;
}

const frames: Readonly<Record<Language, Frame>> = {
  en: {
    title: (seed, count) => `Drill ${seed}: ${count === 1 ? 'one fault' : `${count} faults`}`,
    story: (tickets) => `${tickets.length === 1 ? 'A ticket' : `${tickets.length} tickets`} this morning. Yesterday everything worked.`,
    question: (from, calls) => `\`${from}\` calls \`${calls}\`. What does it get?`,
    queries: (from, calls) => `\`${from}\` calls \`${calls}\`. How many DNS queries does the name cost?`,
    where: 'Send a request that fails and step to its last hop: how far did the packet come, and who answered?',
    debrief: 'What it was:',
  },
  de: {
    title: (seed, count) => `Übung ${seed}: ${count === 1 ? 'ein Fehler' : `${count} Fehler`}`,
    story: (tickets) => `${tickets.length === 1 ? 'Ein Ticket' : `${tickets.length} Tickets`} heute früh. Gestern ging noch alles.`,
    question: (from, calls) => `\`${from}\` ruft \`${calls}\`. Was bekommt es?`,
    queries: (from, calls) => `\`${from}\` ruft \`${calls}\`. Wie viele DNS-Fragen kostet der Name?`,
    where: 'Sende eine Anfrage, die scheitert, und geh zu ihrem letzten Hop: wie weit kam das Paket, und wer hat geantwortet?',
    debrief: 'Was es war:',
  },
};

const width = 78;

/** Lines of at most 78 columns. */
function wrapped(text: string, first = '', rest = first): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const fresh = line === first || line === rest;
    if (!fresh && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${rest}${word}`;
    } else line = fresh ? `${line}${word}` : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

export function drillText(language: Language, { seed }: { readonly seed: number }, chosen: readonly { readonly fault: Fault; readonly injury: Injury }[], asked: readonly AskedAbout[]): LessonText {
  const frame = frames[language];
  const words = chosen.map(({ injury }) => injury.words[language]);
  const links = [...new Set(chosen.map(({ fault }) => fault.link))];
  const each = (of: (one: (typeof words)[number]) => string): string => words.map((one) => wrapped(of(one), words.length > 1 ? '- ' : '', words.length > 1 ? '  ' : '')).join('\n');
  return {
    language, title: frame.title(seed, chosen.length), says: [],
    story: `${frame.story(words.map(({ ticket }) => ticket))}\n\n${words.map(({ ticket }) => wrapped(ticket, '> ')).join('\n\n')}`,
    predictions: Object.fromEntries(asked.map(({ prediction: { id, from, about }, calls }) => [id, wrapped((about === 'queries' ? frame.queries : frame.question)(from, calls))])),
    hints: [wrapped(frame.where), each(({ look }) => look), each(({ answer }) => answer)],
    debrief: `${frame.debrief}\n\n${words.map(({ answer }) => wrapped(answer, '- ', '  ')).join('\n')}\n\n${links.join('\n')}`,
    traps: {}, steps: {}, stepTitles: {}, missing: [],
  };
}
