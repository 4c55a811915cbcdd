// A compiled expression on a text: all ways at once, step by step, so that no pattern takes long.
import { isWordCharacter } from './go-regexp.ts';
import type { GoRegexp, Instruction } from './go-regexp.ts';

/** One way through the program: where it stands, and where the groups begin and end so far. */
interface Thread {
  readonly at: number;
  readonly slots: readonly number[];
}

type Assertion = Extract<Instruction, { op: 'assert' }>['kind'];

function holds(kind: Assertion, codes: readonly number[], position: number): boolean {
  if (kind === 'start') return position === 0;
  if (kind === 'end') return position === codes.length;
  const before = position > 0 && isWordCharacter(codes[position - 1] ?? 0);
  const after = position < codes.length && isWordCharacter(codes[position] ?? 0);
  return (before !== after) === (kind === 'word');
}

/** The groups of the leftmost match, the whole first; those that took no part are empty. `undefined` without a match. */
export function findSubmatch({ program, groups }: GoRegexp, text: string): readonly string[] | undefined {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  let found: readonly number[] | undefined;
  let threads: readonly Thread[] = [];
  for (let position = 0; position <= codes.length; position++) {
    const next: Thread[] = [];
    const seen = new Set<number>();
    // A later start counts only while there is no match.
    const starts = found === undefined ? [...threads, { at: 0, slots: groups.flatMap(() => [-1, -1]) }] : threads;
    const code = codes[position];
    const ready: Thread[] = [];
    for (const thread of starts) follow(program, thread, codes, position, seen, ready);
    for (const { at, slots } of ready) {
      const instruction = program[at];
      if (instruction?.op === 'match') {
        found = slots;
        break;
      }
      if (instruction?.op === 'char' && code !== undefined && instruction.test(code)) next.push({ at: at + 1, slots });
    }
    threads = next;
    if (threads.length === 0 && found !== undefined) break;
  }
  const characters = [...text];
  return found === undefined ? undefined : groups.map((_, index) => {
    const [begin = -1, end = -1] = [found[index * 2], found[index * 2 + 1]];
    return begin < 0 || end < 0 ? '' : characters.slice(begin, end).join('');
  });
}

/** Adds the steps that wait for a character, in the order in which they are preferred. */
function follow(program: readonly Instruction[], from: Thread, codes: readonly number[], position: number, seen: Set<number>, ready: Thread[]): void {
  const stack: Thread[] = [from];
  for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
    const { at, slots } = thread;
    if (seen.has(at)) continue;
    seen.add(at);
    const instruction = program[at];
    switch (instruction?.op) {
      case 'jump': stack.push({ at: instruction.to, slots }); break;
      case 'split': stack.push({ at: instruction.second, slots }, { at: instruction.first, slots }); break;
      case 'save': stack.push({ at: at + 1, slots: slots.map((slot, index) => (index === instruction.slot ? position : slot)) }); break;
      case 'assert': if (holds(instruction.kind, codes, position)) stack.push({ at: at + 1, slots }); break;
      case undefined: break;
      default: ready.push(thread);
    }
  }
}
