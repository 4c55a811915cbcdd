// `lessons`: the course with what was done of it.
import { dataFolder } from '../disk/data-folder.ts';
import { foldersOf, readLessonFile, readLessonText } from '../disk/lessons.ts';
import { loadProgress } from '../disk/progress.ts';
import { cardOf } from '../lesson/decode-lesson.ts';
import { titleOfText } from '../lesson/decode-text.ts';
import { courseIn } from '../lesson/lesson-in.ts';
import type { Course, LessonCard } from '../lesson/lesson.ts';
import type { Progress } from '../lesson/progress.ts';
import { progressOf } from '../lesson/progress.ts';
import { shownLine } from '../lesson/shown-text.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import { answer, withOutput } from './answer.ts';
import type { OutputOption } from './answer.ts';
import type { Caller } from './caller.ts';
import type { CliCommand } from './cli-command.ts';
import { loadCourse } from './cluster.ts';
import { languageOf, languageOption } from './play-options.ts';
import type { PlayOptions } from './play-options.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';

/** What the map shows of every lesson, in the order of the course. */
export function loadCards(caller: Caller, course: Course, language = 'en'): Result<readonly LessonCard[], Problem> {
  const cards: LessonCard[] = [];
  const problems: Problem[] = [];
  const moduleOf = new Map(course.modules.flatMap((module) => module.lessons.map((lesson) => [lesson, module.name])));
  for (const folder of foldersOf(caller.home, course)) {
    const file = readLessonFile(folder);
    const card = file.ok ? cardOf([file.value]) : file;
    const text = language === 'en' ? null : readLessonText(folder, language);
    const title = text === null ? null : titleOfText(text);
    if (card.ok) cards.push({ ...card.value, ...(title === null ? {} : { title }), module: moduleOf.get(card.value.name) ?? '' });
    else problems.push(...card.failures);
  }
  return problems.length > 0 ? fail(...problems) : succeed(cards);
}

const cardsOf = (cards: readonly LessonCard[], module: Course['modules'][number]): LessonCard[] => module.lessons.flatMap((name) => cards.find((card) => card.name === name) ?? []);

const lessonsJson = (course: Course, cards: readonly LessonCard[], progress: Progress): Readonly<Record<string, unknown>> => ({
  modules: course.modules.map((module) => ({
    name: module.name, title: module.title,
    lessons: cardsOf(cards, module).map(({ name, title, level, minutes }) => ({ name, title, level, minutes, solved: progressOf(progress, name).solved })),
  })),
});

function lessonsText(course: Course, cards: readonly LessonCard[], progress: Progress): string {
  const width = Math.max(0, ...cards.map(({ name }) => name.length));
  let position = 0;
  const parts = course.modules.map((module) => [
    shownLine(module.title),
    ...cardsOf(cards, module).map(({ name, title, level, minutes }) => {
      position += 1;
      return `  ${progressOf(progress, name).solved ? '✓' : ' '} ${String(position).padStart(2)}  ${name.padEnd(width)}  ${shownLine(title)} (level ${level}, ${minutes} min)`;
    }),
  ].join('\n'));
  const solved = cards.filter(({ name }) => progressOf(progress, name).solved).length;
  return `${parts.join('\n\n')}\n\n${solved} of ${cards.length} solved.\n`;
}

export const lessons: CliCommand = {
  declare(command, caller, done) {
    withOutput(command).addOption(languageOption()).action((options: OutputOption & Pick<PlayOptions, 'language'>) => {
      const { progress, problems } = loadProgress(dataFolder(caller.env, caller.platform), true);
      const language = languageOf(options, progress);
      const course = loadCourse(caller);
      if (!course.ok) return done(wrong(caller, course.failures));
      const cards = loadCards(caller, course.value, language);
      if (!cards.ok) return done(wrong(caller, cards.failures));
      const read = courseIn(course.value, language);
      answer(caller, options.output, () => lessonsJson(read, cards.value, progress), () => lessonsText(read, cards.value, progress), problems);
      return done(status.holds);
    });
  },
};
