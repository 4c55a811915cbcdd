// A lab from text, and short questions to it.
import assert from 'node:assert/strict';
import { openLab, parseSource, parseTarget, send, change, type Change, type Lab, type LabOptions, type Trace } from '../../src/sim/lab.ts';
import { decode } from '../../src/sim/cluster/decode.ts';

export function open(text: string, options: LabOptions = {}): Lab {
  const lab = openLab([{ path: 'cluster.yaml', text }], options);
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures, null, 1));
  return lab.value;
}

export function call(lab: Lab, from: string, to: string): Trace {
  const source = parseSource(from, lab.network);
  const target = parseTarget(to);
  assert.ok(source.ok && target.ok, JSON.stringify([source, target]));
  return send(lab, { from: source.value, to: target.value });
}

export function changed(lab: Lab, ...changes: readonly Change[]): Lab {
  const result = change(lab, changes);
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.failures, null, 1));
  return result.value.lab;
}

export function applied(lab: Lab, text: string): Lab {
  const decoded = decode([{ path: 'fix.yaml', text }]);
  assert.ok(decoded.ok, decoded.ok ? '' : JSON.stringify(decoded.failures));
  return changed(lab, ...decoded.value.documents.map(({ object, origin }): Change => ({ verb: 'apply', object, origin })));
}

export const podNames = (lab: Lab, namespace: string): string[] => lab.network.pods.filter((pod) => pod.namespace === namespace).map(({ name }) => name);

export const merge = (kind: string, namespace: string, name: string, patch: unknown): Change => ({ verb: 'patch', ref: { kind, namespace, name }, type: 'merge', patch });

/** Web calls api; the Service asks for a label that the template lacks when `selector` says so. */
export const shop = (selector = 'app: api', replicas = 2): string => `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web, ports: [{ containerPort: 80 }] }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { ${selector} }, ports: [{ port: 80, targetPort: http }] }
`;
