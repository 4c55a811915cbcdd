// What a fix may not do, however well it works: touch what the lesson protects, and the tricks that no cluster would keep.
import type { Lab } from '../sim/lab.ts';
import { refOf } from '../sim/model/object.ts';
import type { Kept, Lesson, Protected } from './lesson.ts';
import type { Touched } from './touched.ts';
import { stepsOf, valueAt } from './field-paths.ts';
import { globHolds, objectKey } from './globs.ts';
import { isPodAddress } from './every-node.ts';
import { listenAnnotation } from '../sim/controlplane/processes.ts';

export interface GuardResult {
  readonly say: string;
  readonly holds: boolean;
}

/** What a pattern protects, in a sentence. */
function untouched({ object, field }: Protected, all: readonly Touched[]): GuardResult {
  const [kind = '', ...rest] = object.split('/');
  const within = (path: string): boolean => field === null || path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`) || field.startsWith(`${path}.`);
  const holds = !all.some((one) => one.how !== 'created' && globHolds(object, one.object) && (one.how === 'deleted' || one.fields.some(({ path }) => within(path))));
  const what = field === null ? '' : `${field} of `;
  if (!object.includes('*')) return { say: `${what}${kind} ${rest.join('/')} stays as it is`, holds };
  const named = rest.filter((part) => part !== '*').join('/');
  return { say: `${what === '' ? 'Every' : `${what}every`} ${kind}${named === '' ? '' : ` of ${named}`} stays as it is`, holds };
}

function kept({ object, field, text }: Kept, now: Lab): GuardResult {
  const stored = [...now.store.objects.values()].find((one) => objectKey(refOf(one.object)) === object);
  const value = stored === undefined ? undefined : valueAt(stored.object, stepsOf(field, stored.object));
  const written = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
  return { say: `"${text}" still stands in ${field} of ${object.replace('/', ' ')}`, holds: written.includes(text) };
}

function balancers(most: number, now: Lab): GuardResult {
  const count = now.network.services.filter(({ type }) => type === 'LoadBalancer').length;
  return { say: `At most ${most} load ${most === 1 ? 'balancer is' : 'balancers are'} paid for (there ${count === 1 ? 'is' : 'are'} ${count})`, holds: count <= most };
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
export const guardsOf = ({ guard }: Pick<Lesson, 'guard'>, now: Lab, all: readonly Touched[]): GuardResult[] => [
  ...guard.untouched.map((one) => untouched(one, all)), ...guard.keeps.map((one) => kept(one, now)), ...(guard.loadBalancers === null ? [] : [balancers(guard.loadBalancers, now)]), ...tricks(now, all),
];
