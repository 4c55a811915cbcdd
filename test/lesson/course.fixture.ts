// The lessons of the course, as a test reads them from the checkout.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { decodeCourse } from '../../src/lesson/decode-course.ts';
import { decodeLesson } from '../../src/lesson/decode-lesson.ts';
import type { Course, Lesson } from '../../src/lesson/lesson.ts';
import type { Lab, SourceFile } from '../../src/sim/lab.ts';
import { openLab } from '../../src/sim/lab.ts';

const home = fileURLToPath(new URL('../../lessons/', import.meta.url));

function filesOf(folder: string, inside = ''): SourceFile[] {
  return readdirSync(path.join(folder, inside)).sort().flatMap((name): SourceFile[] => {
    const relative = inside === '' ? name : `${inside}/${name}`;
    const full = path.join(folder, relative);
    return statSync(full).isDirectory() ? filesOf(folder, relative) : [{ path: relative, text: readFileSync(full, 'utf8') }];
  });
}

export function course(): Course {
  const decoded = decodeCourse({ path: 'lessons/course.yaml', text: readFileSync(path.join(home, 'course.yaml'), 'utf8') });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.failures));
  return decoded.value;
}

export function lesson(name: string): Lesson {
  const module = course().modules.find((one) => one.lessons.includes(name))?.name ?? '';
  const decoded = decodeLesson(filesOf(path.join(home, module, name)), `lessons/${module}/${name}`);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.failures));
  return decoded.value;
}

export function broken(of: Lesson): Lab {
  const opened = openLab(of.cluster);
  if (!opened.ok) throw new Error(JSON.stringify(opened.failures));
  return opened.value;
}
