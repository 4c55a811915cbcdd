// What `verify` proves of every lesson.
import { openLab } from '../sim/lab.ts';
import type { Lab } from '../sim/lab.ts';
import type { Result } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import { succeed } from '../sim/base/result.ts';
import type { Fix, Lesson, ProofCheck, Trap } from './lesson.ts';
import { applyFix } from './apply-fix.ts';
import { messagesFor } from './grade.ts';
import type { Judged } from './judge.ts';
import { footingOf, judge } from './judge.ts';
import type { SprungTrap } from './match-trap.ts';
import type { Touched } from './touched.ts';
import { touched } from './touched.ts';
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

const once = <Key, Value>(work: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = work(key);
    known.set(key, made);
    return made;
  };
};

function groundOf(lesson: Lesson, broken: Lab, languages: readonly string[]): Ground {
  const footing = footingOf(lesson, broken);
  const applied = once((fix: Fix) => applyFix(lesson, broken, fix));
  const touches = once((fix: Fix): readonly Touched[] => {
    const lab = applied(fix);
    return lab.ok ? touched(broken.store, lab.value.store) : [];
  });
  const judged = once((fix: Fix): Result<Judged, Problem> => {
    const lab = applied(fix);
    return lab.ok ? succeed(judge(lesson, broken, lab.value, footing, touches(fix))) : lab;
  });
  const sprung = (trap: Trap): SprungTrap | null => {
    const found = judged(trap);
    return found.ok ? { judged: found.value, touched: touches(trap) } : null;
  };
  const messages = (fix: Fix): readonly string[] => {
    const found = judged(fix);
    return found.ok ? messagesFor(lesson, found.value, touches(fix), 'en', sprung) : [];
  };
  return { lesson, broken, applied, judged, touched: touches, messages, footing, before: footing.before, languages };
}

/** Every check in order, or those that are wished. A cluster that cannot be opened fails the check of its manifests and no other can be made. */
export function prove(lesson: Lesson, languages: readonly string[] = ['en'], wished: readonly Proof[] = proofs): ProofCheck[] {
  const broken = openLab(lesson.cluster);
  if (!broken.ok) return [{ check: manifestsValid.name, passes: false, detail: problemsText(broken.failures) }];
  const ground = groundOf(lesson, broken.value, languages);
  return wished.map((proof) => {
    const against = proof.against(ground);
    return { check: proof.name, passes: against.length === 0, detail: against.length === 0 ? proof.proven(ground) : against.join('; ') };
  });
}
