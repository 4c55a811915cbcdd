// kubectl auth: who the learner is and what that may do. The lab has no access control: its user is an administrator.
import { both, failed, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { kindNamed } from '../../sim/cluster/kinds.ts';
import { table } from '../layout.ts';
import { lacks, subcommandHelp, usage } from './command.ts';
import type { Verb } from './command.ts';
import { allNamespacesFlag, isOn, outputFlag, switchFlag, textFlag } from './flags.ts';

export const auth: Verb = {
  name: 'auth', about: 'Inspect authorization', completes: 'subcommands', subcommands: ['can-i', 'whoami'],
  flags: [allNamespacesFlag, switchFlag('list'), switchFlag('quiet', 'q'), textFlag('subresource'), switchFlag('no-headers'), outputFlag],
  run: (call): Answer => {
    const [sub, verb, resource, ...more] = call.words;
    const beside = { meanings: [`auth ${sub ?? ''}`.trim()] };
    switch (sub) {
      case 'whoami': return printed(table(['ATTRIBUTE', 'VALUE'], [['Username', 'learner'], ['UID', 'learner'], ['Groups', '[system:masters system:authenticated]']]), beside);
      case 'can-i': {
        if (isOn(call.flags, 'list')) return printed(table(isOn(call.flags, 'no-headers') ? null : ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'], [['*.*', '[]', '[]', '[*]'], ['', '[*]', '[]', '[*]']]), beside);
        if (verb === undefined || resource === undefined || more.length > 0) return failed("error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.");
        const type = resource.replace(/\/.*$/, '');
        const unknown = type === '*' || resource.startsWith('/') || kindNamed(type, call.lab.store) !== undefined ? '' : `Warning: the server doesn't have a resource type '${type}'\n\n`;
        const text = isOn(call.flags, 'quiet') ? '' : 'yes\n';
        return { kind: 'done', status: 0, output: [...(unknown === '' ? [] : [{ stream: 'err' as const, text: unknown }]), ...(text === '' ? [] : [{ stream: 'out' as const, text }])], ...beside };
      }
      case 'reconcile': return lacks('kubectl auth reconcile: it has no access control');
      case undefined: return both('', subcommandHelp('auth', 'Inspect authorization.', [['can-i', 'Check whether an action is allowed'], ['reconcile', 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects'], ['whoami', 'Experimental: Check self subject attributes']], 'kubectl auth [flags] [options]'), 1);
      default: return usage('auth', `unknown command "${sub}"`);
    }
  },
};
