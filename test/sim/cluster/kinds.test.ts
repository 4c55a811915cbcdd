import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/sim/model/object.ts';
import { ageText } from '../../../src/sim/cluster/age.ts';
import { allKinds, isSimulated, kindNamed, kindOf, simulatedKinds, splitTypeAndName } from '../../../src/sim/cluster/kinds.ts';
import { emptyStore, put } from '../../../src/sim/cluster/store.ts';
import { withDefaults } from '../../../src/sim/cluster/defaults.ts';
import { deployment, object, serviceWith } from './manifest.ts';

test('a kind is known by all its names', () => {
  const names = { Service: 'svc Services service services.v1. services.v1', Pod: 'po pod pods', NetworkPolicy: 'netpol networkpolicies networkpolicies.networking.k8s.io networkpolicies.v1.networking.k8s.io', Deployment: 'deploy deployment.apps', EndpointSlice: 'endpointslices endpointslice.discovery', Ingress: 'ing ingress ingresses', ServiceAccount: 'sa', PersistentVolumeClaim: 'pvc', HorizontalPodAutoscaler: 'hpa', Endpoints: 'ep endpoints', Namespace: 'ns', Node: 'no', ConfigMap: 'cm', CronJob: 'cj', StatefulSet: 'sts', DaemonSet: 'ds', ReplicaSet: 'rs', ReplicationController: 'rc' };
  for (const [kind, words] of Object.entries(names)) for (const word of words.split(' ')) assert.equal(kindNamed(word, emptyStore)?.kind, kind, word);
  for (const word of ['services.apps', 'none', '', 'services.v2.']) assert.equal(kindNamed(word, emptyStore), undefined, word);
});

test('no two kinds share a name within a group', () => {
  const seen = new Set<string>();
  for (const kind of allKinds()) {
    for (const name of new Set([kind.plural, kind.singular, ...kind.shortNames])) {
      assert.equal(seen.has(`${name}.${kind.group}`), false, `${name}.${kind.group}`);
      seen.add(`${name}.${kind.group}`);
    }
  }
});

test('a custom resource is known by the objects that there are', () => {
  const widget: KubeObject = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a', namespace: 'b' } };
  const store = put(emptyStore, { object: widget, origin: null, lastApplied: null, implied: false, created: 0 });
  assert.deepEqual([kindNamed('widgets', store)?.group, kindNamed('widgets.example.com', store)?.namespaced, kindNamed('widgets', emptyStore)], ['example.com', true, undefined]);
  assert.deepEqual([isSimulated('v1', 'Service'), isSimulated('serving.knative.dev/v1', 'Service'), isSimulated('v1', 'LimitRange')], [true, false, false]);
});

test('what stands on both sides of a slash', () => {
  assert.deepEqual([splitTypeAndName('deploy/web'), splitTypeAndName('deploy')], [{ type: 'deploy', name: 'web' }, undefined]);
});

/** `HEADER=value` of an object's row, the wide ones in brackets. */
function row(given: KubeObject): string {
  const store = { ...emptyStore, now: 720 };
  const stored = { object: given, origin: null, lastApplied: null, implied: false, created: 0 };
  return kindOf(given, store).columns(stored, store).map((cell) => (cell.wide === true ? `[${cell.header}=${cell.value}]` : `${cell.header}=${cell.value}`)).join(' ');
}
const rowOf = (text: string): string => row(withDefaults(object(text)));

test('Services in columns', () => {
  assert.equal(rowOf(serviceWith('  clusterIP: 10.96.0.9\n  selector: {b: x, app: api}\n  ports:\n  - {name: a, port: 80}\n  - {name: b, port: 53, protocol: UDP}\n')), 'NAME=api TYPE=ClusterIP CLUSTER-IP=10.96.0.9 EXTERNAL-IP=<none> PORT(S)=80/TCP,53/UDP AGE=12m [SELECTOR=app=api,b=x]');
  assert.match(rowOf(serviceWith('  type: NodePort\n  ports:\n  - {port: 80, nodePort: 30080}\n')), /PORT\(S\)=80:30080\/TCP/);
  assert.match(rowOf(serviceWith('  type: LoadBalancer\n  ports:\n  - port: 80\n')), /EXTERNAL-IP=<pending>/);
  assert.match(rowOf(`${serviceWith('  type: LoadBalancer\n  ports:\n  - port: 80\n')}status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}\n`), /EXTERNAL-IP=192\.0\.2\.1 /);
  assert.match(rowOf(serviceWith('  clusterIP: None\n')), /CLUSTER-IP=None EXTERNAL-IP=<none> PORT\(S\)=<none>/);
  assert.match(rowOf(serviceWith('  type: ExternalName\n  externalName: a.example\n')), /CLUSTER-IP=<none> EXTERNAL-IP=a\.example PORT\(S\)=<none> AGE=12m \[SELECTOR=<none>\]$/);
});

const podWith = (status: string, metadata = '', spec = ''): string => rowOf(`apiVersion: v1\nkind: Pod\nmetadata: {name: a${metadata}}\nspec: {${spec}nodeName: worker-1, containers: [{name: b, image: c}, {name: d, image: c}]}\nstatus: {${status}}\n`).split(' [')[0] ?? '';

test('Pods in columns: the status is what happens to the containers', () => {
  assert.equal(rowOf('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {nodeName: worker-1, containers: [{name: b, image: c}]}\nstatus: {phase: Running, podIP: 10.244.1.2}\n'), 'NAME=a READY=0/1 STATUS=Running RESTARTS=0 AGE=12m [IP=10.244.1.2] [NODE=worker-1] [NOMINATED NODE=<none>] [READINESS GATES=<none>]');
  assert.equal(podWith('phase: Running, containerStatuses: [{name: b, ready: true, restartCount: 1, state: {running: {}}}, {name: d, ready: false, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}}]'), 'NAME=a READY=1/2 STATUS=CrashLoopBackOff RESTARTS=5 AGE=12m');
  assert.equal(podWith('phase: Running, conditions: [{type: Ready, status: "True"}]'), 'NAME=a READY=2/2 STATUS=Running RESTARTS=0 AGE=12m');
  assert.equal(podWith('phase: Succeeded, containerStatuses: [{name: b, ready: false, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed}}}]'), 'NAME=a READY=0/2 STATUS=Completed RESTARTS=0 AGE=12m');
  assert.equal(podWith('phase: Running', ', deletionTimestamp: "2026-01-01T00:00:00Z"'), 'NAME=a READY=0/2 STATUS=Terminating RESTARTS=0 AGE=12m');
  assert.equal(podWith(''), 'NAME=a READY=0/2 STATUS=Pending RESTARTS=0 AGE=12m');
});

test('the other kinds in columns', () => {
  assert.equal(rowOf(`${deployment}status: {readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1}\n`), 'NAME=web READY=1/2 UP-TO-DATE=2 AVAILABLE=1 AGE=12m [CONTAINERS=web] [IMAGES=nginx:1.27] [SELECTOR=app=web]');
  assert.equal(rowOf('apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\naddressType: IPv4\nports: [{port: 80}, {name: x}]\nendpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.2]}, {addresses: [10.0.0.3]}, {addresses: [10.0.0.4]}]\n'), 'NAME=a ADDRESSTYPE=IPv4 PORTS=80,x ENDPOINTS=10.0.0.1,10.0.0.2,10.0.0.3 + 1 more... AGE=12m');
  assert.equal(rowOf('apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\naddressType: IPv4\n'), 'NAME=a ADDRESSTYPE=IPv4 PORTS=<unset> ENDPOINTS=<unset> AGE=12m');
  assert.equal(rowOf('apiVersion: v1\nkind: Endpoints\nmetadata: {name: a}\nsubsets: [{addresses: [{ip: 10.0.0.1}, {ip: "fd00::1"}], ports: [{port: 80}]}]\n'), 'NAME=a ENDPOINTS=10.0.0.1:80,[fd00::1]:80 AGE=12m');
  assert.equal(rowOf('apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [b, a]}]}}\n'), 'NAME=a POD-SELECTOR=app in (a,b) AGE=12m');
  assert.equal(rowOf('apiVersion: v1\nkind: Node\nmetadata: {name: a, labels: {node-role.kubernetes.io/control-plane: ""}}\nspec: {unschedulable: true}\nstatus: {conditions: [{type: Ready, status: "True"}], nodeInfo: {kubeletVersion: v1.33.0}}\n').split(' [')[0], 'NAME=a STATUS=Ready,SchedulingDisabled ROLES=control-plane AGE=12m VERSION=v1.33.0');
  assert.equal(rowOf('apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n'), 'NAME=a STATUS=Active AGE=12m');
  assert.equal(rowOf('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {b: c}\nbinaryData: {d: ZQ==}\n'), 'NAME=a DATA=2 AGE=12m');
  assert.equal(rowOf('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {b: Yw==}\n'), 'NAME=a TYPE=Opaque DATA=1 AGE=12m');
  assert.equal(rowOf('apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {ingressClassName: nginx, tls: [{}], rules: [{host: a.example}]}\n'), 'NAME=a CLASS=nginx HOSTS=a.example ADDRESS= PORTS=80, 443 AGE=12m');
  assert.equal(rowOf('apiVersion: v1\nkind: ReplicationController\nmetadata: {name: a}\nspec: {selector: {app: b}, template: {metadata: {labels: {app: b}}, spec: {containers: [{name: c, image: d}]}}}\n'), 'NAME=a DESIRED=1 CURRENT=0 READY=0 AGE=12m [CONTAINERS=c] [IMAGES=d] [SELECTOR=app=b]');
});

test('every simulated kind has columns for an object that has nothing', () => {
  for (const kind of simulatedKinds()) {
    const apiVersion = kind.group === '' ? 'v1' : `${kind.group}/${kind.versions[0] ?? ''}`;
    assert.match(row(withDefaults({ apiVersion, kind: kind.kind, metadata: { name: 'a' } })), kind.kind === 'CiliumClusterwideNetworkPolicy' ? /^NAME=a VALID=/ : /^NAME=a .*AGE=12m/, kind.kind);
  }
});

test('an age is told in one or two units', () => {
  const ages: readonly (readonly [number, string])[] = [[-5, '<invalid>'], [0, '0s'], [119, '119s'], [120, '2m'], [150, '2m30s'], [720, '12m'], [10_740, '179m'], [10_800, '3h'], [12_600, '3h30m'], [36_000, '10h'], [180_000, '2d2h'], [777_600, '9d'], [63_072_000, '2y'], [63_158_400, '2y1d'], [315_360_000, '10y']];
  for (const [seconds, text] of ages) assert.equal(ageText(seconds), text);
});
