// Changes as the API server takes or refuses them, worded as kubectl words its answers.
import { change } from '../../sim/lab.ts';
import type { Change, Lab, Outcome } from '../../sim/lab.ts';
import { byText } from '../../sim/base/order.ts';
import type { Kind } from '../../sim/cluster/kinds.ts';
import type { Problem } from '../../sim/model/problem.ts';
import { find } from '../../sim/cluster/store.ts';
import { objectName, resourceName } from './find-objects.ts';
import { textOf } from './flags.ts';
import type { Flags } from './flags.ts';
import type { VerbCall } from './command.ts';
import { objectFormats, outputOf, printedAs } from './print-as.ts';
import { shown } from './print-object.ts';

/** One change, the object that it is about, and where it was read. */
export interface Wish {
  readonly change: Change;
  readonly kind: Kind;
  readonly name: string;
  readonly source: string | null;
}

export interface Granted {
  readonly lab: Lab;
  /** By the place of the wish; `null` for one that was refused. */
  readonly outcomes: readonly (Outcome | null)[];
  /** Warnings and errors, as lines. */
  readonly errors: string;
  readonly refused: number;
}

/** Makes the changes as one step where all of them go through, otherwise one by one, as kubectl does: what is good is done. */
export function make(lab: Lab, wishes: readonly Wish[]): Granted {
  if (wishes.length === 0) return { lab, outcomes: [], errors: '', refused: 0 };
  const together = change(lab, wishes.map((wish) => wish.change));
  if (together.ok) {
    const { outcomes } = together.value;
    // Outcomes come in the order of the changes; a change of several objects names its own first.
    const own = wishes.map((wish, index) => (outcomes.length === wishes.length ? outcomes[index] ?? null : outcomes.find((outcome) => outcome.ref.kind === wish.kind.kind && outcome.ref.name === wish.name) ?? null));
    return { lab: together.value.lab, outcomes: own, errors: warnings(own), refused: 0 };
  }
  if (wishes.length === 1) {
    const [wish] = wishes;
    return { lab, outcomes: [null], errors: wish === undefined ? '' : refusal(wish, together.failures), refused: 1 };
  }
  let current = lab;
  let errors = '';
  let refused = 0;
  const outcomes: (Outcome | null)[] = [];
  for (const wish of wishes) {
    const one = make(current, [wish]);
    current = one.lab;
    errors += one.errors;
    refused += one.refused;
    outcomes.push(one.outcomes[0] ?? null);
  }
  return { lab: current, outcomes, errors, refused };
}

const warnings = (outcomes: readonly (Outcome | null)[]): string =>
  [...new Set(outcomes.flatMap((outcome) => outcome?.warnings ?? []))].map((warning) => `${warning.startsWith('Warning: ') ? warning : `Warning: ${warning}`}\n`).join('');

const doing: Readonly<Record<Change['verb'], string>> = { apply: 'applying patch to', create: 'creating', replace: 'replacing', patch: 'patching', delete: 'deleting' };

/** What kubectl prints when the server refuses (k8s.io/kubectl/pkg/cmd/util, StandardErrorMessage). */
export function refusal(wish: Wish, problems: readonly Problem[]): string {
  const source = wish.source === null ? '' : `error when ${wish.change.verb === 'apply' ? 'creating' : doing[wish.change.verb]} "${wish.source}": `;
  const strict = problems.filter((problem) => problem.code === 'unknown-field' || problem.code === 'wrong-type' || problem.code === 'duplicate-field');
  if (strict.length > 0) {
    const version = wish.kind.versions[0] ?? 'v1';
    const wrong = strict.filter((problem) => problem.code === 'wrong-type');
    // The decoder walks the fields of an object by name.
    const says = wrong.length > 0 ? wrong[0]?.says ?? '' : `strict decoding error: ${strict.map((problem) => problem.says.replace(/^strict decoding error: /, '')).sort(byText).join(', ')}`;
    return `Error from server (BadRequest): ${source}${wish.kind.kind} in version "${version}" cannot be handled as a ${wish.kind.kind}: ${says}\n`;
  }
  const [first] = problems;
  if (first === undefined) return '';
  if (first.code === 'not-found') return `Error from server (NotFound): ${source}${/not found/.test(first.says) ? first.says : `${resourceName(wish.kind)} "${wish.name}" not found`}\n`;
  if (first.code === 'already-exists') return `Error from server (AlreadyExists): ${source}${/already exists/.test(first.says) ? first.says : `${resourceName(wish.kind)} "${wish.name}" already exists`}\n`;
  if (first.code === 'conflict') return `Error from server (Conflict): ${source}${first.says}\n`;
  if (first.code === 'bad-request') return `Error from server (BadRequest): ${source}${first.says}\n`;
  if (first.code === 'bad-patch') return badPatch(first.says);
  if (isFieldProblem(first)) {
    const causes = problems.filter(isFieldProblem).map(causeText);
    const head = `The ${wish.kind.kind} "${wish.name}" is invalid: `;
    return causes.length === 1 ? `${head}${causes[0] ?? ''}\n` : `${head}\n${causes.map((cause) => `* ${cause}\n`).join('')}`;
  }
  if (first.code === 'forbidden') return `Error from server (Forbidden): ${source}${first.says}\n`;
  return `Error from server: ${source}${first.says}\n`;
}

/** A patch that the server does not take; what it says of the operations that fail stays with the server. */
function badPatch(says: string): string {
  if (/^the name of the object/.test(says)) return `Error from server (BadRequest): ${says}\n`;
  if (/is not supported by/.test(says)) return `error: ${says}\n`;
  if (/^error decoding patch: a JSON patch is a list$/.test(says)) return 'Error from server (BadRequest): error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp\n';
  return `The request is invalid: ${/operation does not apply|test failed|error decoding patch/.test(says) ? 'the server rejected our request due to an error in our request' : says}\n`;
}

/** Problems of one field, as the server lists them under an Invalid answer. */
export const isFieldProblem = (problem: Problem): boolean => problem.where?.field !== null && problem.where?.field !== undefined && !['not-found', 'already-exists', 'conflict'].includes(problem.code);

/** `spec.ports[0].nodePort: Invalid value: 80: …`: the field in front, once. */
export const causeText = (problem: Problem): string => {
  const field = problem.where?.field ?? '';
  return field === '' || problem.says.startsWith(field) ? problem.says : `${field}: ${problem.says}`;
};

/** `service/api configured`. */
export const outcomeText = (wish: Wish, word: string): string => `${objectName(wish.kind, wish.name)} ${word}\n`;

export type DryRun = 'none' | 'client' | 'server';

/** What `--dry-run` says; kubectl.ts refuses everything else. */
export function dryRunOf(flags: Flags): DryRun {
  const given = textOf(flags, 'dry-run');
  return given === 'client' || given === 'server' ? given : 'none';
}

export const dryWord = (dry: DryRun): string => (dry === 'none' ? '' : dry === 'server' ? ' (server dry run)' : ' (dry run)');

/** Makes the changes, or only sees what would become of them: `kept` is the lab afterwards, `seen` the one with the changes. */
export function attempt(call: Pick<VerbCall, 'lab' | 'flags'>, wishes: readonly Wish[]): Granted & { readonly seen: Lab } {
  const granted = make(call.lab, wishes);
  return { ...granted, seen: granted.lab, lab: dryRunOf(call.flags) === 'none' ? granted.lab : call.lab };
}

/** What a verb says of an object that it changed: kubectl's words, or the object as `-o` wants it. */
export function said(call: Pick<VerbCall, 'flags'>, wish: Wish, word: string, seen: Lab, objectName_ = wish.name): string {
  const output = outputOf(call.flags, objectFormats);
  if (!output.ok || output.value.format === '') return outcomeText({ ...wish, name: objectName_ }, `${word}${dryWord(dryRunOf(call.flags))}`);
  if (output.value.format === 'name') return `${objectName(wish.kind, objectName_)}\n`;
  const ref = 'ref' in wish.change ? wish.change.ref : { kind: wish.kind.kind, namespace: wish.kind.namespaced ? wish.change.object.metadata.namespace ?? 'default' : '', name: objectName_ };
  const found = find(seen.store, ref);
  const printed = found === undefined ? null : printedAs(output.value, shown(found), wish.kind);
  return printed?.ok === true ? printed.value : '';
}

/** Several answers as kubectl prints them one after the other: objects as YAML are documents. */
export const saidAll = (call: Pick<VerbCall, 'flags'>, texts: readonly string[]): string => texts.filter((text) => text !== '').join(textOf(call.flags, 'output') === 'yaml' ? '---\n' : '');
