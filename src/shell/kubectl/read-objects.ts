// The objects of `-f`: files that the session was given, or standard input; every object with its kind and its namespace.
import { decode } from '../../sim/cluster/decode.ts';
import { byText } from '../../sim/base/order.ts';
import { allKinds, kindOf } from '../../sim/cluster/kinds.ts';
import { splitVersion } from '../../sim/cluster/kinds/not-simulated.ts';
import { resourceOf } from '../../sim/cluster/schema/shape.ts';
import { textAt } from '../describe/writer.ts';
import type { Kind } from '../../sim/cluster/kinds.ts';
import type { Origin, Store } from '../../sim/cluster/store.ts';
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

/** `errors`: lines about what could not be read; the rest is given. */
export type ReadObjects = { readonly kind: 'objects'; readonly objects: readonly ReadObject[]; readonly errors: string } | { readonly kind: 'answer'; readonly answer: Answer };

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
  const objects: ReadObject[] = [];
  let errors = '';
  let wrong = 0;
  const refuse = (line: string): void => {
    errors += `${line}\n`;
    wrong += 1;
  };
  for (const path of paths) {
    const source = path === '-' ? 'STDIN' : path;
    if (path !== '-' && !Object.hasOwn(inputs.files, path)) {
      refuse(`error: the path "${path}" does not exist`);
      continue;
    }
    const text = path === '-' ? call.stdin ?? inputs.stdin ?? '' : inputs.files[path] ?? '';
    const decoded = decode([{ path: source, text }]);
    if (!decoded.ok) {
      refuse(unreadableFile(decoded.failures, source));
      continue;
    }
    for (const { object, origin } of decoded.value.documents) {
      const kind = kindOf(object, call.lab.store);
      const own = object.metadata.namespace;
      const given = textOf(call.flags, 'namespace');
      if (!isServed(object, call.lab.store)) {
        refuse(`error: resource mapping not found for name: "${object.metadata.name}" namespace: "${own ?? ''}" from "${source}": no matches for kind "${object.kind}" in version "${object.apiVersion}"\nensure CRDs are installed first`);
        continue;
      }
      if (kind.namespaced && own !== undefined && given !== undefined && own !== given) {
        refuse(`error: the namespace from the provided object "${own}" does not match the namespace "${given}". You must pass '--namespace=${own}' to perform this operation.`);
        continue;
      }
      const namespaced = kind.namespaced && own === undefined ? { ...object, metadata: { ...object.metadata, namespace: call.target } } : object;
      objects.push({ object: namespaced, kind, origin, source });
    }
  }
  if (objects.length === 0) return stop(wrong > 0 ? failed(errors) : complain(`no objects passed to ${call.verb}`));
  return { kind: 'objects', objects, errors };
}

// What plugins and load balancers bring definitions for: an object of theirs is kept, although nothing reads it.
const brought = /(^|\.)(cilium\.io|projectcalico\.org|metallb\.io|k8s\.aws|k8snet-lab)$/;

/** Whether the server has the kind: of its own, of a definition, or of an object that is there already. */
function isServed(object: KubeObject, store: Store): boolean {
  const [group, version] = splitVersion(object.apiVersion);
  if (resourceOf(object.apiVersion, object.kind) !== undefined || brought.test(group)) return true;
  const known = allKinds().find((kind) => kind.kind === object.kind && kind.group === group);
  if (known !== undefined) return known.versions.includes(version);
  return [...store.objects.values()].some(({ object: other }) => (other.kind === object.kind && splitVersion(other.apiVersion)[0] === group)
    || (other.kind === 'CustomResourceDefinition' && textAt(other, 'spec', 'group') === group && textAt(other, 'spec', 'names', 'kind') === object.kind));
}

/** All problems of a file in kubectl's words. */
function unreadableFile(problems: readonly Problem[], source: string): string {
  const unset = [...new Set(problems.flatMap(({ says }) => (says === "Object 'Kind' is missing" ? ['kind not set'] : says === 'apiVersion not set' ? [says] : [])))].sort(byText);
  if (unset.length > 0) return `error: error validating "${source}": error validating data: ${unset.length > 1 ? `[${unset.join(', ')}]` : unset[0] ?? ''}; if you choose to ignore these errors, turn validation off with --validate=false`;
  return problems.map((problem) => unreadable(problem, source)).join('\n');
}

function unreadable(problem: Problem, source: string): string {
  const line = problem.where?.line ?? null;
  if (problem.code === 'yaml-syntax') return `error: error parsing ${source}: error converting YAML to JSON: yaml: ${line === null ? '' : `line ${line}: `}${problem.says}`;
  return `error: unable to decode "${source}": ${line === null ? '' : `line ${line}: `}${problem.says}`;
}
