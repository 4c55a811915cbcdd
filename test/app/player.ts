// A person at the lab, without a terminal: presses keys, types, and says what is on the screen.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Effect } from '../../src/app/effect.ts';
import type { Message } from '../../src/app/message.ts';
import { start } from '../../src/app/start.ts';
import type { Desk, State } from '../../src/app/state.ts';
import { update } from '../../src/app/update.ts';
import type { Opening, World } from '../../src/app/world.ts';
import { decodeCourse } from '../../src/lesson/decode-course.ts';
import { cardOf, decodeLesson } from '../../src/lesson/decode-lesson.ts';
import type { Course, Lesson, LessonCard } from '../../src/lesson/lesson.ts';
import { noProgress } from '../../src/lesson/progress.ts';
import type { Progress } from '../../src/lesson/progress.ts';
import type { SourceFile } from '../../src/sim/lab.ts';
import { frameOf } from '../../src/view/frame-of.ts';
import { frameText } from '../../src/view/frame-text.ts';
import { messageForKey } from '../../src/view/keys.ts';
import { messageForMouse } from '../../src/view/mouse.ts';
import type { Mouse } from '../../src/view/mouse.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export function filesUnder(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|md|json)$/.test(name)).sort()
    .map((name) => ({ path: name.split(path.sep).join('/'), text: readFileSync(path.join(folder, name), 'utf8') }));
}

export function realCourse(): { readonly course: Course; readonly cards: readonly LessonCard[] } {
  const course = decodeCourse({ path: 'course.yaml', text: readFileSync(path.join(root, 'lessons/course.yaml'), 'utf8') });
  assert.ok(course.ok);
  const cards = course.value.modules.flatMap((module) => module.lessons.map((name): LessonCard => {
    const card = cardOf(filesUnder(path.join(root, 'lessons', module.name, name)));
    assert.ok(card.ok, `${name} has no card`);
    return { ...card.value, module: module.name };
  }));
  return { course: course.value, cards };
}

export function realLesson(name: string): Lesson {
  const { course } = realCourse();
  const module = course.modules.find(({ lessons }) => lessons.includes(name));
  assert.ok(module, `there is no lesson ${name}`);
  const lesson = decodeLesson(filesUnder(path.join(root, 'lessons', module.name, name)), `lessons/${module.name}/${name}`);
  assert.ok(lesson.ok, `${name} cannot be read: ${lesson.ok ? '' : lesson.failures.map(({ says }) => says).join('; ')}`);
  return lesson.value;
}

export interface Opened {
  readonly lesson?: string;
  readonly start?: Opening;
  readonly size?: string;
  readonly progress?: Progress;
  readonly ascii?: boolean;
  readonly motion?: boolean;
  readonly plain?: boolean;
  /** What `-f` of a command finds. */
  readonly files?: Readonly<Record<string, string>>;
}

export function worldFor(opened: Opened): World {
  const [columns = 120, rows = 40] = (opened.size ?? '120x40').split('x').map(Number);
  const opening: Opening = opened.start ?? (opened.lesson === undefined ? { kind: 'map' } : { kind: 'lesson', lesson: realLesson(opened.lesson) });
  return {
    ...realCourse(), progress: opened.progress ?? noProgress, size: { columns, rows }, start: opening,
    options: { ascii: opened.ascii === true, color: true, motion: opened.motion !== false, plain: opened.plain === true, themes: ['dark', 'high-contrast', 'light'], theme: 'dark', language: 'en' },
  };
}

const known: Readonly<Record<string, string>> = { space: ' ' };

/** Everything that a person can do at the screen. */
export class Player {
  state: State;
  /** What was written to disk last. */
  saved: Progress | null = null;
  /** The status with which the lab was left; `null` while it is open. */
  left: number | null = null;
  readonly asked: Effect[] = [];
  readonly messages: Message[] = [];
  readonly world: World;
  private readonly files: Readonly<Record<string, string>>;

  constructor(opened: Opened = {}) {
    this.world = worldFor(opened);
    this.files = opened.files ?? {};
    const [state, effects] = start(this.world);
    this.state = state;
    this.perform(effects);
  }

  get desk(): Desk {
    assert.ok(this.state.desk, 'the map is open, no lesson');
    return this.state.desk;
  }

  hears(message: Message): this {
    this.messages.push(message);
    const [state, effects] = update(this.state, message);
    this.state = state;
    this.perform(effects);
    return this;
  }

  private perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      this.asked.push(effect);
      switch (effect.kind) {
        case 'save-progress': this.saved = effect.progress; break;
        case 'load-lesson': this.hears({ kind: 'lesson-loaded', lesson: realLesson(effect.name) }); break;
        case 'read-files': {
          const found = effect.paths.filter((name) => Object.hasOwn(this.files, name));
          this.hears({ kind: 'files-read', files: Object.fromEntries(found.map((name) => [name, this.files[name] ?? ''])), missing: effect.paths.filter((name) => !found.includes(name)) });
          break;
        }
        case 'quit': this.left = effect.status; break;
        case 'beat': if (effect.in === 0) this.hears({ kind: 'beat' }); break;
        case 'suspend': case 'open-external-editor': break;
      }
    }
  }

  /** Keys by their names: `tab`, `C-r`, `?`, `a`. */
  press(...names: readonly string[]): this {
    for (const name of names) {
      const text = known[name] ?? ([...name].length === 1 ? name : null);
      const message = messageForKey(this.state, { name, text });
      if (message !== null) this.hears(message);
    }
    return this;
  }

  /** Letter by letter. */
  types(text: string): this {
    return this.press(...[...text].map((letter) => (letter === ' ' ? 'space' : letter)));
  }

  /** A whole line in the terminal pane. */
  runs(text: string): this {
    if (this.desk.focus !== 'terminal') this.press('5');
    return this.types(text).press('enter');
  }

  clicks(x: number, y: number, action: Mouse['action'] = 'down'): this {
    const message = messageForMouse(this.state, { action, x, y });
    return message === null ? this : this.hears(message);
  }

  resizes(columns: number, rows: number): this {
    return this.hears({ kind: 'resized', columns, rows });
  }

  get screen(): string {
    return frameText(frameOf(this.state));
  }

  /** The text stands on the screen, be it broken over lines. */
  sees(...texts: readonly string[]): this {
    const { screen } = this;
    // Box by box: what stands beside it in another pane is not in the sentence.
    const flat = frameOf(this.state).boxes.map((box) => [box.title, ...box.lines].map((line) => line.map((one) => one.text).join('')).join(' ').replace(/[│┌┐└┘─]/g, ' ').replace(/\s+/g, ' '));
    for (const text of texts) assert.ok(screen.includes(text) || flat.some((one) => one.includes(text)), `"${text}" is not on the screen:\n${screen}`);
    return this;
  }

  seesNot(...texts: readonly string[]): this {
    const { screen } = this;
    for (const text of texts) assert.ok(!screen.includes(text), `"${text}" is on the screen:\n${screen}`);
    return this;
  }
}

export const sharedFolder = path.join(root, '../shared');
export const hasShared = existsSync(sharedFolder);
