// More of kubectl: explain, wait, auth, rollout, diff, events, logs, run, nodes. Texts marked (peer) are a real kubectl's on a real API server v1.37.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edited, run as runLine } from '../../src/shell/shell.ts';
import { shop, type } from './shop.ts';

const session = shop();
const out = (...lines: readonly string[]): string => type(session, ...lines).stdout;
const err = (...lines: readonly string[]): string => type(session, ...lines).stderr;

// (peer)
for (const [line, says] of [
  ['kubectl auth can-i', "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples."],
  ['kubectl auth can-i get foo', "Warning: the server doesn't have a resource type 'foo'\n"],
  ['kubectl wait pod', 'error: unrecognized condition: []'],
  ['kubectl wait pod/web --for=foo', 'error: unrecognized condition: "foo"'],
  ['kubectl wait --for=condition=Available sts --all', 'error: no matching resources found'],
  ['kubectl wait --for=delete pod/web --timeout=1s', 'error: timed out waiting for the condition on pods/web'],
  ['kubectl wait --for=condition=Ready pod/nope', 'Error from server (NotFound): pods "nope" not found'],
  ['kubectl rollout history deploy/nope', 'Error from server (NotFound): deployments.apps "nope" not found'],
  ['kubectl rollout history deploy/api --revision=9', 'error: unable to find the specified revision'],
  ['kubectl rollout history svc/api', 'error: error retrieving history for "Service", no visitor method exists for { Service}'],
  ['kubectl rollout resume deploy/api', 'error: deployments.apps "api" is not paused'],
  ['kubectl rollout pause svc/api', 'error: services "api" pausing is not supported'],
  ['kubectl rollout restart svc/api', 'error: services "api" restarting is not supported'],
  ['kubectl rollout undo deploy/api --to-revision=9', 'error: unable to find specified revision 9 in history'],
  ['kubectl rollout pause deploy/api; kubectl rollout pause deploy/api', 'error: deployments.apps "api" is already paused'],
  ['kubectl rollout pause deploy/api; kubectl rollout undo deploy/api', "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again"],
  ['kubectl rollout pause deploy/api; kubectl rollout restart deploy/api', 'error: deployments.apps "api" can\'t restart paused deployment (run rollout resume first)'],
  ['kubectl logs nope', 'error: error from server (NotFound): pods "nope" not found in namespace "shop"'],
  ['kubectl logs', "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples"],
  ['kubectl port-forward', "error: TYPE/NAME and list of ports are required for port-forward\nSee 'kubectl port-forward -h' for help and examples"],
  ['kubectl explain', 'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.'],
  ['kubectl explain svc.spec.foo', 'error: field "foo" does not exist'],
  ['kubectl cordon nope', 'Error from server (NotFound): nodes "nope" not found'],
  ['kubectl events -n default', 'No events found in default namespace.'],
  ['kubectl get events -n default', 'No resources found in default namespace.'],
] as const) {
  test(`${line}: ${says.split('\n')[0] ?? ''}`, () => {
    assert.equal(err(line), `${says}\n`);
  });
}
test('an administrator may do everything (peer)', () => {
  assert.equal(out('kubectl auth can-i get pods'), 'yes\n');
  assert.equal(out('kubectl auth can-i --list'), 'Resources   Non-Resource URLs   Resource Names   Verbs\n*.*         []                  []               [*]\n            [*]                 []               [*]\n');
});
test('a condition that holds is met at once (peer)', () => {
  assert.equal(out("kubectl wait svc/api --for=jsonpath='{.spec.type}'=ClusterIP"), 'service/api condition met\n');
  assert.equal(out('kubectl wait --for=condition=Available deploy/api'), 'deployment.apps/api condition met\n');
  assert.equal(type(session, 'kubectl wait --for=delete svc/nope').status, 0);
});
test('rollout history counts revisions, and shows one with its tabs (peer)', () => {
  assert.equal(out('kubectl rollout history deploy/api'), 'deployment.apps/api \nREVISION  CHANGE-CAUSE\n1         <none>\n\n');
  assert.equal(out('kubectl set image deploy/api api=example/api:2', 'kubectl rollout history deploy/api --revision=2').replace(/pod-template-hash=\w+/, 'pod-template-hash=h2').replace(/^ {2}Annotations:.*\n/m, ''),
    'deployment.apps/api with revision #2\nPod Template:\n  Labels:\tapp=api\n\tpod-template-hash=h2\n  Containers:\n   api:\n    Image:\texample/api:2\n    Port:\t8080/TCP (http)\n    Host Port:\t0/TCP (http)\n    Environment:\t<none>\n    Mounts:\t<none>\n  Volumes:\t<none>\n  Node-Selectors:\t<none>\n  Tolerations:\t<none>\n\n');
});
test('undo to the revision that stands is skipped (peer)', () => {
  assert.equal(out('kubectl rollout undo deploy/api --to-revision=1'), 'deployment.apps/api skipped rollback (current template already matches revision 1)\n');
});
test('explain shows fields and types; recursively, those below (peer, without descriptions and what is required)', () => {
  assert.equal(out('kubectl explain netpol.spec.ingress.from --recursive').replace(/^ {4}See.*$/m, '    …'), `GROUP:      networking.k8s.io
KIND:       NetworkPolicy
VERSION:    v1

FIELD: from <[]NetworkPolicyPeer>


DESCRIPTION:
    …
    
FIELDS:
  ipBlock\t<IPBlock>
    cidr\t<string>
    except\t<[]string>
  namespaceSelector\t<LabelSelector>
    matchExpressions\t<[]LabelSelectorRequirement>
      key\t<string>
      operator\t<string>
      values\t<[]string>
    matchLabels\t<map[string]string>
  podSelector\t<LabelSelector>
    matchExpressions\t<[]LabelSelectorRequirement>
      key\t<string>
      operator\t<string>
      values\t<[]string>
    matchLabels\t<map[string]string>

`);
});
const changed = 'apiVersion: v1\nkind: Service\nmetadata: {name: good, namespace: shop}\nspec:\n  clusterIP: 10.96.42.8\n  selector: {app: api}\n  ports: [{port: 81, targetPort: 8080}]\n';
test('diff says what apply would change, with status 1, and 0 for nothing (peer)', () => {
  const ran = type(session, `kubectl diff -f - <<'EOF'\n${changed}EOF`);
  assert.equal(ran.status, 1);
  assert.match(ran.stdout, /^diff -u -N \/tmp\/LIVE-\d+\/v1\.Service\.shop\.good \/tmp\/MERGED-\d+\/v1\.Service\.shop\.good\n--- \/tmp\/LIVE-\S+\t[^\n]+ \+0000\n\+\+\+ \/tmp\/MERGED-\S+\t[^\n]+ \+0000\n@@ -\d+,7 \+\d+,7 @@\n/);
  assert.match(ran.stdout, /\n {3}ports:\n- {2}- port: 80\n\+ {2}- port: 81\n {5}protocol: TCP\n/);
  assert.equal(type(session, `kubectl diff -f - <<'EOF'\n${changed.replace('port: 81', 'port: 80')}EOF`).status, 0);
  assert.equal(ran.changed, false);
});
test('events tell what scheduler, controllers and kubelets did', () => {
  assert.match(out('kubectl events --for pod/db'), /^LAST SEEN {3}TYPE {5}REASON {6}OBJECT {3}MESSAGE\n12m {9}Normal {3}Scheduled {3}Pod\/db {3}Successfully assigned shop\/db to worker-2\n/);
  assert.match(out('kubectl get events -A'), /^NAMESPACE {5}LAST SEEN/);
  assert.match(out('kubectl describe pod db'), /\nEvents:\n {2}Type {4}Reason {5}Age {3}From {15}Message\n {2}---- {4}------ {5}---- {2}---- {15}-------\n {2}Normal {2}Scheduled {2}12m {3}default-scheduler {2}Successfully assigned shop\/db to worker-2\n/);
});
test('a new pod for one command: run -i --rm', () => {
  const ran = type(session, 'kubectl run tmp --rm -i --image=busybox:1.36 --restart=Never -- wget -qO- http://good/');
  assert.match(ran.stdout, /^api-\S+:8080\npod "tmp" deleted from shop namespace\n$/);
  assert.deepEqual(ran.traces.map(({ request }) => 'name' in request.from ? request.from.name : ''), ['tmp']);
  assert.equal(type(ran.session, 'kubectl get pod tmp').status, 1);
  const bad = type(session, 'kubectl run tmp --rm -i --image=busybox:1.36 --restart=Never -- wget -qO- http://nope/');
  assert.equal(bad.stderr, "wget: bad address 'nope'\npod shop/tmp terminated (Error)\n");
  assert.equal(bad.status, 1);
});
test('nodes are cordoned and tainted', () => {
  assert.equal(out('kubectl cordon worker-1'), 'node/worker-1 cordoned\n');
  assert.equal(out('kubectl uncordon worker-1'), 'node/worker-1 already uncordoned\n');
  assert.equal(out('kubectl taint node worker-1 a=b:NoSchedule'), 'node/worker-1 tainted\n');
  assert.equal(err('kubectl taint node worker-1 a=b:NoSchedule; kubectl taint node worker-1 a=c:NoSchedule'), 'error: node worker-1 already has a taint(s) with same effect(s) and --overwrite is false\n');
  assert.equal(out('kubectl taint node worker-1 a=b:NoSchedule; kubectl taint node worker-1 a-'), 'node/worker-1 tainted\nnode/worker-1 untainted\n');
});
test('drain asks before it takes what nobody brings back, and then takes it (peer)', () => {
  const refused = type(session, 'kubectl drain worker-1');
  assert.equal(refused.stdout, 'node/worker-1 cordoned\n');
  assert.equal(refused.stderr, 'error: unable to drain node "worker-1" due to error: cannot delete Pods that declare no controller (use --force to override): shop/web, continuing command...\nThere are pending nodes to be drained:\n worker-1\ncannot delete Pods that declare no controller (use --force to override): shop/web\n');
  const ran = type(session, 'kubectl drain worker-1 --force');
  assert.equal(ran.stderr, 'Warning: deleting Pods that declare no controller: shop/web\n');
  assert.match(ran.stdout, /^node\/worker-1 cordoned\n(evicting pod \S+\n)+(pod\/\S+ evicted\n)+node\/worker-1 drained\n$/);
  assert.equal(ran.session.lab.network.pods.some(({ node }) => node === 'worker-1'), false);
  assert.equal(ran.session.lab.network.pods.filter(({ name, running }) => name.startsWith('api-') && running).length, 2);
});
test('a refused edit is opened again with its causes as comments (peer)', () => {
  const running = runLine(session, 'kubectl edit svc good');
  assert.ok(running.kind === 'edit');
  const again = (from: string, to: string): { readonly stderr: string; readonly comments: readonly string[] } => {
    const ran = edited(session, running.ref, running.text, running.text.replace(from, to));
    return { stderr: ran.stderr, comments: (ran.reopen?.text ?? '').split('\n').filter((line) => line.startsWith('#')).slice(4) };
  };
  assert.deepEqual(again('targetPort: 8080', 'targetPort: "8_0"'), {
    stderr: 'error: services "good" is invalid\n',
    comments: ['# services "good" was not valid:', '# * spec.ports[0].targetPort: Invalid value: "8_0": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)', '# * spec.ports[0].targetPort: Invalid value: "8_0": must contain at least one letter (a-z)', '#'],
  });
  assert.deepEqual(again('sessionAffinity', 'sesionAffinity'), { stderr: 'error: services "good" is invalid\n', comments: ['# services "good" was not valid:', '# * strict decoding error: unknown field "spec.sesionAffinity"', '#'] });
  assert.equal(again('spec:', 'spec: [').comments[1]?.startsWith('# * <nil>: Invalid value: "The edited file failed validation": yaml: line '), true);
});
test('what nobody declared stays out of what is listed, whoever changes it', () => {
  const ran = type(session, 'kubectl -n kube-system scale deploy coredns --replicas=3');
  assert.equal(ran.session.lab.network.workloads.find(({ ref }) => ref.name === 'coredns')?.implied, true);
  assert.equal(ran.session.lab.network.pods.filter(({ namespace, implied }) => namespace === 'kube-system' && implied).length, 3);
});
const moved = (port: number, image: string): string => `kubectl delete deploy api; kubectl apply -f - <<'EOF'
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: "${image}", ports: [{containerPort: ${port}}]}]}
EOF`;
const listening = (line: string): readonly number[] => type(session, line).session.lab.network.pods.find(({ name }) => name.startsWith('api-'))?.sockets.map(({ port }) => port) ?? [];
test('a Deployment that is deleted and made again listens where it did; another image is another program', () => {
  assert.deepEqual(listening(moved(9999, 'example/api:1')), [8080]);
  assert.deepEqual(listening(moved(9999, 'example/other:1')), [9999]);
});
