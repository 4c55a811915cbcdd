// The first state of a new lesson: small, whole and proven, so that an author changes one thing at a time.
import type { SourceFile } from '../sim/lab.ts';

const lessonYaml = (name: string, schema: string): string => `# yaml-language-server: $schema=${schema}
apiVersion: k8snet-lab/v1
kind: Lesson
metadata:
  name: ${name}
spec:
  title: Give it a title
  minutes: 8
  level: 2                             # 1 guided, 2 assisted, 3 on your own
  layers: [service]
  concepts: [label-selector]
  intents:                             # what must hold; the first one fails now
    - say: The storefront gets an answer from the API
      from: shop/web
      to: http://api:8080/
      by: shop/api
      expect: delivered
    - say: The API still reaches the database
      from: shop/api
      to: tcp://db:5432
      by: shop/db
      expect: delivered
    - say: Strangers still cannot open the database
      from: default/stranger
      to: tcp://db.shop:5432
      expect: blocked
  predictions:
    - id: first-call
      from: shop/web
      to: http://api:8080/
      choices: [delivered, refused, timeout, name-not-found]
  guard:
    opened: none
    untouched: [NetworkPolicy/*/*, Namespace/*]
  diagnosis:
    layer: service
    object: Service/shop/api
    field: spec.selector
  edits: 1
`;

const deployment = (name: string, listen: string, port: number | null): string => `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  replicas: ${name === 'api' ? 2 : 1}
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
      annotations:
        k8snet-lab/listen: "${listen}"
    spec:
      containers:
        - name: ${name}
          image: registry.example/${name}:1${port === null ? '' : `
          ports:
            - name: ${name === 'db' ? 'postgres' : 'http'}
              containerPort: ${port}`}
`;

const service = (name: string, selector: string, port: number, target: string): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
spec:
  selector:
    app: ${selector}
  ports:
    - name: ${target}
      port: ${port}
      targetPort: ${target}
`;

const lab = `# What manifests do not say: the plugin, the proxy and the ranges of this cluster.
apiVersion: k8snet-lab/v1
kind: Cluster
metadata:
  name: lab
spec:
  cni:
    plugin: calico
    mode: vxlan
  kubeProxy:
    mode: iptables
`;

const shop = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
${deployment('web', '', null)}${deployment('api', '8080/TCP', 8080)}${deployment('db', '5432/TCP', 5432)}---
${service('api', 'apiserver', 8080, 'http')}---
${service('db', 'db', 5432, 'postgres')}---
# Only the API may open the database.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db-ingress
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: api
      ports:
        - protocol: TCP
          port: 5432
`;

const around = `# A pod that has no business in the shop.
apiVersion: v1
kind: Pod
metadata:
  name: stranger
  namespace: default
  annotations:
    k8snet-lab/listen: ""
spec:
  containers:
    - name: stranger
      image: registry.example/tools:1
`;

const labels = `# The other way round: the pods get the label that the Service asks for.
apiVersion: k8snet-lab/v1
kind: Solution
spec:
  run:
    - kubectl patch service api -n shop -p '{"spec":{"selector":{"app":null,"tier":"api"}}}'
    - kubectl patch deployment api -n shop -p '{"spec":{"template":{"metadata":{"labels":{"tier":"api"}}}}}'
`;

const trap = `apiVersion: k8snet-lab/v1
kind: Trap
spec:
  falls: outside
  looksLike:
    - changed: Service/shop/api
      field: spec.type
---
${service('api', 'api', 8080, 'http').replace('spec:\n', 'spec:\n  type: LoadBalancer\n')}`;

const text = `## Story

Ticket from the storefront team:

> Since this morning \`web\` gets no answer from the API. Its pods are Running.

Say what people see, never why.

## Prediction first-call

\`web\` calls \`http://api:8080/\`. What does it see?

## Hints

- A Service sends to the pods in its endpoint list: who is on it?
- Compare what the Service selects with the labels of the pods.
- The Service asks for \`app: apiserver\`; the pods say \`app: api\`.

## Trap open-to-the-world

It answers, and now it answers the whole internet too. The type of the
Service was never the fault.

## Debrief

A Service has an address as soon as it exists, whether or not anybody stands
behind it. The list of pods comes from its selector.

More:
https://kubernetes.io/docs/concepts/services-networking/service/
`;

/** The files of a new lesson, paths relative to its folder; `schema` is where editors find the JSON Schema of lesson.yaml. */
export const newLesson = (name: string, schema: string): readonly SourceFile[] => [
  { path: 'lesson.yaml', text: lessonYaml(name, schema) },
  { path: 'cluster/lab.yaml', text: lab },
  { path: 'cluster/shop.yaml', text: shop },
  { path: 'cluster/around.yaml', text: around },
  { path: 'solutions/selector.yaml', text: service('api', 'api', 8080, 'http') },
  { path: 'solutions/labels.yaml', text: labels },
  { path: 'traps/open-to-the-world.yaml', text: trap },
  { path: 'text/en.md', text },
];
