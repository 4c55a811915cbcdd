// What a fix may not do, however well it works: touch what the lesson protects, and the tricks that no cluster would keep.
import type { Lab } from '../sim/lab.ts';
import type { Lesson } from './lesson.ts';
import type { Touched } from './touched.ts';
import { globHolds } from './globs.ts';
import { isPodAddress } from './every-node.ts';
import { listenAnnotation } from '../sim/controlplane/processes.ts';

export interface GuardResult {
  readonly say: string;
  readonly holds: boolean;
}

function untouched(pattern: string, all: readonly Touched[]): GuardResult {
  const [kind = '', ...rest] = pattern.split('/');
  const holds = !all.some((one) => one.how !== 'created' && globHolds(pattern, one.object));
  if (!pattern.includes('*')) return { say: `${kind} ${rest.join('/')} stays as it is`, holds };
  const named = rest.filter((part) => part !== '*').join('/');
  return { say: `Every ${kind}${named === '' ? '' : ` of ${named}`} stays as it is`, holds };
}

/** A string anywhere in a value. */
const holdsText = (value: unknown, test: (text: string) => boolean): boolean =>
  typeof value === 'string' ? test(value) : typeof value === 'object' && value !== null && Object.values(value).some((inner) => holdsText(inner, test));

const hostsPlugin = /^\s*hosts\b/m;

/** The tricks of failures.md 0.3 that the re-checks alone would not name. Only those that were tried are given. */
function tricks(now: Lab, all: readonly Touched[]): GuardResult[] {
  const found: GuardResult[] = [];
  const kept = all.filter((one) => one.how !== 'deleted');
  for (const { ref, object, how, fields } of kept) {
    const differs = (test: (path: string, after: unknown) => boolean): boolean => fields.some((field) => test(field.path, field.after));
    if ((ref.kind === 'EndpointSlice' || ref.kind === 'Endpoints') && differs((_, after) => holdsText(after, (text) => isPodAddress(now, text)))) {
      found.push({ say: `No list made by hand holds pod addresses (${object})`, holds: false });
    }
    if (differs((path, after) => /(^|\.)hostAliases\b/.test(path) && after !== undefined)) found.push({ say: `No hosts entry stands in for the DNS (${object})`, holds: false });
    if (how === 'changed' && differs((path) => path.includes(`annotations.${listenAnnotation}`))) {
      found.push({ say: `The annotation ${listenAnnotation} of ${object} stays: it says what the process does, and editing it moves nothing`, holds: false });
    }
    if (ref.kind === 'ConfigMap' && ref.namespace === 'kube-system' && fields.some((field) => typeof field.after === 'string' && hostsPlugin.test(field.after) && !(typeof field.before === 'string' && hostsPlugin.test(field.before)))) {
      found.push({ say: `No hosts entry stands in for the DNS (${object})`, holds: false });
    }
  }
  return found;
}

/** The lesson's own guards in their order, then the tricks that were tried. */
export const guardsOf = (lesson: Lesson, now: Lab, all: readonly Touched[]): GuardResult[] => [...lesson.guard.untouched.map((pattern) => untouched(pattern, all)), ...tricks(now, all)];
