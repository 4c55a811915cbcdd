// The manifests are what a real API server would take, with one Cluster document, and every pod says what it listens on.
import { listenAnnotation } from '../../sim/controlplane/processes.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import type { Proof } from './proof.ts';
import { count, problemsText } from './proof.ts';
import { objectKey } from '../globs.ts';
import { refOf } from '../../sim/model/object.ts';
import { keyOf } from '../../sim/cluster/store.ts';
import { valueAt } from '../field-paths.ts';

const workloads = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController']);

/** Whether what a pod listens on is said, where the object makes pods. */
function saysListen(object: KubeObject): boolean {
  if (object.kind !== 'Pod' && !workloads.has(object.kind)) return true;
  const annotations = valueAt(object, object.kind === 'Pod' ? ['metadata', 'annotations'] : ['spec', 'template', 'metadata', 'annotations']);
  return typeof annotations === 'object' && annotations !== null && Object.keys(annotations).some((name) => name === listenAnnotation || name.startsWith(`${listenAnnotation}.`));
}

const silent = (objects: readonly KubeObject[]): string[] =>
  objects.filter((object) => !saysListen(object)).map((object) => `${objectKey(refOf(object))} does not say what it listens on: add the annotation ${listenAnnotation} ("" for nothing)`);

export const manifestsValid: Proof = {
  name: 'manifests-valid',
  against: ({ lesson, broken, applied, touched }) => {
    const declared = [...broken.store.objects.values()].filter(({ origin, implied }) => origin !== null && !implied).map(({ object }) => object);
    const clusters = declared.filter((object) => object.kind === 'Cluster').length;
    return [
      ...silent(declared),
      ...(clusters === 1 ? [] : [`there ${clusters === 0 ? 'is no Cluster document' : `are ${clusters} Cluster documents`}; a lesson has one`]),
      // What the way in says of a broken Ingress is the lesson's own matter.
      ...broken.warnings.filter((warning) => !broken.network.edge.problems.includes(warning)).map((warning) => problemsText([warning])),
      ...[...lesson.solutions, ...lesson.traps].flatMap((fix) => {
        const lab = applied(fix);
        if (!lab.ok) return [`${fix.name}: ${problemsText(lab.failures)}`];
        const after = touched(fix).flatMap(({ ref, how }) => (how === 'deleted' || (how === 'changed' && ref.kind === 'Pod') ? [] : lab.value.store.objects.get(keyOf(ref))?.object ?? []));
        return silent(after).map((sentence) => `${fix.name}: ${sentence}`);
      }),
    ];
  },
  proven: ({ lesson }) => `${count(lesson.cluster.length, 'file')} of the cluster, ${count(lesson.solutions.length + lesson.traps.length, 'fix')} apply`.replace(/fixs/, 'fixes'),
};
