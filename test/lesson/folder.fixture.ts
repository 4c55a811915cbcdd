// A small lesson in memory, and ways to break it.
import type { SourceFile } from '../../src/sim/lab.ts';
import type { Lesson } from '../../src/lesson/lesson.ts';
import { decodeLesson } from '../../src/lesson/decode-lesson.ts';

export const lessonYaml = `apiVersion: k8snet-lab/v1
kind: Lesson
metadata:
  name: a-small-lesson
spec:
  title: A small lesson
  minutes: 3
  level: 1
  layers: [service]
  focus: layers
  intents:
    - say: web calls api
      from: shop/web
      to: http://api:8080/
      by: shop/api
      expect: delivered
  predictions:
    - id: first
      from: shop/web
      to: http://api:8080/
      choices: [delivered, refused]
  guard:
    opened: none
    untouched: [Namespace/*]
  diagnosis:
    layer: service
    object: Service/shop/api
    field: spec.selector
  edits: 1
`;

const deployment = (name: string, listen: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} }, annotations: { k8snet-lab/listen: "${listen}" } }
    spec: { containers: [{ name: ${name}, image: registry.example/${name}:1 }] }
`;

export const service = (selector: string, more = ''): string => `apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec:
  selector: { app: ${selector} }
  ports: [{ name: http, port: 8080, targetPort: 8080 }]
${more}`;

export const clusterYaml = `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
${deployment('web', '')}---
${deployment('api', '8080/TCP')}---
${service('nobody')}---
apiVersion: k8snet-lab/v1
kind: Cluster
metadata: { name: lab }
spec: { cni: { plugin: calico, mode: vxlan } }
`;

export const trapHead = (falls: string, rest = ''): string => `apiVersion: k8snet-lab/v1
kind: Trap
spec:
  falls: ${falls}
${rest}`;

export const textMd = `## Story

The page stays empty.

## Prediction first

What does web see?

## Hints

- Look at the endpoint list.
- The selector is wrong.

## Trap wide-open

That opens a door.

## Debrief

The selector found nobody.
https://kubernetes.io/docs/concepts/services-networking/service/
`;

/** The files of the small lesson, some of them replaced; `null` leaves one out. */
export function folder(changes: Readonly<Record<string, string | null>> = {}): SourceFile[] {
  const files: Record<string, string | null> = {
    'lesson.yaml': lessonYaml,
    'cluster/all.yaml': clusterYaml,
    'solutions/selector.yaml': service('api'),
    'solutions/template.yaml': `apiVersion: k8snet-lab/v1
kind: Solution
spec:
  run:
    - kubectl patch service api -n shop --type merge -p '{"spec":{"selector":{"app":"api"},"ports":[{"name":"http","port":8080,"targetPort":8080},{"name":"metrics","port":9000,"targetPort":9000}]}}'
  free:
    - object: Service/shop/api
      field: spec.ports[1]
      why: The second port is only there to differ.
`,
    'traps/wide-open.yaml': `${trapHead('outside')}---\n${service('api', '  type: LoadBalancer\n')}`,
    'text/en.md': textMd,
    ...changes,
  };
  return Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [{ path, text }]));
}

/** The small lesson, decoded; a test that breaks it beyond reading does not want this. */
export function lessonFrom(changes: Readonly<Record<string, string | null>> = {}): Lesson {
  const decoded = decodeLesson(folder(changes), 'small');
  if (!decoded.ok) throw new Error(decoded.failures.map((failure) => failure.says).join('; '));
  return decoded.value;
}
