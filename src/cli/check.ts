// `check`: applies a fix to a lesson's broken cluster and grades it.
import { applyFix } from '../lesson/apply-fix.ts';
import { decodeSolution, decodeTrap } from '../lesson/decode-fix.ts';
import { grade, gradeLine } from '../lesson/grade.ts';
import type { Fix, Grade } from '../lesson/lesson.ts';
import { shownLine, shownText } from '../lesson/shown-text.ts';
import { evidence, words } from '../shell/shell.ts';
import { openLab } from '../sim/lab.ts';
import type { Lab, SourceFile } from '../sim/lab.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { ReachConnection } from '../sim/model/policy.ts';
import type { Problem } from '../sim/model/problem.ts';
import { answer, withOutput } from './answer.ts';
import type { OutputOption } from './answer.ts';
import type { CliCommand } from './cli-command.ts';
import { filenameOption, withLabFlags } from './cluster-options.ts';
import { labOptions, loadLesson, misuse, pathsOf, readInput } from './cluster.ts';
import type { LabFlags } from './cluster.ts';
import { portsText } from './reach.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';
import { traceJson, withoutRepair } from './trace-json.ts';
import type { Wording } from './trace-json.ts';

interface CheckOptions extends LabFlags, OutputOption {
  readonly filename?: readonly string[];
}

const pathJson = ({ from, to, ports }: ReachConnection): Readonly<Record<string, unknown>> => ({ from, to, ports });

export const gradeJson = (lesson: string, graded: Grade, lab: Lab, wording: Wording): Readonly<Record<string, unknown>> => ({
  lesson,
  solved: graded.solved,
  intents: graded.intents.map(({ say, holds, why, trace }) => ({ say, holds, why, trace: trace === null ? null : traceJson(withoutRepair(trace), lab, wording) })),
  predictions: [],
  diagnosis: null,
  opened: graded.opened.map(pathJson),
  closed: graded.closed.map(pathJson),
  guards: graded.guards.map(({ say, holds }) => ({ say, holds })),
});

const mark = (holds: boolean): string => (holds ? '✓' : '✗');
const pathText = (sign: string) => ({ from, to, ports }: ReachConnection): string => `  ${sign} ${from} → ${to}  ${portsText(ports)}`;

export function gradeText(lesson: string, graded: Grade): string {
  const lines = [
    `${lesson}: ${graded.solved ? 'solved' : 'not solved'}`,
    ...graded.intents.flatMap(({ say, holds, why }) => [`${mark(holds)} ${shownLine(say)}`, `    ${shownLine(why)}`]),
    ...graded.guards.map(({ say, holds }) => `${mark(holds)} ${shownLine(say)}`),
    ...(graded.opened.length === 0 ? [] : ['Opened, and nobody asked for it:', ...graded.opened.map(pathText('+'))]),
    ...(graded.closed.length === 0 ? [] : ['Closed:', ...graded.closed.map(pathText('-'))]),
    ...graded.messages.map((message) => shownText(message).trimEnd()),
    gradeLine(graded),
  ];
  return `${lines.join('\n')}\n`;
}

/** Manifests, or the solutions and traps of a lesson, which may hold lines for the terminal too: all of them together are the fix. */
export function readFix(files: readonly SourceFile[]): Result<Fix, Problem> {
  const problems: Problem[] = [];
  const fixes = files.flatMap((file) => (/^kind:\s*Trap\s*(#.*)?$/m.test(file.text) ? decodeTrap : decodeSolution)(file, problems) ?? []);
  return problems.length > 0 ? fail(...problems) : succeed({ name: 'fix', files: fixes.flatMap((fix) => fix.files), run: fixes.flatMap(({ run }) => run) });
}

export const check: CliCommand = {
  declare(command, caller, done) {
    withOutput(withLabFlags(command.argument('<lesson>', 'an id, a position in the course, or a folder').argument('[path...]', 'more paths of -f').addOption(filenameOption('the fix: a manifest, a directory or - (repeatable)'))))
      .addHelpText('after', '\nThe fix is applied as kubectl apply does, the broken manifests standing as last applied; documents with `$patch: delete` delete.\n\nStatus 0 when the lesson is solved; 1 otherwise.')
      .action(async (name: string, more: readonly string[], options: CheckOptions) => {
        const paths = pathsOf(options, more);
        if (!paths.ok) return done(wrong(caller, paths.failures));
        if (paths.value.length === 0) return done(wrong(caller, misuse('no fix was given', 'Name its manifests with -f PATH.').failures));
        const lesson = loadLesson(name, caller);
        const files = await readInput(paths.value, caller);
        const fix = files.ok ? readFix(files.value) : files;
        if (!lesson.ok || !fix.ok) return done(wrong(caller, [...(lesson.ok ? [] : lesson.failures), ...(fix.ok ? [] : fix.failures)]));
        const broken = openLab(lesson.value.cluster, labOptions(options));
        if (!broken.ok) return done(wrong(caller, broken.failures));
        const now = applyFix(lesson.value, broken.value, fix.value);
        if (!now.ok) return done(wrong(caller, now.failures));
        const graded = grade(lesson.value, broken.value, now.value);
        answer(caller, options.output, () => gradeJson(lesson.value.name, graded, now.value, { words, evidence }), () => gradeText(lesson.value.name, graded), now.value.warnings);
        return done(graded.solved ? status.holds : status.fails);
      });
  },
};
