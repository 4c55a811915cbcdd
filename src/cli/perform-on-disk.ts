// The app's wishes granted on this machine: progress in the data folder, lessons of the package, files of the person, the person's own editor.
import { dataFolder } from '../disk/data-folder.ts';
import { editText, editorOf } from '../disk/external-editor.ts';
import { readNamed } from '../disk/manifests.ts';
import { saveProgress } from '../disk/progress.ts';
import { scheduleReviews } from '../lesson/reviews.ts';
import type { Caller } from './caller.ts';
import { loadLesson } from './cluster.ts';
import type { Perform } from './perform.ts';
import { problemText } from './tell-problems.ts';

/** `readOnly` is why progress is not kept in this run (a file of a newer version); it was told already. */
export function performOnDisk(caller: Caller, readOnly: boolean): Perform {
  const folder = dataFolder(caller.env, caller.platform);
  let told = readOnly;
  const faultsOf = (name: string): readonly string[] => {
    const lesson = loadLesson(name, caller);
    return lesson.ok ? lesson.value.faults : [];
  };
  return {
    now(effect) {
      switch (effect.kind) {
        case 'save-progress': {
          if (readOnly) return null;
          const saved = saveProgress(folder, effect.progress, (before, after) => scheduleReviews(before, after, faultsOf));
          // A full disk is told once, not at every step.
          if (saved.ok || told) return null;
          told = true;
          return { kind: 'told', text: `Progress is not kept: ${saved.failures.map(problemText).join('; ')}` };
        }
        case 'load-lesson': {
          const lesson = loadLesson(effect.name, caller, effect.language);
          return lesson.ok ? { kind: 'lesson-loaded', lesson: lesson.value } : { kind: 'lesson-failed', problems: lesson.failures };
        }
        case 'read-files': return { kind: 'files-read', ...readNamed(effect.paths, caller.folder) };
      }
    },
    async edit(text) {
      const changed = editText(text, 'edit.yaml', editorOf(caller.env) ?? 'vi', caller.platform);
      return { kind: 'external-editor-closed', text: changed.ok ? changed.value : null };
    },
  };
}
