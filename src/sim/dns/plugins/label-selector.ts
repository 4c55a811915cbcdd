// Label selectors in their text form, as CoreDNS takes them from its Corefile.
import type { Result } from '../../base/result.ts';
import { fail, succeed } from '../../base/result.ts';

export type LabelMatch = (labels: Readonly<Record<string, string>>) => boolean;

interface Requirement {
  readonly key: string;
  readonly operator: 'exists' | '!' | 'in' | 'notin' | '=' | '!=' | '<' | '>';
  readonly values: readonly string[];
}

const longestSelector = 4096;
const symbols = ['==', '!=', '=', '!', '(', ')', ',', '<', '>'];
const gone: Readonly<Record<string, string>> = { '!=': '"!=" is not a valid label selector operator', '<': '"lt" isn\'t supported in label selectors', '>': '"gt" isn\'t supported in label selectors' };

/** Words and signs; the end is the empty text. */
const tokensOf = (text: string): readonly string[] => text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
const isWord = (token: string): boolean => token !== '' && !symbols.includes(token);

/** `app=web,tier in (a, b),!canary` (apimachinery `ParseToLabelSelector`: inequality is not among its operators). Fails with what the library says. */
export function parseSelector(text: string): Result<LabelMatch, string> {
  if (text.length > longestSelector) return fail('the selector is too long');
  const tokens = tokensOf(text);
  const requirements: Requirement[] = [];
  let at = 0;
  const refuse = (says: string): Result<LabelMatch, string> => fail(`couldn't parse the selector string "${text}": ${says}`);
  const next = (): string => tokens[at++] ?? '';
  while (at < tokens.length) {
    const first = next();
    if (first !== '!' && !isWord(first)) return refuse(`found '${first}', expected: !, identifier, or 'end of string'`);
    const key = first === '!' ? next() : first;
    if (!isWord(key)) return refuse(`unable to parse requirement: found '${key}', expected: identifier`);
    const sign = tokens[at] ?? '';
    if (first === '!' || sign === '' || sign === ',') requirements.push({ key, operator: first === '!' ? '!' : 'exists', values: [] });
    else if (sign === 'in' || sign === 'notin') {
      at += 1;
      const values = valuesOf(tokens, at);
      if (typeof values === 'string') return refuse(`unable to parse requirement: ${values}`);
      at = values.next;
      requirements.push({ key, operator: sign, values: values.values });
    } else if (sign === '=' || sign === '==' || sign === '!=' || sign === '<' || sign === '>') {
      at += 1;
      const value = isWord(tokens[at] ?? '') ? next() : '';
      requirements.push({ key, operator: sign === '==' ? '=' : sign, values: [value] });
    } else return refuse(`unable to parse requirement: found '${sign}', expected: in, notin, =, ==, !=, gt, lt`);
    const after = next();
    if (after !== '' && after !== ',') return refuse(`found '${after}', expected: ',' or 'end of string'`);
    if (after === ',' && tokens[at] !== '!' && !isWord(tokens[at] ?? '')) return refuse(`found '${tokens[at] ?? ''}', expected: identifier after ','`);
  }
  const refused = requirements.map(({ operator }) => gone[operator]).find((says) => says !== undefined);
  return refused !== undefined ? fail(refused) : succeed((labels) => requirements.every((requirement) => meets(requirement, labels)));
}

/** The list in parentheses from `at` on, or what is wrong with it. */
function valuesOf(tokens: readonly string[], at: number): { readonly values: readonly string[]; readonly next: number } | string {
  if (tokens[at] !== '(') return `found '${tokens[at] ?? ''}' expected: '('`;
  const values: string[] = [];
  for (let index = at + 1; ; index++) {
    const token = tokens[index] ?? '';
    if (isWord(token)) values.push(token);
    else if (token === ')') return { values, next: index + 1 };
    else if (token !== ',') return `found '${token}', expected: ',' or ')'`;
  }
}

function meets({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists': return value !== undefined;
    case '!': return value === undefined;
    case 'in': case '=': return value !== undefined && values.includes(value);
    default: return value === undefined || !values.includes(value);
  }
}
