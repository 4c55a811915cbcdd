// kubectl patch: a change of some fields, as a strategic merge, a JSON merge or a list of JSON Patch operations.
import { decodePatch } from './read-patch.ts';
import { refOf } from '../../sim/model/object.ts';
import { both, failed } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { attempt, dryRunOf, outcomeText, said, saidAll } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { allFound, meaningsOf, selectObjects } from './find-objects.ts';
import { dryRunFlag, fileFlags, outputFlag, switchFlag, textFlag, textOf } from './flags.ts';

export const patch: Verb = {
  name: 'patch', about: 'Update fields of a resource', completes: 'objects',
  flags: [...fileFlags, textFlag('patch', 'p'), textFlag('type'), textFlag('patch-file'), dryRunFlag, outputFlag, textFlag('subresource'), switchFlag('local'), textFlag('field-manager')],
  run,
};

function run(call: VerbCall): Answer {
  const path = textOf(call.flags, 'patch-file');
  const inline = textOf(call.flags, 'patch');
  if (path !== undefined && inline !== undefined) return complain('cannot specify --patch and --patch-file together');
  if (path === undefined && inline === undefined) return complain('must specify --patch or --patch-file containing the contents of the patch');
  const type = textOf(call.flags, 'type') ?? 'strategic';
  if (type !== 'strategic' && type !== 'merge' && type !== 'json') return complain(`--type must be one of [json merge strategic], not "${type}"`);
  if (call.words.length === 0) return complain("You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
  let text = inline ?? '';
  if (path !== undefined) {
    const { inputs } = call;
    const read = Object.hasOwn(inputs.files, path) ? inputs.files[path] : undefined;
    if (read === undefined && !(inputs.missing ?? []).includes(path)) return { kind: 'files', paths: [path] };
    if (read === undefined) return complain(`unable to read patch file: open ${path}: no such file or directory`);
    text = read;
  }
  const parsed = decodePatch(text);
  // What begins like JSON is handed on as it is, and the server reads it.
  if (!parsed.ok && /^\s*\{/.test(text)) return failed('Error from server (BadRequest): invalid JSON patch');
  if (!parsed.ok) return complain(`unable to parse ${JSON.stringify(text)}: ${parsed.failures.join('; ')}`);
  const selected = selectObjects(call, call.words, false);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const found = allFound(selected.value);
  const meanings = meaningsOf('patch', selected.value.groups.map((group) => group.kind));
  const missing = selected.value.missing.map((line) => `${line}\n`).join('');
  const wishes = found.map(({ kind, stored }): Wish => ({ kind, name: stored.object.metadata.name, source: null, change: { verb: 'patch', ref: refOf(stored.object), type, patch: parsed.value } }));
  const granted = attempt(call, wishes);
  const out = saidAll(call, wishes.map((wish, index) => {
    const outcome = granted.outcomes[index];
    // What the server would do, kubectl words as done.
    const word = outcome?.result === 'unchanged' ? 'patched (no change)' : 'patched';
    return outcome === null || outcome === undefined ? '' : dryRunOf(call.flags) === 'server' && textOf(call.flags, 'output') === undefined ? outcomeText(wish, word) : said(call, wish, word, granted.seen);
  }));
  return both(out, missing + granted.errors, granted.refused > 0 || missing !== '' ? 1 : 0, { lab: granted.lab, meanings });
}
