// `open`: the lab on the user's own manifests.
import type { CliCommand } from './cli-command.ts';
import { withCluster, withMorePaths } from './cluster-options.ts';
import { openCluster } from './cluster.ts';
import type { ClusterFlags } from './cluster.ts';
import { withPlayOptions } from './play-options.ts';
import type { PlayOptions } from './play-options.ts';
import { play } from './play.ts';
import { problemText, wrong } from './tell-problems.ts';

export const open: CliCommand = {
  declare(command, caller, done) {
    withMorePaths(withPlayOptions(withCluster(command))).action(async (more: readonly string[], options: ClusterFlags & PlayOptions) => {
      const lab = await openCluster(options, caller, more);
      if (!lab.ok) return done(wrong(caller, lab.failures));
      for (const warning of lab.value.warnings) caller.err(`${problemText({ ...warning, severity: 'warning' })}\n`);
      return done(await play(caller, { kind: 'sandbox', lab: lab.value, title: [...(options.filename ?? []), ...more].join(' ') || (options.lesson ?? '') }, options));
    });
  },
};
