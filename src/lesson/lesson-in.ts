// A lesson in another language: titles, what intents say and all words, with English for what the language lacks.
import type { Course, Intent, Lesson, LessonText } from './lesson.ts';

/** A code as texts are named by: `en`, `de`, `pt-BR`. */
export const isLanguage = (code: string): boolean => /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(code);

/** The words of a language, English where it has none. */
function whole(text: LessonText, english: LessonText, titleOf: (step: string) => string): LessonText {
  const steps = { ...english.steps, ...text.steps };
  return {
    ...text,
    story: text.story === '' ? english.story : text.story,
    debrief: text.debrief === '' ? english.debrief : text.debrief,
    hints: text.hints.length === 0 ? english.hints : text.hints,
    predictions: { ...english.predictions, ...text.predictions },
    traps: { ...english.traps, ...text.traps },
    steps: Object.fromEntries(Object.entries(steps).map(([name, body]) => [titleOf(name), body])),
  };
}

/** The lesson as somebody reads it who reads that language; itself where it has no such text. What must hold and how it is graded stays the same. */
export function lessonIn(lesson: Lesson, language: string): Lesson {
  const text = Object.hasOwn(lesson.texts, language) ? lesson.texts[language] : undefined;
  const english = lesson.texts['en'];
  if (text === undefined || english === undefined || language === 'en') return lesson;
  const titleOf = (step: string): string => (Object.hasOwn(text.stepTitles, step) ? text.stepTitles[step] : undefined) ?? step;
  return {
    ...lesson,
    title: text.title ?? lesson.title,
    intents: lesson.intents.map((intent, index): Intent => ({ ...intent, say: text.says[index] ?? intent.say })),
    steps: lesson.steps.map((step) => ({ ...step, title: titleOf(step.title) })),
    texts: { ...lesson.texts, [language]: whole(text, english, titleOf) },
  };
}

/** The course with the titles of that language, where it has them. */
export const courseIn = (course: Course, language: string): Course => ({
  ...course, modules: course.modules.map((module) => ({ ...module, title: (module.titles !== undefined && Object.hasOwn(module.titles, language) ? module.titles[language] : undefined) ?? module.title })),
});
