// How far a language is: what its texts lack is read in English, and counted here.
import { byText } from '../sim/base/order.ts';
import type { Lesson } from './lesson.ts';

export interface LanguageCount {
  readonly language: string;
  /** Lessons that have every part in this language. */
  readonly whole: number;
  /** Lessons without any text in it. */
  readonly without: number;
  /** Parts that are missing in lessons that have some. */
  readonly parts: number;
}

/** Of one lesson: how many parts each of its languages lacks. */
export type TextsMissing = Readonly<Record<string, number>>;

export const textsMissing = (lesson: Lesson): TextsMissing => Object.fromEntries(Object.values(lesson.texts).map(({ language, missing }) => [language, missing.length]));

/** Of every language but English that a lesson has or the course lists. Sorted by language. */
export function countLanguages(lessons: readonly TextsMissing[], listed: readonly string[]): LanguageCount[] {
  const languages = new Set([...listed, ...lessons.flatMap((lesson) => Object.keys(lesson))]);
  languages.delete('en');
  return [...languages].sort(byText).map((language) => {
    const missing = lessons.map((lesson) => (Object.hasOwn(lesson, language) ? lesson[language] ?? null : null));
    return {
      language,
      whole: missing.filter((count) => count === 0).length,
      without: missing.filter((count) => count === null).length,
      parts: missing.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    };
  });
}

/** `de: 12 of 51 lessons complete, 38 without a text, 4 parts missing in the others`; `null` when nothing is missing. */
export function languageText({ language, whole, without, parts }: LanguageCount, lessons: number): string | null {
  if (whole === lessons) return null;
  return `${language}: ${whole} of ${lessons} lessons complete${without === 0 ? '' : `, ${without} without a text`}${parts === 0 ? '' : `, ${parts} ${parts === 1 ? 'part' : 'parts'} missing in the others`}; English stands in`;
}
