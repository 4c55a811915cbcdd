// Regular expressions that must match a whole text, as Envoy's safe_regex does: all ways are walked at once, so that no expression can run away.
import { remembered } from '../remembered.ts';
import type { CharacterTest, Expression } from './parse-expression.ts';
import { isWordCharacter, parseExpression } from './parse-expression.ts';

type Step =
  | { readonly does: 'read'; readonly test: CharacterTest; readonly next: number }
  | { readonly does: 'split'; readonly ways: readonly number[] }
  | { readonly does: 'edge'; readonly at: 'start' | 'end' | 'word' | 'no-word'; readonly next: number }
  | { readonly does: 'end' };

const longestExpression = 2000;
const mostSteps = 20_000;
const longestText = 8192;

export interface FullMatch {
  /** What is wrong with the expression, one sentence without its first word; `null` when it can be read. An unreadable one matches nothing. */
  readonly wrong: string | null;
  readonly matches: (text: string) => boolean;
}

/** An expression in RE2's syntax, compiled once. */
export const fullMatch: (expression: string) => FullMatch = remembered(compile, 2000);

function compile(expression: string): FullMatch {
  const nothing = (wrong: string): FullMatch => ({ wrong, matches: () => false });
  if (expression.length > longestExpression) return nothing(`it is longer than ${longestExpression} characters`);
  const parsed = parseExpression(expression);
  if (typeof parsed === 'string') return nothing(parsed);
  const steps = stepsOf(parsed);
  return steps === null ? nothing('it is too big once its repetitions are written out') : { wrong: null, matches: (text) => text.length <= longestText && walks(steps, text) };
}

/** A program that ends in its step 0, from its last step on; `null` when it is too long. */
function stepsOf(expression: Expression): readonly Step[] | null {
  const steps: Step[] = [{ does: 'end' }];
  const add = (step: Step): number => (steps.length >= mostSteps ? steps.length : steps.push(step) - 1);
  // Written from the end: each part is told where it goes on.
  const write = (part: Expression, next: number): number => {
    if (steps.length >= mostSteps) return 0;
    switch (part.is) {
      case 'character': return add({ does: 'read', test: part.test, next });
      case 'edge': return add({ does: 'edge', at: part.at, next });
      case 'sequence': return part.of.reduceRight((after, one) => write(one, after), next);
      case 'choice': return add({ does: 'split', ways: part.of.map((one) => write(one, next)) });
      case 'repeat': {
        let after = next;
        if (part.most === null) {
          const ways: number[] = [];
          after = add({ does: 'split', ways });
          ways.push(write(part.of, after), next);
        } else {
          for (let times = part.least; times < part.most; times++) after = add({ does: 'split', ways: [write(part.of, after), next] });
        }
        for (let times = 0; times < part.least; times++) {
          const before = after;
          after = write(part.of, before);
          // Nothing is read however often: once says it all.
          if (after === before) break;
        }
        return after;
      }
    }
  };
  add({ does: 'split', ways: [write(expression, 0)] });
  return steps.length >= mostSteps ? null : steps;
}

function walks(steps: readonly Step[], text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const isWord = (at: number): boolean => at >= 0 && at < codes.length && isWordCharacter(codes[at] ?? 0);
  let here = new Set<number>();
  const reach = (from: number, at: number, into: Set<number>): void => {
    const open = [from];
    for (let step = open.pop(); step !== undefined; step = open.pop()) {
      if (into.has(step)) continue;
      into.add(step);
      const found = steps[step];
      if (found?.does === 'split') open.push(...found.ways);
      if (found?.does !== 'edge') continue;
      const holds = found.at === 'start' ? at === 0 : found.at === 'end' ? at === codes.length : (isWord(at - 1) !== isWord(at)) === (found.at === 'word');
      if (holds) open.push(found.next);
    }
  };
  reach(steps.length - 1, 0, here);
  for (const [at, code] of codes.entries()) {
    const there = new Set<number>();
    for (const step of here) {
      const found = steps[step];
      if (found?.does === 'read' && found.test(code)) reach(found.next, at + 1, there);
    }
    if (there.size === 0) return false;
    here = there;
  }
  return here.has(0);
}
