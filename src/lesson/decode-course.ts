// The course file: which modules there are, in which order, and which lessons stand in each.
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Course, CourseModule } from './lesson.ts';
import { lessonFormat } from './lesson.ts';
import { complain, formatHolds, listOf, mapOf, nameIn, readFields, textOf, textsOf, wanted } from './fields.ts';
import type { Field } from './fields.ts';

function decodeModule(field: Field, taken: Set<string>): CourseModule | undefined {
  const fields = mapOf(field, ['name', 'title', 'lessons']);
  const name = nameIn(wanted(field, fields, 'name', 'the name of its folder'));
  const title = textOf(wanted(field, fields, 'title', 'what people read'), 'a title');
  const lessons: string[] = [];
  for (const item of listOf(wanted(field, fields, 'lessons', 'the lessons in order'), 'the names of lessons in order')) {
    const lesson = nameIn(item);
    if (lesson === undefined) continue;
    if (taken.has(lesson)) complain(item, 'duplicate', `the lesson "${lesson}" stands in the course twice`, 'Leave one of the two out.');
    taken.add(lesson);
    lessons.push(lesson);
  }
  return name === undefined || title === undefined ? undefined : { name, title, lessons };
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
