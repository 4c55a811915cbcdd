// The manifests are what a real API server would take, with one Cluster document, and every pod says what it listens on.
import { listenAnnotation } from '../../sim/controlplane/processes.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import { decode } from '../../sim/cluster/decode.ts';
import type { SourceFile } from '../../sim/lab.ts';
import type { Proof } from './proof.ts';
import { count, problemsText } from './proof.ts';
import { objectKey } from '../globs.ts';
import { refOf } from '../../sim/model/object.ts';

function valueAt(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce((holder, name) => (typeof holder === 'object' && holder !== null ? Object.entries(holder).find(([key]) => key === name)?.[1] : undefined), value);
}

const workloads = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController']);

/** Whether what a pod listens on is said, where the object makes pods. */
function saysListen(object: KubeObject): boolean {
  if (object.kind !== 'Pod' && !workloads.has(object.kind)) return true;
  const metadata = object.kind === 'Pod' ? object.metadata : valueAt(object, 'spec', 'template', 'metadata');
  const annotations = valueAt(metadata, 'annotations');
  return typeof annotations === 'object' && annotations !== null && Object.keys(annotations).some((name) => name === listenAnnotation || name.startsWith(`${listenAnnotation}.`));
}

function filesAgainst(files: readonly SourceFile[]): { readonly objects: readonly KubeObject[]; readonly against: string[] } {
  const decoded = decode(files);
  if (!decoded.ok) return { objects: [], against: [problemsText(decoded.failures)] };
  const objects = decoded.value.documents.map((document) => document.object);
  return { objects, against: objects.filter((object) => !saysListen(object)).map((object) => `${objectKey(refOf(object))} does not say what it listens on: add the annotation ${listenAnnotation} ("" for nothing)`) };
}

export const manifestsValid: Proof = {
  name: 'manifests-valid',
  against: ({ lesson, broken, applied }) => {
    const { objects, against } = filesAgainst(lesson.cluster);
    const clusters = objects.filter((object) => object.kind === 'Cluster').length;
    return [
      ...against,
      ...(clusters === 1 ? [] : [`there ${clusters === 0 ? 'is no Cluster document' : `are ${clusters} Cluster documents`}; a lesson has one`]),
      ...broken.warnings.map((warning) => problemsText([warning])),
      ...[...lesson.solutions, ...lesson.traps].flatMap((fix) => {
        const lab = applied(fix);
        return [...filesAgainst(fix.files).against, ...(lab.ok ? [] : [`${fix.name}: ${problemsText(lab.failures)}`])];
      }),
    ];
  },
  proven: ({ lesson }) => `${count(lesson.cluster.length, 'file')} of the cluster, ${count(lesson.solutions.length + lesson.traps.length, 'fix')} apply`.replace(/fixs/, 'fixes'),
};
