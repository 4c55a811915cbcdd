// Opens the lab: the course, what was done of it, the themes and the size of the screen, handed to the screen or to `--plain`.
import { dataFolder } from '../disk/data-folder.ts';
import { loadProgress } from '../disk/progress.ts';
import { readThemes } from '../disk/themes.ts';
import type { Opening, World } from '../app/world.ts';
import { decodeTheme } from '../view/theme.ts';
import type { Theme } from '../view/theme.ts';
import { courseIn, lessonIn } from '../lesson/lesson-in.ts';
import path from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import type { Caller } from './caller.ts';
import { wantsColor } from './caller.ts';
import { loadCourse, loadLesson } from './cluster.ts';
import { loadCards } from './lessons.ts';
import { performOnDisk } from './perform-on-disk.ts';
import { languageOf } from './play-options.ts';
import type { PlayOptions } from './play-options.ts';
import { misused, problemText, wrong } from './tell-problems.ts';

const smallest = { columns: 80, rows: 24 };

/** They come with the package: one that cannot be read is a defect of ours. */
function themesOf(caller: Caller): Theme[] {
  return readThemes(caller.home).map((file) => {
    const theme = decodeTheme(file.text, file.path);
    if (!theme.ok) throw new Error(theme.failures.map(problemText).join('; '));
    return theme.value;
  });
}

/** A screen needs a terminal at both ends, one that can place its cursor. */
const isPlain = (caller: Caller, options: PlayOptions): boolean => options.plain === true || !caller.terminal.in || !caller.terminal.out || caller.env['TERM'] === 'dumb';

/** A locale that says it is not UTF-8 cannot show box drawing. */
function isAscii(caller: Caller, options: PlayOptions): boolean {
  if (options.ascii === true) return true;
  const locale = [caller.env['LC_ALL'], caller.env['LC_CTYPE'], caller.env['LANG']].find((value) => value !== undefined && value !== '');
  return caller.platform !== 'win32' && locale !== undefined && !/utf-?8/i.test(locale) && /^(C|POSIX)$|\./.test(locale);
}

/** Opens the lab and gives the exit status when the learner leaves. */
export async function play(caller: Caller, start: Opening, options: PlayOptions): Promise<number> {
  const course = loadCourse(caller);
  if (!course.ok) return wrong(caller, course.failures);
  const { progress: kept, problems, writable } = loadProgress(dataFolder(caller.env, caller.platform));
  const language = languageOf(options, kept);
  const cards = loadCards(caller, course.value, language);
  if (!cards.ok) return wrong(caller, cards.failures);
  // What was chosen on the command line is kept with the rest.
  const progress = options.language === undefined ? kept : { ...kept, settings: { ...kept.settings, language } };
  for (const problem of problems) caller.err(`${problemText(problem)}\n`);
  const themes = themesOf(caller);
  const plain = isPlain(caller, options);
  const world: World = {
    course: courseIn(course.value, language), cards: cards.value, progress, start: start.kind === 'lesson' ? { ...start, lesson: lessonIn(start.lesson, language) } : start,
    size: { columns: process.stdout.columns ?? smallest.columns, rows: process.stdout.rows ?? smallest.rows },
    options: {
      plain, ascii: isAscii(caller, options), color: options.color && wantsColor(caller), motion: options.motion && !plain,
      themes: themes.map(({ name }) => name), theme: 'dark', language,
    },
  };
  const perform = performOnDisk(caller, !writable);
  if (plain) {
    const { playPlain } = await import('./play-plain.ts');
    return playPlain({ world, perform, input: caller.stdin(), out: caller.out });
  }
  const { playOnScreen } = await import('./play-screen.ts');
  return playOnScreen({ world, perform, themes, terminfo: path.join(caller.home, 'assets', 'terminfo'), version: caller.version });
}

/** A word that is nearly a command is most likely a slip. */
function nearCommand(word: string, commands: readonly string[]): string | undefined {
  if (word.length < 3 || commands.length === 0) return undefined;
  const near = closest(word, commands);
  return distance(word, near) <= 2 ? near : undefined;
}

/** `k8snet-lab [LESSON]`. `commands` are the words that it might have been meant to be. */
export async function playLesson(caller: Caller, name: string | undefined, options: PlayOptions, commands: readonly string[]): Promise<number> {
  if (name === undefined) return play(caller, { kind: 'map' }, options);
  const lesson = loadLesson(name, caller);
  if (lesson.ok) return play(caller, { kind: 'lesson', lesson: lesson.value }, options);
  const near = lesson.failures.some(({ code }) => code === 'lesson-not-found') ? nearCommand(name, commands) : undefined;
  return near === undefined ? wrong(caller, lesson.failures) : misused(caller, `there is no lesson and no command '${name}'`, `Did you mean '${near}'? \`k8snet-lab --help\` lists the commands.`);
}
