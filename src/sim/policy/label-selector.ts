// Label selectors compiled once: canonical, shared, worded, and indexed by label so that a pod meets only the selectors that may match it.
import { byText } from '../base/order.ts';
import type { Requirement } from '../cluster/selector.ts';
import { matchesRequirements, requirementsOf } from '../cluster/selector.ts';
import type { LabelSelector, Labels } from '../model/object.ts';

/** A compiled selector; without requirements it matches everything. Within one {@link SelectorTable} equal selectors are the same value. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** `app=api, tier in (a, b), no label old`; empty for the selector that matches everything. */
  readonly says: string;
}

function wordsOf({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In': return `${key} in (${values.join(', ')})`;
    case 'NotIn': return values.length === 1 ? `${key} other than ${values.join('')}` : `${key} not in (${values.join(', ')})`;
    case 'Exists': return `label ${key}`;
    case 'DoesNotExist': return `no label ${key}`;
    default: return `${key}=${values.join('')}`;
  }
}

/** Gives equal selectors the same compiled value; an absent selector is the empty one (what absence means is the caller's to decide). */
export interface SelectorTable {
  readonly intern: (selector: LabelSelector | undefined) => Selector;
  readonly all: () => readonly Selector[];
}

export function selectorTable(): SelectorTable {
  const bySpec = new Map<string, Selector>();
  return {
    intern(selector) {
      // Manifests that nobody has read as the API server does may say null.
      const requirements = requirementsOf(selector ?? {});
      const key = JSON.stringify(requirements.map((one) => [one.key, one.operator, ...one.values]));
      const known = bySpec.get(key);
      if (known !== undefined) return known;
      const compiled = { requirements, says: requirements.map(wordsOf).join(', ') };
      bySpec.set(key, compiled);
      return compiled;
    },
    all: () => [...bySpec.values()],
  };
}

/** Selectors by a label that they ask for; `others` ask for none in particular and are always tried. */
export interface SelectorIndex {
  readonly byLabel: ReadonlyMap<string, readonly Selector[]>;
  readonly others: readonly Selector[];
  /** The label keys that any of the selectors reads, sorted. */
  readonly keys: readonly string[];
}

const labelText = (key: string, value: string): string => `${key}\u0000${value}`;

export function indexSelectors(selectors: Iterable<Selector>): SelectorIndex {
  const byLabel = new Map<string, Selector[]>();
  const others: Selector[] = [];
  const keys = new Set<string>();
  for (const selector of selectors) {
    for (const { key } of selector.requirements) keys.add(key);
    const wanted = selector.requirements.find(({ operator }) => operator === 'Equals' || operator === 'In');
    if (wanted === undefined) {
      others.push(selector);
      continue;
    }
    for (const value of wanted.values) {
      const text = labelText(wanted.key, value);
      const known = byLabel.get(text);
      if (known === undefined) byLabel.set(text, [selector]);
      else known.push(selector);
    }
  }
  return { byLabel, others, keys: [...keys].sort(byText) };
}

/** Every selector of the index that matches the labels. */
export function selectorsMatching(index: SelectorIndex, labels: Labels): ReadonlySet<Selector> {
  const matching = new Set<Selector>(index.others.filter((selector) => matchesRequirements(selector.requirements, labels)));
  for (const [key, value] of Object.entries(labels)) {
    for (const selector of index.byLabel.get(labelText(key, value)) ?? []) {
      if (matchesRequirements(selector.requirements, labels)) matching.add(selector);
    }
  }
  return matching;
}
