// The labels by which a repair would name a pod: what its owner calls it, and nothing that a controller has made up.
import type { Labels } from '../../model/object.ts';

/** What people put on a workload's pods to tell them from others, the most particular first (docs, "Recommended Labels"). */
const naming = ['app', 'app.kubernetes.io/name', 'k8s-app', 'run', 'name', 'app.kubernetes.io/component', 'component', 'role', 'tier'] as const;

const madeUp = /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|statefulset\.kubernetes\.io\/.*|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.*)$/;

/** One label that names the pod, else all that somebody has written. None: the pod has no labels, and only "all pods" has it. */
export function namingLabels(labels: Labels): Labels {
  const key = naming.find((one) => Object.hasOwn(labels, one));
  if (key !== undefined) return { [key]: labels[key] ?? '' };
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !madeUp.test(name)));
}
