// Which objects are meant: label selectors of manifests, the `-l` and `--field-selector` of a command line, and how kubectl writes them.
import { fail, succeed } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { byText } from '../base/order.ts';
import type { KubeObject, LabelSelector, Labels, Workload } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { isRecord } from './record.ts';

export interface Requirement {
  readonly key: string;
  readonly operator: 'Equals' | 'NotEquals' | 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

/** A LabelSelector: nil matches nothing, an empty one everything; matchLabels and every expression must hold. */
export function matchesLabels(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  for (const key in selector.matchLabels) if (!has(labels, key) || labels[key] !== selector.matchLabels[key]) return false;
  for (const { key, operator, values } of selector.matchExpressions ?? []) if (!holds({ key, operator, values: values ?? [] }, labels)) return false;
  return true;
}

/** The selector of a Service or a ReplicationController, a plain map: nil matches nothing, an empty one everything. */
export function matchesSet(set: Labels | undefined, labels: Labels | undefined): boolean {
  if (set === undefined) return false;
  for (const key in set) if (!has(labels, key) || labels[key] !== set[key]) return false;
  return true;
}

/** The selector of a workload. A ReplicationController's is a plain map of labels, whatever the model's common type says. */
export function selectorOf(workload: Workload): LabelSelector | undefined {
  const { selector } = workload.spec;
  if (workload.kind !== 'ReplicationController' || selector === undefined) return selector;
  return { matchLabels: Object.fromEntries(Object.entries(selector).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) };
}

/** Every requirement of a `-l` holds. */
export const matchesRequirements = (requirements: readonly Requirement[], labels: Labels | undefined): boolean => requirements.every((requirement) => holds(requirement, labels));

const has = (labels: Labels | undefined, key: string): labels is Labels => labels !== undefined && Object.hasOwn(labels, key);

// NotIn, DoesNotExist and != hold where the key is missing (k8s.io/apimachinery/pkg/labels, Requirement.Matches).
function holds(requirement: Requirement, labels: Labels | undefined): boolean {
  const value = has(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'Equals':
    case 'In': return value !== undefined && requirement.values.includes(value);
    case 'NotEquals':
    case 'NotIn': return value === undefined || !requirement.values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    case 'Gt': return value !== undefined && /^-?\d+$/.test(value) && Number(value) > Number(requirement.values[0]);
    case 'Lt': return value !== undefined && /^-?\d+$/.test(value) && Number(value) < Number(requirement.values[0]);
  }
}

/** A selector as requirements, sorted by key. */
export function requirementsOf(selector: LabelSelector): readonly Requirement[] {
  const equals = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({ key, operator: 'Equals', values: [value] }));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }): Requirement => ({ key, operator, values: [...(values ?? [])].sort(byText) }));
  return [...equals, ...expressions].sort((left, right) => byText(left.key, right.key));
}

/** `app=api,tier in (a,b),!old`: as kubectl prints requirements. */
export const requirementsText = (requirements: readonly Requirement[]): string => requirements.map(requirementText).join(',');

function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'Equals': return `${key}=${values.join('')}`;
    case 'NotEquals': return `${key}!=${values.join('')}`;
    case 'In': return `${key} in (${values.join(',')})`;
    case 'NotIn': return `${key} notin (${values.join(',')})`;
    case 'Exists': return key;
    case 'DoesNotExist': return `!${key}`;
    case 'Gt': return `${key}>${values.join('')}`;
    case 'Lt': return `${key}<${values.join('')}`;
  }
}

/** A LabelSelector as kubectl prints it: `<none>` for nil and for an empty one. */
export function selectorText(selector: LabelSelector | undefined): string {
  const text = selector === undefined ? '' : requirementsText(requirementsOf(selector));
  return text === '' ? '<none>' : text;
}

/** A map of labels as kubectl prints it: `<none>` when empty. */
export function labelsText(labels: Labels | undefined): string {
  const text = Object.entries(labels ?? {}).sort(([left], [right]) => byText(left, right)).map(([key, value]) => `${key}=${value}`).join(',');
  return text === '' ? '<none>' : text;
}

const unparsable = (says: string): { readonly ok: false; readonly failures: readonly Problem[] } =>
  fail<Problem>({ code: 'bad-selector', severity: 'error', says, where: null, help: 'For example: -l app=web,tier!=cache,"env in (dev,test)",!old' });

/** Reads what stands behind `-l`: `a=b`, `a==b`, `c!=d`, `e in (x,y)`, `e notin (x)`, `f`, `!g`, `h>1`. Fails with `bad-selector` in kubectl's words. */
export function parseSelector(text: string): Result<readonly Requirement[], Problem> {
  const tokens = text.match(/==|!=|[=!,()<>]|[^\s=!,()<>]+/g) ?? [];
  const requirements: Requirement[] = [];
  let at = 0;
  const found = (): string => tokens[at] ?? '';
  const isWord = (token: string): boolean => token !== '' && !/^[=!,()<>]/.test(token);
  const wrong = (expected: string): ReturnType<typeof unparsable> => unparsable(`unable to parse requirement: found '${found()}', expected: ${expected}`);
  while (at < tokens.length) {
    if (found() === '!') {
      at++;
      if (!isWord(found())) return wrong('identifier');
      requirements.push({ key: found(), operator: 'DoesNotExist', values: [] });
      at++;
    } else if (isWord(found())) {
      const key = found();
      at++;
      const operator = found();
      if (operator === '' || operator === ',') requirements.push({ key, operator: 'Exists', values: [] });
      else if (operator === '=' || operator === '==' || operator === '!=' || operator === '>' || operator === '<') {
        at++;
        const value = isWord(found()) ? found() : '';
        if (value !== '') at++;
        else if (found() !== '' && found() !== ',') return wrong('identifier');
        requirements.push({ key, operator: operator === '!=' ? 'NotEquals' : operator === '>' ? 'Gt' : operator === '<' ? 'Lt' : 'Equals', values: [value] });
      } else if (operator === 'in' || operator === 'notin') {
        at++;
        if (found() !== '(') return wrong("'('");
        at++;
        const values: string[] = [];
        for (;;) {
          if (isWord(found())) values.push(tokens[at++] ?? '');
          else values.push('');
          if (found() === ',') at++;
          else if (found() === ')') break;
          else return wrong("',', or ')'");
        }
        at++;
        requirements.push({ key, operator: operator === 'in' ? 'In' : 'NotIn', values: values.sort(byText) });
      } else return wrong("in, notin, =, ==, !=, gt, lt");
    } else return wrong("!, identifier, or 'end of string'");
    if (at < tokens.length) {
      if (found() !== ',') return wrong("',' or 'end of string'");
      at++;
      if (at >= tokens.length) return unparsable("unable to parse requirement: found '', expected: identifier after ','");
    }
  }
  return succeed(requirements.sort((left, right) => byText(left.key, right.key)));
}

export interface FieldRequirement {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** Reads what stands behind `--field-selector`: `metadata.name=x,status.phase!=Running`. Fails with `bad-selector`. */
export function parseFieldSelector(text: string): Result<readonly FieldRequirement[], Problem> {
  const requirements: FieldRequirement[] = [];
  for (const part of text.split(',').filter((piece) => piece !== '')) {
    const [, field, operator, value] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
    if (field === undefined || value === undefined) return unparsable(`invalid selector: '${text}'; can't understand '${part}'`);
    requirements.push({ field, equal: operator !== '!=', value });
  }
  return succeed(requirements);
}

/** Every requirement on a field holds; a field that an object does not have is the empty text. */
export function matchesFields(requirements: readonly FieldRequirement[], object: KubeObject): boolean {
  return requirements.every(({ field, equal, value }) => {
    let found: unknown = object;
    for (const name of field.split('.')) found = isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined;
    const text = typeof found === 'string' ? found : typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
    return (text === value) === equal;
  });
}
