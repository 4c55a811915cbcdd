// kubectl scale.
import { numberAt } from '../describe/writer.ts';
import { changeEach, severalFlags } from './change-each.ts';
import { complain } from './command.ts';
import type { Verb } from './command.ts';
import { numberFlag, numberOf, textFlag } from './flags.ts';

export const scale: Verb = {
  name: 'scale', about: 'Set a new size for a deployment, replica set, or replication controller', completes: 'objects',
  flags: [...severalFlags, numberFlag('replicas'), numberFlag('current-replicas'), textFlag('resource-version'), textFlag('timeout')],
  run: (call) => {
    const replicas = numberOf(call.flags, 'replicas');
    if (replicas === undefined) return complain('required flag(s) "replicas" not set');
    if (replicas < 0) return complain('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    if (call.words.length === 0) return complain('no objects passed to scale');
    return changeEach(call, call.words, 'scaled', ({ stored, kind }) => {
      if (!['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(stored.object.kind)) return { problem: `Error from server (NotFound): the server could not find the requested resource` };
      const current = numberOf(call.flags, 'current-replicas');
      if (current !== undefined && current !== -1 && current !== numberAt(stored.object, 'spec', 'replicas')) return { problem: `error: Expected replicas to be ${current}, was ${numberAt(stored.object, 'spec', 'replicas')}` };
      return { type: 'merge', patch: { spec: { replicas } }, always: kind.kind !== '' };
    });
  },
};
