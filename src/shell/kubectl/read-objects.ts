// The objects of `-f`: files that the session was given, or standard input; every object with its kind and its namespace.
import { decode } from '../../sim/cluster/decode.ts';
import { kindOf } from '../../sim/cluster/kinds.ts';
import type { Kind } from '../../sim/cluster/kinds.ts';
import type { Origin } from '../../sim/cluster/store.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import type { Problem } from '../../sim/model/problem.ts';
import { failed } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain, lacks } from './command.ts';
import type { VerbCall } from './command.ts';
import { textOf, textsOf } from './flags.ts';

export interface ReadObject {
  readonly object: KubeObject;
  readonly kind: Kind;
  readonly origin: Origin;
  /** As error messages name it: the path, or STDIN. */
  readonly source: string;
}

export type ReadObjects = { readonly kind: 'objects'; readonly objects: readonly ReadObject[] } | { readonly kind: 'answer'; readonly answer: Answer };

/** Reads what `-f` names. An answer instead: files are wanted first, or something is wrong with them. */
export function readObjects(call: VerbCall): ReadObjects {
  const stop = (answer: Answer): ReadObjects => ({ kind: 'answer', answer });
  if (textOf(call.flags, 'kustomize') !== undefined) return stop(lacks('kustomize: apply the files themselves'));
  const paths = textsOf(call.flags, 'filename').flatMap((text) => text.split(','));
  const remote = paths.find((path) => /^https?:\/\//.test(path));
  if (remote !== undefined) return stop(lacks('way to the internet: save the manifest as a file first'));
  const files = paths.filter((path) => path !== '-');
  const { inputs } = call;
  const wanted = files.filter((path) => !Object.hasOwn(inputs.files, path) && !(inputs.missing ?? []).includes(path));
  if (wanted.length > 0) return stop({ kind: 'files', paths: wanted });
  const absent = files.find((path) => !Object.hasOwn(inputs.files, path));
  if (absent !== undefined) return stop(complain(`the path "${absent}" does not exist`));
  const objects: ReadObject[] = [];
  for (const path of paths) {
    const source = path === '-' ? 'STDIN' : path;
    const text = path === '-' ? call.stdin ?? inputs.stdin ?? '' : inputs.files[path] ?? '';
    const decoded = decode([{ path: source, text }]);
    if (!decoded.ok) return stop(failed(decoded.failures.map((problem) => unreadable(problem, source)).join('\n')));
    for (const { object, origin } of decoded.value.documents) {
      const kind = kindOf(object, call.lab.store);
      const own = object.metadata.namespace;
      const given = textOf(call.flags, 'namespace');
      if (kind.namespaced && own !== undefined && given !== undefined && own !== given) {
        return stop(complain(`the namespace from the provided object "${own}" does not match the namespace "${given}". You must pass '--namespace=${own}' to perform this operation.`));
      }
      const namespaced = kind.namespaced && own === undefined ? { ...object, metadata: { ...object.metadata, namespace: call.target } } : object;
      objects.push({ object: namespaced, kind, origin, source });
    }
  }
  if (objects.length === 0) return stop(complain(`no objects passed to ${call.verb}`));
  return { kind: 'objects', objects };
}

function unreadable(problem: Problem, source: string): string {
  const line = problem.where?.line ?? null;
  if (problem.code === 'yaml-syntax') return `error: error parsing ${source}: error converting YAML to JSON: yaml: ${line === null ? '' : `line ${line}: `}${problem.says}`;
  return `error: unable to decode "${source}": ${line === null ? '' : `line ${line}: `}${problem.says}`;
}
