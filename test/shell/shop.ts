// A small shop for the shell's tests: a client, a server behind a Service that selects nothing, and a database that a policy closes.
import assert from 'node:assert/strict';
import { openLab } from '../../src/sim/lab.ts';
import type { Lab } from '../../src/sim/lab.ts';
import { run, startSession } from '../../src/shell/shell.ts';
import type { Ran, Running, Session } from '../../src/shell/shell.ts';

export const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  nodeName: worker-1
  containers:
    - { name: web, image: "example/web:1", env: [{ name: API_URL, value: "http://api:8080/" }], ports: [{ containerPort: 80 }] }
    - { name: helper, image: "busybox:1.36" }
---
apiVersion: v1
kind: Pod
metadata: { name: slim, namespace: shop, labels: { app: slim } }
spec:
  containers: [{ name: slim, image: "gcr.io/distroless/static:nonroot", ports: [{ containerPort: 80 }] }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop, labels: { app: api } }
spec:
  replicas: 2
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api }, annotations: { k8snet-lab/listen: "0.0.0.0:8080/TCP" } }
    spec:
      containers:
        - { name: api, image: "example/api:1", ports: [{ name: http, containerPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec:
  clusterIP: 10.96.42.7
  selector: { app: api, tier: backend }
  ports: [{ port: 8080, targetPort: http }]
---
apiVersion: v1
kind: Service
metadata: { name: good, namespace: shop }
spec:
  clusterIP: 10.96.42.8
  selector: { app: api }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: wrong, namespace: shop }
spec:
  clusterIP: 10.96.42.9
  selector: { app: api }
  ports: [{ port: 80, targetPort: 9999 }]
---
apiVersion: v1
kind: Pod
metadata: { name: db, namespace: shop, labels: { app: db } }
spec:
  nodeName: worker-2
  containers: [{ name: db, image: "postgres:17", ports: [{ containerPort: 5432 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec:
  clusterIP: 10.96.42.10
  selector: { app: db }
  ports: [{ port: 5432 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db-in, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { team: a } }, podSelector: {} }, { ipBlock: { cidr: 192.0.2.0/24, except: [192.0.2.0/28] } }]
      ports: [{ port: 5432 }, { port: 8000, endPort: 8100, protocol: UDP }]
`;

export function openShop(text = manifests): Lab {
  const opened = openLab([{ path: 'shop.yaml', text }]);
  assert.ok(opened.ok, opened.ok ? '' : JSON.stringify(opened.failures));
  return opened.value;
}

export const shop = (): Session => startSession(openShop(), 'shop');

export function finished(running: Running): Ran {
  if (running.kind !== 'done') assert.fail(`it wants ${running.kind}`);
  return running.ran;
}

/** Runs lines one after the other; gives the last one's result. */
export function type(session: Session, ...lines: readonly string[]): Ran {
  let ran: Ran | undefined;
  for (const line of lines) ran = finished(run(ran?.session ?? session, line));
  assert.ok(ran !== undefined);
  return ran;
}
