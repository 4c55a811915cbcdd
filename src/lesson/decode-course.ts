// The course file: which modules there are, in which order, and which lessons stand in each.
import { isMap } from 'yaml';
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Course, CourseModule } from './lesson.ts';
import { lessonFormat } from './lesson.ts';
import { isLanguage } from './lesson-in.ts';
import { complain, formatHolds, listOf, mapOf, nameIn, readFields, textOf, textsOf, wanted } from './fields.ts';
import type { Field } from './fields.ts';

/** A text, or one for each language, English among them. */
function titlesOf(field: Field | undefined): { readonly title: string; readonly titles: Readonly<Record<string, string>> } | undefined {
  if (field === undefined || !isMap(field.node)) {
    const title = textOf(field, 'a title');
    return title === undefined ? undefined : { title, titles: {} };
  }
  const titles = new Map<string, string>();
  for (const [language, inner] of mapOf(field, null)) {
    const title = textOf(inner, 'a title');
    if (!isLanguage(language)) complain(inner, 'invalid-value', `"${language}" is no language`, 'Write a code such as en or de.');
    else if (title !== undefined) titles.set(language, title);
  }
  const english = titles.get('en');
  if (english === undefined) complain(field, 'missing-field', 'the English title is missing', 'Add en: every other language falls back to it.');
  return english === undefined ? undefined : { title: english, titles: Object.fromEntries(titles) };
}

function decodeModule(field: Field, taken: Set<string>): CourseModule | undefined {
  const fields = mapOf(field, ['name', 'title', 'lessons']);
  const name = nameIn(wanted(field, fields, 'name', 'the name of its folder'));
  const titles = titlesOf(wanted(field, fields, 'title', 'what people read: a text, or one for each language'));
  const lessons: string[] = [];
  for (const item of listOf(wanted(field, fields, 'lessons', 'the lessons in order'), 'the names of lessons in order')) {
    const lesson = nameIn(item);
    if (lesson === undefined) continue;
    if (taken.has(lesson)) complain(item, 'duplicate', `the lesson "${lesson}" stands in the course twice`, 'Leave one of the two out.');
    taken.add(lesson);
    lessons.push(lesson);
  }
  return name === undefined || titles === undefined ? undefined : { name, ...titles, lessons };
}

/** Reads course.yaml. */
export function decodeCourse(file: SourceFile): Result<Course, Problem> {
  const problems: Problem[] = [];
  const document = readFields(file.path, file.text, problems);
  const modules: CourseModule[] = [];
  let languages: string[] = [];
  if (document !== undefined) {
    const fields = mapOf(document, ['apiVersion', 'kind', 'spec']);
    const spec = wanted(document, fields, 'spec', 'languages and modules');
    if (formatHolds(document, fields, lessonFormat, 'Course') && spec !== undefined) {
      const inside = mapOf(spec, ['languages', 'modules']);
      languages = textsOf(wanted(spec, inside, 'languages', '[en]'), 'language codes such as en');
      const taken = new Set<string>();
      const names = new Set<string>();
      for (const item of listOf(wanted(spec, inside, 'modules', 'the modules in order'), 'the modules in order')) {
        const module = decodeModule(item, taken);
        if (module === undefined) continue;
        if (names.has(module.name)) complain(item, 'duplicate', `the module "${module.name}" stands in the course twice`, 'Leave one of the two out.');
        names.add(module.name);
        modules.push(module);
      }
    }
  }
  return problems.length > 0 ? fail(...problems) : succeed({ modules, languages });
}
