import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withDefaults } from '../../../src/sim/cluster/defaults.ts';
import { serialize } from '../../../src/sim/cluster/serialize.ts';
import { deployment, object, serviceWith } from './manifest.ts';

const filled = (text: string): string => serialize(withDefaults(object(text)), 'yaml');

test('a Service is kept with what kubectl shows of it', () => {
  assert.equal(filled('apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: b}, ports: [{port: 80}]}\n'), `apiVersion: v1
kind: Service
metadata:
  name: a
  namespace: default
spec:
  internalTrafficPolicy: Cluster
  ports:
  - port: 80
    protocol: TCP
    targetPort: 80
  selector:
    app: b
  sessionAffinity: None
  type: ClusterIP
status:
  loadBalancer: {}
`);
});

test('a load balancer is reached from everywhere, and gets node ports', () => {
  assert.match(filled(serviceWith('  type: LoadBalancer\n  ports:\n  - port: 80\n')), /allocateLoadBalancerNodePorts: true\n {2}externalTrafficPolicy: Cluster\n {2}internalTrafficPolicy: Cluster\n/);
});

test('sticky sessions last three hours', () => {
  assert.match(filled(serviceWith('  sessionAffinity: ClientIP\n  ports:\n  - port: 80\n')), /sessionAffinityConfig:\n {4}clientIP:\n {6}timeoutSeconds: 10800\n/);
});

test('an alias has no traffic policy', () => {
  assert.doesNotMatch(filled(serviceWith('  type: ExternalName\n  externalName: a.example\n')), /TrafficPolicy/);
});

test('a Deployment is kept with what kubectl shows of it', () => {
  assert.equal(filled(deployment), `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  progressDeadlineSeconds: 600
  replicas: 2
  revisionHistoryLimit: 10
  selector:
    matchLabels:
      app: web
  strategy:
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 25%
    type: RollingUpdate
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - image: nginx:1.27
        imagePullPolicy: IfNotPresent
        name: web
        ports:
        - containerPort: 8080
          name: http
          protocol: TCP
        resources: {}
        terminationMessagePath: /dev/termination-log
        terminationMessagePolicy: File
      dnsPolicy: ClusterFirst
      restartPolicy: Always
      schedulerName: default-scheduler
      securityContext: {}
      terminationGracePeriodSeconds: 30
`);
});

test('an image without a tag is pulled always, one with a tag once', () => {
  const policy = (image: string): string => /imagePullPolicy: (\w+)/.exec(filled(deployment.replace('nginx:1.27', image)))?.[1] ?? '';
  assert.deepEqual(['nginx', 'nginx:latest', 'localhost:5000/nginx', 'nginx:1.27', 'nginx@sha256:abc'].map(policy), ['Always', 'Always', 'Always', 'IfNotPresent', 'IfNotPresent']);
});

const policy = (spec: string): unknown => Reflect.get(Reflect.get(withDefaults(object(`apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: ${spec}\n`)), 'spec'), 'policyTypes');

test('a policy isolates incoming traffic, and outgoing only where it has egress rules', () => {
  assert.deepEqual(policy('{podSelector: {}}'), ['Ingress']);
  assert.deepEqual(policy('{podSelector: {}, egress: []}'), ['Ingress']);
  assert.deepEqual(policy('{podSelector: {}, egress: [{}]}'), ['Ingress', 'Egress']);
  assert.deepEqual(policy('{podSelector: {}, ingress: [{}], policyTypes: [Egress]}'), ['Egress']);
});

test('an empty item of a list of rules is an empty rule, which allows everything', () => {
  const { spec } = withDefaults(object('apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  ingress:\n  -\n')) as unknown as { spec: { ingress: unknown; podSelector: unknown } };
  assert.deepEqual([spec.ingress, spec.podSelector], [[{}], {}]);
});

test('a selector without labels is none: nobody manages the slices of such a Service', () => {
  const { spec } = withDefaults(object(serviceWith('  selector: {}\n  ports:\n  - port: 80\n'))) as unknown as { spec: object };
  assert.equal('selector' in spec, false);
});

test('only a rolling update has parameters that are filled in', () => {
  const strategy = (text: string): unknown => Reflect.get(Reflect.get(withDefaults(object(deployment.replace('  template:', `  strategy: ${text}\n  template:`))), 'spec') as object, 'strategy');
  assert.deepEqual(strategy('{}'), { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } });
  assert.deepEqual(strategy('{type: Recreate}'), { type: 'Recreate' });
  assert.deepEqual(strategy('{type: Foo}'), { type: 'Foo' });
});

test('every namespace carries its name as a label', () => {
  assert.deepEqual(withDefaults(object('apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n')).metadata.labels, { 'kubernetes.io/metadata.name': 'a' });
});

test('what is of the wrong type is left out rather than kept', () => {
  const { spec } = withDefaults(object(serviceWith('  ports: http\n  selector: {app: 1}\n  type: [a]\n'))) as unknown as { spec: object };
  assert.deepEqual(spec, { selector: { app: '1' }, sessionAffinity: 'None', type: 'ClusterIP', internalTrafficPolicy: 'Cluster' });
});

const kinds = ['v1 Service', 'v1 Pod', 'apps/v1 Deployment', 'apps/v1 StatefulSet', 'apps/v1 DaemonSet', 'apps/v1 ReplicaSet', 'v1 ReplicationController', 'batch/v1 Job', 'batch/v1 CronJob', 'networking.k8s.io/v1 NetworkPolicy', 'discovery.k8s.io/v1 EndpointSlice', 'v1 Endpoints', 'v1 Namespace', 'v1 Node', 'v1 ConfigMap', 'v1 Secret', 'k8snet-lab/v1 Cluster', 'example.com/v1 Widget'];
test('an object of any shape takes its defaults without a fault, and takes them only once', () => {
  fc.assert(fc.property(fc.constantFrom(...kinds), fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 2 }), (kind, spec, status) => {
    const [apiVersion = '', name = ''] = kind.split(' ');
    const given = { apiVersion, kind: name, metadata: { name: 'a' }, spec, status, data: spec, ports: spec, endpoints: spec, subsets: spec };
    const once = withDefaults(given);
    assert.deepEqual(withDefaults(once), once);
  }));
});
