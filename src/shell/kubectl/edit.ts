// kubectl edit: the object as text, an editor, and what is made of what came back.
import { decodeOne } from '../../sim/cluster/decode.ts';
import { kindOf } from '../../sim/cluster/kinds.ts';
import { sameJson } from '../../sim/cluster/record.ts';
import { find } from '../../sim/cluster/store.ts';
import type { Lab } from '../../sim/lab.ts';
import { change } from '../../sim/lab.ts';
import type { ObjectRef } from '../../sim/model/object.ts';
import { refOf } from '../../sim/model/object.ts';
import { both, failed } from '../command.ts';
import type { Answer, Done } from '../command.ts';
import { complain, lacks } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { causeText, isFieldProblem, outcomeText, refusal } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { allFound, meaningsOf, resourceName, selectObjects } from './find-objects.ts';
import { fileFlags, outputFlag, selectorFlag, switchFlag, textFlag, textOf } from './flags.ts';
import { shown, yamlText } from './print-object.ts';

export const edit: Verb = {
  name: 'edit', about: 'Edit a resource on the server', completes: 'objects',
  flags: [...fileFlags, selectorFlag, outputFlag, switchFlag('output-patch'), switchFlag('windows-line-endings'), textFlag('subresource'), switchFlag('save-config'), textFlag('validate'), textFlag('field-manager')],
  run,
};

const heading = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

function run(call: VerbCall): Answer {
  if (call.words.length === 0) return complain("You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
  if (textOf(call.flags, 'output') === 'json') return lacks('editing as JSON; it edits YAML');
  const selected = selectObjects(call, call.words);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const found = allFound(selected.value);
  const [first, second] = found;
  if (selected.value.missing.length > 0) return failed(selected.value.missing.join('\n'));
  if (first === undefined) return failed('edit cancelled, no objects found');
  if (second !== undefined) return lacks('editing of several objects at once: name one');
  return { kind: 'edit', ref: refOf(first.stored.object), text: heading + yamlText(shown(first.stored)) };
}

/** What came of an edit: an answer, and where it was refused the text to open again. */
export interface Edited {
  readonly answer: Done;
  readonly again: string | null;
}

const stripped = (text: string): string => text.split('\n').filter((line) => !line.startsWith('#')).join('\n').trim();

/** `original` is the text that the editor was opened with. */
export function afterEdit(lab: Lab, ref: ObjectRef, original: string, text: string): Edited {
  const end = (answer: Done): Edited => ({ answer, again: null });
  // A text that was opened again says above what was wrong with it.
  const reopened = /^# \S.* was not valid/m.test(original);
  if (stripped(original) === stripped(text)) return end(reopened ? failed('error: Edit cancelled, no valid changes were saved.') : both('', 'Edit cancelled, no changes made.', 0));
  if (stripped(text) === '') return end(both('', 'Edit cancelled, saved file was empty.', 0));
  const stored = find(lab.store, ref);
  if (stored === undefined) return end(failed(`error: ${ref.kind.toLowerCase()} "${ref.name}" could not be found on the server`));
  const kind = kindOf(stored.object, lab.store);
  const again = (says: string, lines: readonly string[], error: string): Edited => {
    const comment = `# ${says}:\n${lines.map((line) => `# * ${line.replace(/\n/g, '\n# ')}\n`).join('')}#\n`;
    return { answer: failed(error), again: `${heading}${comment}${text.split('\n').filter((line) => !line.startsWith('#')).join('\n')}` };
  };
  const decoded = decodeOne(text, 'edited');
  if (!decoded.ok) {
    const lines = decoded.failures.map((problem) => `${problem.where?.line === null || problem.where?.line === undefined ? '' : `line ${problem.where.line}: `}${problem.says}`);
    return again(`${resourceName(kind)} "${ref.name}" was not valid`, [`<nil>: Invalid value: "The edited file failed validation": yaml: ${lines.join('; ')}`], `error: ${resourceName(kind)} "${ref.name}" is invalid`);
  }
  const { object } = decoded.value;
  if (object.kind !== stored.object.kind || object.metadata.name !== ref.name) {
    return again(`${resourceName(kind)} "${ref.name}" was not valid`, ['At least one of apiVersion, kind and name was changed'], 'error: At least one of apiVersion, kind and name was changed');
  }
  const edited = kind.namespaced && object.metadata.namespace === undefined ? { ...object, metadata: { ...object.metadata, namespace: ref.namespace } } : object;
  const wish: Wish = { change: { verb: 'replace', object: edited, origin: null }, kind, name: ref.name, source: null };
  const meanings = meaningsOf('edit', [kind]);
  // The editor was opened with everything that the server knows, so that nothing else can have changed in between.
  if (sameJson(edited, shown(stored))) return end(both(outcomeText(wish, 'skipped'), '', 0, { meanings }));
  const done = change(lab, [wish.change]);
  if (done.ok) {
    const warnings = done.value.outcomes.flatMap((outcome) => outcome.warnings).map((warning) => `Warning: ${warning}\n`).join('');
    return end(both(outcomeText(wish, 'edited'), warnings, 0, { lab: done.value.lab, meanings }));
  }
  const causes = done.failures.filter(isFieldProblem).map(causeText);
  // Simplified: kubectl sends what was edited as a patch, and what cannot be read comes back with that patch as Go prints it (`patch: Invalid value: "map[…]": strict decoding error: …`).
  const unread = done.failures.filter((problem) => problem.code === 'unknown-field' || problem.code === 'wrong-type').map(({ says }) => says);
  if (causes.length > 0) return again(`${resourceName(kind)} "${ref.name}" was not valid`, unread.length > 0 ? unread : causes, `error: ${resourceName(kind)} "${ref.name}" is invalid`);
  const says = refusal(wish, done.failures).trimEnd().replace(/^Error from server( \(\w+\))?: /, '');
  return again(`${resourceName(kind)} "${ref.name}" was not valid`, [says], `error: ${resourceName(kind)} "${ref.name}" could not be patched: ${says}`);
}
