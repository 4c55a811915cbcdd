// The verbs of kubectl, one line each, and what kubectl has and the lab has not.
import { apiResources, clusterInfo, config, version } from './about-verbs.ts';
import { apply, replace } from './apply.ts';
import type { Verb } from './command.ts';
import { deleteVerb } from './delete.ts';
import { describe } from './describe.ts';
import { edit } from './edit.ts';
import { exec } from './exec.ts';
import { get } from './get.ts';
import { annotate, label } from './label.ts';
import { create, expose, run } from './make-objects.ts';
import { patch } from './patch.ts';
import { rollout, scale, set } from './template-verbs.ts';

export const verbs: readonly Verb[] = [get, describe, apply, create, edit, patch, replace, deleteVerb, label, annotate, scale, set, rollout, expose, run, exec, config, apiResources, clusterInfo, version];

/** Verbs of kubectl that the lab does not have, with what to do instead. */
export const missingVerbs: Readonly<Record<string, string>> = {
  alpha: 'kubectl alpha',
  attach: 'attach: processes of the simulation print nothing; use kubectl exec',
  auth: 'access control: everything is allowed here',
  autoscale: 'autoscaler: use kubectl scale',
  certificate: 'certificates',
  completion: 'kubectl completion: Tab completes here already',
  cordon: 'kubectl cordon',
  cp: 'files in its containers',
  debug: 'debug containers yet: run a pod of your own with kubectl run',
  diff: 'kubectl diff yet: kubectl apply says what changed',
  drain: 'kubectl drain',
  events: 'events yet: kubectl describe and the panes tell what happened',
  explain: 'kubectl explain yet: the documentation of the fields is at https://kubernetes.io/docs/reference/',
  kustomize: 'kustomize: apply the files themselves',
  kuberc: 'kuberc files',
  logs: 'logs: processes of the simulation print nothing',
  options: 'kubectl options',
  plugin: 'plugins',
  'port-forward': 'port-forward yet; it would enter the pod over localhost and prove neither Service nor policy',
  proxy: 'way out of the terminal for kubectl proxy',
  taint: 'kubectl taint',
  top: 'metrics',
  uncordon: 'kubectl uncordon',
  wait: 'need for kubectl wait: its controllers answer at once',
};
