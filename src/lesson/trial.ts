// Intents held against one cluster, each part worked out once and only when it is asked for: as it stands, after all pods were replaced, from every node.
import type { Lab } from '../sim/lab.ts';
import { replacePods } from '../sim/lab.ts';
import type { Intent } from './lesson.ts';
import { checkIntent, sourcesOf } from './intents/check-intent.ts';
import type { Found } from './intents/intent-check.ts';
import { cannotAsk } from './intents/intent-check.ts';
import { everyNode } from './every-node.ts';
import { runLines } from './run-lines.ts';

/** Answers to the intents by their place. */
export interface Trial {
  readonly intents: readonly Intent[];
  /** In the cluster as it stands, what the intent says is to happen first done. */
  readonly live: (index: number) => Found;
  /** When every pod was replaced. */
  readonly replaced: (index: number) => Found;
  /** Where it does not hold from a copy of a source on another node; `null`: it holds from all. */
  readonly elsewhere: (index: number) => { readonly node: string; readonly found: Found } | null;
}

/** The cluster that some intents see. */
interface Scene {
  readonly lab: Lab | null;
  readonly failed: string;
  readonly replaced: () => Lab | null;
  readonly spread: () => ReturnType<typeof everyNode> | null;
}

const once = <Value>(work: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: work() }).value;
};

function sceneOf(now: Lab, renewed: () => Lab, after: readonly string[], intents: readonly Intent[]): Scene {
  const ran = after.length === 0 ? { lab: now } : runLines(after, now);
  const lab = 'lab' in ran ? ran.lab : null;
  return {
    lab, failed: 'failed' in ran ? ran.failed : '',
    // First all pods are replaced, then comes what the intent says: a release meets the cluster of another day.
    replaced: once(() => {
      const again = after.length === 0 ? { lab: renewed() } : runLines(after, renewed());
      return 'lab' in again ? again.lab : null;
    }),
    spread: once(() => (lab === null ? null : everyNode([...new Set(intents.flatMap(sourcesOf))], lab))),
  };
}

export function tryOut(intents: readonly Intent[], now: Lab): Trial {
  const scenes = new Map<string, Scene>();
  const renewed = once(() => replacePods(now));
  const sceneFor = ({ after }: Intent): Scene => {
    const key = after.join('\n');
    const known = scenes.get(key);
    if (known !== undefined) return known;
    const made = sceneOf(now, renewed, after, intents.filter((one) => one.after.join('\n') === key));
    scenes.set(key, made);
    return made;
  };
  const asked = new Map<number, Found>();
  const at = (index: number): Intent => {
    const intent = intents[index];
    if (intent === undefined) throw new Error(`there is no intent ${index}`);
    return intent;
  };
  return {
    intents,
    live(index) {
      const known = asked.get(index);
      if (known !== undefined) return known;
      const intent = at(index);
      const scene = sceneFor(intent);
      const found = scene.lab === null ? cannotAsk(scene.failed) : checkIntent(intent, scene.lab);
      asked.set(index, found);
      return found;
    },
    replaced(index) {
      const intent = at(index);
      const scene = sceneFor(intent);
      const lab = scene.replaced();
      return lab === null ? cannotAsk(scene.failed === '' ? 'what is to happen first fails then' : scene.failed) : checkIntent(intent, lab);
    },
    elsewhere(index) {
      const intent = at(index);
      const spread = sceneFor(intent).spread();
      if (spread === null) return null;
      for (const of of sourcesOf(intent)) {
        for (const { node, source } of spread.copies.get(of) ?? []) {
          const found = checkIntent(intent, spread.lab, { of, source });
          if (!found.holds) return { node, found };
        }
      }
      return null;
    },
  };
}
