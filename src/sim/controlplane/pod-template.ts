// Pods from a template, and the hash by which a template is recognised in names and labels.
import { hash32 } from '../base/choose.ts';
import { sortedEntries } from '../base/order.ts';
import { withDefaults } from '../cluster/defaults.ts';
import type { KubeObject, Labels, Pod, PodTemplate } from '../model/object.ts';
import { controllerOf, write, type Draft } from './draft.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Plain data as text that does not depend on the order of keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) return `{${sortedEntries(value as Readonly<Record<string, unknown>>).filter(([, part]) => part !== undefined && part !== null).map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}

const withoutHash = (labels: Labels | undefined): Labels => Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => key !== 'pod-template-hash'));

/** Objects of a store never change: neither do their templates. */
const numbers = new WeakMap<PodTemplate, number>();

/** The number behind the hash; the label that a Deployment adds itself does not count. */
export function templateNumber(template: PodTemplate): number {
  const known = numbers.get(template);
  if (known !== undefined) return known;
  const number = hash32(canonical({ ...template, metadata: { labels: withoutHash(template.metadata?.labels), annotations: template.metadata?.annotations ?? {} } }));
  numbers.set(template, number);
  return number;
}

/** As Kubernetes writes it: the decimal number in the alphabet of generated names (rand.SafeEncodeString). */
export const encodeHash = (value: number): string => [...String(value)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');

export interface PodShape {
  readonly name: string;
  readonly generateName: string | null;
  readonly labels?: Labels;
  readonly spec?: Partial<Pod['spec']>;
}

/** Writes a new pod of an owner's template. */
export function makePod(draft: Draft, owner: KubeObject, template: PodTemplate, shape: PodShape): void {
  const namespace = owner.metadata.namespace ?? '';
  const annotations = template.metadata?.annotations ?? {};
  const pod: Pod = {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      name: shape.name, ...(shape.generateName === null ? {} : { generateName: shape.generateName }), namespace,
      labels: { ...template.metadata?.labels, ...shape.labels }, ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [controllerOf(draft, owner)],
    },
    spec: { ...template.spec, ...shape.spec },
  };
  // As the API server keeps it: an edit is compared with all fields filled in.
  write(draft, withDefaults(pod), draft.objects.get(`${owner.kind}/${namespace}/${owner.metadata.name}`)?.implied ?? false);
}
