// Verbs that find nothing here, with the words in which kubectl finds nothing: completion, plugin, top.
import { both } from '../command.ts';
import { complain, lacks, subcommandHelp, usage } from './command.ts';
import type { Verb } from './command.ts';
import { allNamespacesFlag, fieldSelectorFlag, selectorFlag, switchFlag, textFlag } from './flags.ts';

export const completion: Verb = {
  name: 'completion', about: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)', completes: 'nothing', flags: [],
  run: ({ words: [shell, ...more] }) => {
    if (shell === undefined) return usage('completion', 'Shell not specified.');
    if (more.length > 0) return usage('completion', 'Too many arguments. Expected only the shell type.');
    return ['bash', 'zsh', 'fish', 'powershell'].includes(shell) ? lacks('completion code to load: Tab completes here already') : usage('completion', `Unsupported shell type "${shell}".`);
  },
};

export const plugin: Verb = {
  name: 'plugin', about: 'Provides utilities for interacting with plugins', completes: 'nothing', flags: [switchFlag('name-only')],
  run: ({ words: [word] }) => (word === 'list' ? complain('unable to find any kubectl plugins in your PATH')
    : both('', subcommandHelp('plugin', 'Provides utilities for interacting with plugins.', [['list', "List all visible plugin executables on a user's PATH"]], 'kubectl plugin [flags] [options]'), 1)),
};

export const top: Verb = {
  name: 'top', about: 'Display resource (CPU/memory) usage', completes: 'nothing', flags: [selectorFlag, fieldSelectorFlag, allNamespacesFlag, switchFlag('containers'), switchFlag('no-headers'), textFlag('sort-by'), switchFlag('sum'), switchFlag('use-protocol-buffers'), switchFlag('show-capacity'), switchFlag('show-swap')],
  run: ({ words: [word] }) => (word === undefined ? both('', subcommandHelp('top', 'Display resource (CPU/memory) usage.', [['node', 'Display resource (CPU/memory) usage of nodes'], ['pod', 'Display resource (CPU/memory) usage of pods']], 'kubectl top [flags] [options]'), 1) : complain('Metrics API not available')),
};
