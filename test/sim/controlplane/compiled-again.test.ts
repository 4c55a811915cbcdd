// What is kept from change to change is what working everything out anew would give.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { change, openLab, type Change, type Lab } from '../../../src/sim/lab.ts';

const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
data: { PORT: "8080", MODE: fast }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { k8snet-lab/listen: "0.0.0.0:$(PORT)/TCP" } }
    spec: { containers: [{ name: main, image: nginx, envFrom: [{ configMapRef: { name: settings } }], readinessProbe: { tcpSocket: { port: 8080 } } }] }
---
apiVersion: v1
kind: Pod
metadata: { name: lone, namespace: shop, labels: { app: lone } }
spec: { containers: [{ name: main, image: nginx, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`;

const merge = (kind: string, name: string, patch: unknown, namespace = 'shop'): Change => ({ verb: 'patch', ref: { kind, namespace, name }, type: 'merge', patch });
const word = fc.constantFrom('web', 'lone', 'other');
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  word.map((app) => merge('Pod', 'lone', { metadata: { labels: { app } } })),
  fc.integer({ min: 0, max: 4 }).map((replicas) => merge('Deployment', 'web', { spec: { replicas } })),
  fc.constantFrom('8080', '9090').map((PORT) => merge('ConfigMap', 'settings', { data: { PORT } })),
  fc.constantFrom('1', null).map((EXTRA) => merge('ConfigMap', 'settings', { data: { EXTRA } })),
  word.map((app) => merge('Service', 'web', { spec: { selector: { app } } })),
  fc.constantFrom('nginx', 'caddy').map((image) => merge('Deployment', 'web', { spec: { template: { spec: { containers: [{ name: 'main', image, envFrom: [{ configMapRef: { name: 'settings' } }], readinessProbe: { tcpSocket: { port: 8080 } } }] } } } })),
  fc.constantFrom('8080', '9090').map((port) => merge('Deployment', 'web', { spec: { template: { metadata: { annotations: { 'k8snet-lab/listen': `0.0.0.0:${port}/TCP` } } } } })),
  fc.boolean().map((on) => merge('ConfigMap', 'coredns', { data: { Corefile: on ? '.:53 {\n  kubernetes cluster.local\n}\n' : '.:53 {\n  frobnicate\n}\n' } }, 'kube-system')),
  fc.constant<Change>({ verb: 'delete', ref: { kind: 'Pod', namespace: 'shop', name: 'lone' } }),
  fc.constant(merge('Node', 'worker-1', { metadata: { labels: { 'topology.kubernetes.io/zone': 'b' } } }, '')),
);

/** The same cluster, of which nothing is known by identity. */
const forgotten = (lab: Lab): Lab => ({ ...lab, store: {
  ...lab.store, objects: new Map([...lab.store.objects].map(([key, stored]) => [key, { ...stored, object: structuredClone(stored.object) }])),
  processes: structuredClone(lab.store.processes), started: structuredClone(lab.store.started ?? new Map()),
} });

test('a change leaves the cluster that it would leave if everything were worked out anew', () => {
  const opened = openLab([{ path: 'a.yaml', text }]);
  assert.ok(opened.ok);
  fc.assert(fc.property(fc.array(anyChange, { minLength: 1, maxLength: 5 }), (changes) => {
    let lab = opened.value;
    for (const one of changes) {
      const [kept, anew] = [change(lab, [one]), change(forgotten(lab), [one])];
      assert.equal(kept.ok, anew.ok);
      if (!kept.ok || !anew.ok) continue;
      assert.deepEqual(kept.value.lab.store, anew.value.lab.store);
      assert.deepEqual(kept.value.lab.network, anew.value.lab.network);
      lab = kept.value.lab;
    }
  }), { numRuns: 40 });
});
