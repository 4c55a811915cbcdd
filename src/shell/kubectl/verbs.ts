// The verbs of kubectl, one line each, and what kubectl has and the lab has not.
import { apiResources, apiVersions, clusterInfo, config, version } from './about-verbs.ts';
import { apply, replace } from './apply.ts';
import { auth } from './auth.ts';
import type { Verb } from './command.ts';
import { debug } from './debug.ts';
import { deleteVerb } from './delete.ts';
import { describe } from './describe.ts';
import { diff } from './diff.ts';
import { edit } from './edit.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { get } from './get.ts';
import { annotate, label } from './label.ts';
import { logs } from './logs.ts';
import { create, expose, run } from './make-objects.ts';
import { cordon, drain, taint, uncordon } from './node-verbs.ts';
import { patch } from './patch.ts';
import { portForward } from './port-forward.ts';
import { rollout } from './rollout.ts';
import { scale } from './scale.ts';
import { set } from './set.ts';
import { completion, plugin, top } from './small-verbs.ts';
import { wait } from './wait.ts';

export const verbs: readonly Verb[] = [get, describe, apply, diff, create, edit, patch, replace, deleteVerb, label, annotate, scale, set, rollout, expose, run, exec, logs, events, debug, portForward, explain, wait, cordon, uncordon, drain, taint, auth, config, apiResources, apiVersions, clusterInfo, version, completion, plugin, top];

/** Verbs of kubectl that the lab does not have, with what to do instead. */
export const missingVerbs: Readonly<Record<string, string>> = {
  alpha: 'kubectl alpha',
  attach: 'attach: processes of the simulation print nothing; use kubectl exec',
  autoscale: 'autoscaler: use kubectl scale',
  certificate: 'certificates',
  cp: 'files in its containers',
  kustomize: 'kustomize: apply the files themselves',
  kuberc: 'kuberc files',
  options: 'kubectl options; kubectl COMMAND --help lists what it reads',
  proxy: 'way out of the terminal for kubectl proxy',
};
