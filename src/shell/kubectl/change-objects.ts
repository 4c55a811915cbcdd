// Changes as the API server takes or refuses them, worded as kubectl words its answers.
import { change } from '../../sim/lab.ts';
import type { Change, Lab, Outcome } from '../../sim/lab.ts';
import type { Kind } from '../../sim/cluster/kinds.ts';
import type { Problem } from '../../sim/model/problem.ts';
import { objectName, resourceName } from './find-objects.ts';

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
    const says = strict.map((problem) => problem.says).join(', ');
    return `Error from server (BadRequest): ${source}${wish.kind.kind} in version "${version}" cannot be handled as a ${wish.kind.kind}: ${says.startsWith('strict decoding error') || strict.some((problem) => problem.code === 'wrong-type') ? '' : 'strict decoding error: '}${says}\n`;
  }
  const [first] = problems;
  if (first === undefined) return '';
  if (first.code === 'not-found') return `Error from server (NotFound): ${source}${/not found/.test(first.says) ? first.says : `${resourceName(wish.kind)} "${wish.name}" not found`}\n`;
  if (first.code === 'already-exists') return `Error from server (AlreadyExists): ${source}${/already exists/.test(first.says) ? first.says : `${resourceName(wish.kind)} "${wish.name}" already exists`}\n`;
  if (first.code === 'conflict') return `Error from server (Conflict): ${source}${first.says}\n`;
  if (first.code === 'bad-request') return `Error from server (BadRequest): ${source}${first.says}\n`;
  if (first.code === 'bad-patch') return `The request is invalid: ${first.says}\n`;
  if (isFieldProblem(first)) {
    const causes = problems.filter(isFieldProblem).map(causeText);
    const head = `The ${wish.kind.kind} "${wish.name}" is invalid: `;
    return causes.length === 1 ? `${head}${causes[0] ?? ''}\n` : `${head}\n${causes.map((cause) => `* ${cause}\n`).join('')}`;
  }
  if (first.code === 'forbidden') return `Error from server (Forbidden): ${source}${first.says}\n`;
  return `Error from server: ${source}${first.says}\n`;
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
