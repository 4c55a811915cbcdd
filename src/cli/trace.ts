// `trace`: one request, hop by hop.
import { evidence, words } from '../shell/shell.ts';
import { parseSource, parseTarget, send, traceWarnings } from '../sim/lab.ts';
import { answer, withOutput } from './answer.ts';
import type { OutputOption } from './answer.ts';
import type { CliCommand } from './cli-command.ts';
import { withCluster, withMorePaths } from './cluster-options.ts';
import { openCluster } from './cluster.ts';
import type { ClusterFlags } from './cluster.ts';
import { expectOption, meets } from './expect.ts';
import type { Expected } from './expect.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';
import { traceJson, withoutRepair } from './trace-json.ts';
import { traceText } from './trace-text.ts';

interface TraceOptions extends ClusterFlags, OutputOption {
  readonly from: string;
  readonly to: string;
  readonly expect?: Expected;
}

const help = `
SOURCE  NAMESPACE/POD[:CONTAINER] | NAMESPACE/WORKLOAD | NAMESPACE/KIND/NAME | node/NAME | external[/IP][@NODE]
TARGET  [PROTOCOL://]HOST[:PORT][/PATH], PROTOCOL one of http, https, tcp (default), udp, sctp, icmp

Status 0 when delivered, or when what --expect says happens; 1 otherwise.`;

export const trace: CliCommand = {
  declare(command, caller, done) {
    withMorePaths(withOutput(withCluster(command).requiredOption('--from <source>', 'who calls').requiredOption('--to <target>', 'what is called').addOption(expectOption)))
      .addHelpText('after', help)
      .action(async (more: readonly string[], options: TraceOptions) => {
        const lab = await openCluster(options, caller, more);
        if (!lab.ok) return done(wrong(caller, lab.failures));
        const from = parseSource(options.from, lab.value.network);
        const to = parseTarget(options.to);
        if (!from.ok || !to.ok) return done(wrong(caller, [...(from.ok ? [] : from.failures), ...(to.ok ? [] : to.failures)]));
        const sent = send(lab.value, { from: from.value, to: to.value });
        const happened = options.lesson === undefined ? sent : withoutRepair(sent);
        const wording = { words, evidence };
        answer(caller, options.output, () => traceJson(happened, lab.value, wording), () => traceText(happened, lab.value, wording), [...lab.value.warnings, ...traceWarnings(lab.value, happened)]);
        return done(meets(happened, options.expect ?? 'delivered') ? status.holds : status.fails);
      });
  },
};
