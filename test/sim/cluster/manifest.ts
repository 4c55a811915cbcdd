// Manifests as text, for the tests of this room.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/sim/model/object.ts';
import type { Problem } from '../../../src/sim/model/problem.ts';
import { decode } from '../../../src/sim/cluster/decode.ts';
import type { Decoded } from '../../../src/sim/cluster/decode.ts';
import { loadDocuments } from '../../../src/sim/cluster/load.ts';
import { emptyStore } from '../../../src/sim/cluster/store.ts';
import type { Store } from '../../../src/sim/cluster/store.ts';
import { validate } from '../../../src/sim/cluster/validate.ts';

export function documents(text: string, path = 'test.yaml'): readonly Decoded[] {
  const decoded = decode([{ path, text }]);
  assert.ok(decoded.ok, JSON.stringify(decoded));
  return decoded.value.documents;
}

export function only(text: string): Decoded {
  const [first, second] = documents(text);
  assert.ok(first !== undefined && second === undefined);
  return first;
}

export const object = (text: string): KubeObject => only(text).object;

/** What the API server says against a manifest, sentence by sentence. */
export const refusals = (text: string): string[] => problems(text).map((problem) => problem.says);

export function problems(text: string): readonly Problem[] {
  const { object: given, origin } = only(text);
  return validate(given, origin, null);
}

export function store(text: string): Store {
  const loaded = loadDocuments(emptyStore, documents(text));
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.value.store;
}

/** What stands in the way of decoding a text. */
export function faults(text: string): readonly Problem[] {
  const decoded = decode([{ path: 'test.yaml', text }]);
  assert.ok(!decoded.ok);
  return decoded.failures;
}

/** A Service with these lines under `spec:`, each already indented by two. */
export const serviceWith = (spec: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: api\n  namespace: shop\nspec:\n${spec}`;

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports:
        - name: http
          containerPort: 8080
`;
