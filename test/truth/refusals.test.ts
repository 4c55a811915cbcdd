import assert from 'node:assert/strict';
import test from 'node:test';
import { refusal } from './asked.ts';

const service = (spec: string): string => `{apiVersion: v1, kind: Service, metadata: {name: x, namespace: default}, spec: {${spec}}}`;
const policy = (spec: string): string => `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: x, namespace: default}, spec: {podSelector: {}, ${spec}}}`;
const pod = (spec: string): string => `{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: default}, spec: {${spec}}}`;

/** What kube-apiserver 1.37 answered to these objects. */
const answers: readonly (readonly [document: string, says: string])[] = [
  [service('selector: {a: b}'), 'spec.ports: Required value'],
  [service('ports: [{port: 80}, {port: 81}]'), 'spec.ports[0].name: Required value\nspec.ports[1].name: Required value'],
  [service('ports: [{name: a, port: 80}, {name: a, port: 81}]'), 'spec.ports[1].name: Duplicate value: "a"'],
  [service('ports: [{port: 80, nodePort: 30080}]'), 'spec.ports[0].nodePort: Forbidden: may not be used when `type` is \'ClusterIP\''],
  [service('type: NodePort, ports: [{port: 80, nodePort: 80}]'), 'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767'],
  [policy('ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/16}, podSelector: {}}]}]'), 'spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer'],
  [policy('ingress: [{ports: [{port: 80, endPort: 70}]}]'), 'spec.ingress[0].ports[0].endPort: Invalid value: 70: must be greater than or equal to `port`'],
  [policy('ingress: [{from: [{}]}]'), 'spec.ingress[0].from[0]: Required value: must specify a peer'],
  [policy('ingress: [{form: []}]'), 'strict decoding error: unknown field "spec.ingress[0].form"'],
  [pod('containers: [{name: c, image: i}, {name: c, image: i}]'), 'spec.containers[1].name: Duplicate value: "c"'],
];

test('what the API server refuses is refused in its words', () => {
  for (const [document, says] of answers) assert.equal(refusal(document), says, document);
});

test('a bare y is true in YAML, so it is no label', () => {
  assert.match(refusal('apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  labels: {x: y}\nspec: {containers: [{name: c, image: i}]}\n'), /cannot unmarshal bool into Go struct field ObjectMeta\.metadata\.labels of type string/);
});

test('two Services cannot have one address or one node port', () => {
  const two = (spec: string): string => ['a', 'b'].map((name) => service(spec).replace('name: x', `name: ${name}`)).join('\n---\n');
  assert.match(refusal(two('clusterIP: 10.96.3.3, ports: [{port: 80}]')), /failed to allocate IP 10\.96\.3\.3: provided IP is already allocated/);
  assert.match(refusal(two('type: NodePort, ports: [{port: 80, nodePort: 30080}]')), /provided port is already allocated/);
});

test('nothing that is nested without end gets to the parser', () => {
  for (const text of [`data: ${'['.repeat(300)}${']'.repeat(300)}`, `{"data":${'['.repeat(50_000)}${']'.repeat(50_000)}}`]) assert.match(refusal(text), /nested more than 100 levels deep/);
});
