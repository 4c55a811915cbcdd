// What `verify` proves of every lesson.
import { openLab } from '../sim/lab.ts';
import type { Lab } from '../sim/lab.ts';
import type { Result } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Fix, Grade, Lesson, ProofCheck, Trap } from './lesson.ts';
import { applyFix } from './apply-fix.ts';
import { grade } from './grade.ts';
import type { SprungTrap } from './match-trap.ts';
import { springTrap } from './match-trap.ts';
import type { Ground, Proof } from './proofs/proof.ts';
import { problemsText } from './proofs/proof.ts';
import { startsBroken } from './proofs/starts-broken.ts';
import { solutionsSolve } from './proofs/solutions-solve.ts';
import { trapsFall } from './proofs/traps-fall.ts';
import { mutation } from './proofs/mutation.ts';
import { hintsKeepTheAnswer } from './proofs/hints-keep-the-answer.ts';
import { textsComplete } from './proofs/texts-complete.ts';
import { manifestsValid } from './proofs/manifests-valid.ts';
import { deterministic } from './proofs/deterministic.ts';

/** In the order of lessons.md; a new proof is one file and one line. */
export const proofs: readonly Proof[] = [startsBroken, solutionsSolve, trapsFall, mutation, hintsKeepTheAnswer, textsComplete, manifestsValid, deterministic];

function groundOf(lesson: Lesson, broken: Lab): Ground {
  const labs = new Map<Fix, Result<Lab, Problem>>();
  const grades = new Map<Fix, Result<Grade, Problem>>();
  const sprung = new Map<Trap, SprungTrap | null>();
  const once = <Key, Value>(known: Map<Key, Value>, work: (key: Key) => Value) => (key: Key): Value => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = work(key);
    known.set(key, made);
    return made;
  };
  const spring = once(sprung, (trap) => springTrap(lesson, broken, trap));
  const applied = once(labs, (fix) => applyFix(lesson, broken, fix));
  const graded = once(grades, (fix): Result<Grade, Problem> => {
    const lab = applied(fix);
    return lab.ok ? { ok: true, value: grade(lesson, broken, lab.value, 'en', spring) } : lab;
  });
  return { lesson, broken, applied, graded };
}

/** Every check in order. A cluster that cannot be opened fails the check of its manifests and no other can be made. */
export function prove(lesson: Lesson): ProofCheck[] {
  const broken = openLab(lesson.cluster);
  if (!broken.ok) return [{ check: manifestsValid.name, passes: false, detail: problemsText(broken.failures) }];
  const ground = groundOf(lesson, broken.value);
  return proofs.map((proof) => {
    const against = proof.against(ground);
    return { check: proof.name, passes: against.length === 0, detail: against.length === 0 ? proof.proven(ground) : against.join('; ') };
  });
}
