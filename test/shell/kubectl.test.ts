// kubectl's tables, messages and errors. Golden texts were compared with kubectl v1.37.2 talking to a server of the same objects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edited, run } from '../../src/shell/shell.ts';
import { shop, type } from './shop.ts';

const session = shop();
const golden = (title: string, line: string, expected: string): void => {
  test(title, () => {
    const { stdout } = type(session, line);
    assert.equal(stdout, expected);
  });
};
const refuses = (line: string, stderr: string, status = 1): void => {
  test(`${line}: ${stderr.split('\n')[0] ?? ''}`, () => {
    const ran = type(session, line);
    assert.equal(ran.stderr, stderr);
    assert.equal(ran.status, status);
  });
};

golden('a table has three spaces between columns and none at the end', 'kubectl get svc -n shop api wrong', `NAME    TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE
api     ClusterIP   10.96.42.7   <none>        8080/TCP   12m
wrong   ClusterIP   10.96.42.9   <none>        80/TCP     12m
`);
golden('several kinds have tables of their own and names with their kind', 'k get svc/db netpol/db-in', `NAME         TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)    AGE
service/db   ClusterIP   10.96.42.10   <none>        5432/TCP   12m

NAME                                    POD-SELECTOR   AGE
networkpolicy.networking.k8s.io/db-in   app=db         12m
`);
golden('-A has the namespace in front', 'kubectl get svc -A -l k8s-app=kube-dns --no-headers', 'kube-system   kube-dns   ClusterIP   10.96.0.10   <none>   53/UDP,53/TCP,9153/TCP   12m\n');
golden('-o wide has the selector of a Service', 'kubectl get svc api -o wide', `NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE   SELECTOR
api    ClusterIP   10.96.42.7   <none>        8080/TCP   12m   app=api,tier=backend
`);
golden('--show-labels and -L add columns', 'kubectl get pod db -L app --show-labels', `NAME   READY   STATUS    RESTARTS   AGE   APP   LABELS
db     1/1     Running   0          12m   db    app=db
`);
golden('-o name has the kind and its group', 'kubectl get deploy,svc -o name', 'deployment.apps/api\nservice/api\nservice/db\nservice/good\nservice/wrong\n');
golden('a jsonpath is filled in', `kubectl get svc -o jsonpath='{range .items[?(@.metadata.name!="wrong")]}{.metadata.name}{"\\t"}{.spec.ports[0].port}{"\\n"}{end}'`, 'api\t8080\ndb\t5432\ngood\t80\n');
golden('a jsonpath prints maps as JSON with sorted fields', "kubectl get svc api -o jsonpath='{.spec.selector}{\" \"}{.spec.ports}'", '{"app":"api","tier":"backend"} [{"port":8080,"protocol":"TCP","targetPort":"http"}]');
golden('custom columns', 'kubectl get svc -o custom-columns=NAME:.metadata.name,IP:.spec.clusterIP,X:.nope --sort-by=.spec.clusterIP', `NAME    IP            X
db      10.96.42.10   <none>
api     10.96.42.7    <none>
good    10.96.42.8    <none>
wrong   10.96.42.9    <none>
`);
golden('describe service', 'kubectl describe svc good', `Name:                     good
Namespace:                shop
Labels:                   <none>
Annotations:              <none>
Selector:                 app=api
Type:                     ClusterIP
IP Family Policy:         SingleStack
IP Families:              IPv4
IP:                       10.96.42.8
IPs:                      10.96.42.8
Port:                     <unset>  80/TCP
TargetPort:               8080/TCP
Endpoints:                ${endpoints('good')}
Session Affinity:         None
Internal Traffic Policy:  Cluster
Events:                   <none>
`);
golden('describe networkpolicy says the rules in sentences', 'kubectl describe netpol db-in', `Name:         db-in
Namespace:    shop
Created on:   2026-01-01 00:00:00 +0000 UTC
Labels:       <none>
Annotations:  <none>
Spec:
  PodSelector:     app=db
  Allowing ingress traffic:
    To Port: 5432/TCP
    To Port Range: 8000-8100/UDP
    From:
      NamespaceSelector: team=a
      PodSelector: <none>
    From:
      IPBlock:
        CIDR: 192.0.2.0/24
        Except: 192.0.2.0/28
  Not affecting egress traffic
  Policy Types: Ingress
`);
golden('describe namespace', 'kubectl describe ns shop', `Name:         shop
Labels:       kubernetes.io/metadata.name=shop
Annotations:  <none>
Status:       Active

No resource quota.

No LimitRange resource.
`);

function endpoints(service: string): string {
  return type(session, `kubectl get endpointslices -l kubernetes.io/service-name=${service} -o jsonpath='{.items[*].endpoints[*].addresses[0]}'`).stdout.split(' ').map((ip) => `${ip}:8080`).join(',');
}

test('describe pod has its containers and its state', () => {
  const text = type(session, 'kubectl describe pod web').stdout;
  assert.match(text, /^Name: {13}web\nNamespace: {8}shop\n/);
  assert.match(text, /\n {2}web:\n/);
  assert.match(text, /\n {4}Environment:\n {6}API_URL: {2}http:\/\/api:8080\/\n/);
  assert.match(text, /\nConditions:\n {2}Type {14}Status\n/);
  assert.match(text, /QoS Class: {10}BestEffort\n/);
});
test('an empty list is said on standard error', () => {
  const ran = type(session, 'kubectl get cm');
  assert.equal(ran.stdout, '');
  assert.equal(ran.stderr, 'No resources found in shop namespace.\n');
  assert.equal(ran.status, 0);
  assert.equal(type(session, 'kubectl get pods -A -l a=b').stderr, 'No resources found\n');
});
test('Endpoints are on their way out, and the server says so', () => {
  assert.equal(type(session, 'kubectl get ep api').stderr, 'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n');
});

refuses('kubectl gett pods', 'error: unknown command "gett" for "kubectl"\n\nDid you mean this?\n\tset\n\tget\n');
refuses('kubectl frobnicate', 'error: unknown command "frobnicate" for "kubectl"\n');
refuses('kubectl get foo', 'error: the server doesn\'t have a resource type "foo"\n');
refuses('kubectl get pod x', 'Error from server (NotFound): pods "x" not found\n');
refuses('kubectl get deploy x', 'Error from server (NotFound): deployments.apps "x" not found\n');
refuses('kubectl get pods --foo', "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n");
refuses('kubectl get pods -z', "error: unknown shorthand flag: 'z' in -z\nSee 'kubectl get --help' for usage.\n");
refuses('kubectl get pods -n', "error: flag needs an argument: 'n' in -n\nSee 'kubectl get --help' for usage.\n");
refuses('kubectl get pods -A web', 'error: a resource cannot be retrieved by name across all namespaces\n');
refuses('kubectl get svc api -l a=b', 'error: name cannot be provided when a selector is specified\n');
refuses("kubectl get pods -l 'a in b'", 'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "a in b", field selector "": unable to parse requirement: found \'b\', expected: \'(\'\n');
refuses('kubectl get svc api svc/web', "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n");
refuses('kubectl describe', 'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n');
refuses('kubectl label pod web', 'error: at least one label update is required\n');
refuses('kubectl label pod web app=x', "error: 'app' already has a value (web), and --overwrite is false\n");
refuses('kubectl patch svc api', 'error: must specify --patch or --patch-file containing the contents of the patch\n');
refuses('kubectl apply', 'error: must specify one of -f and -k\n');
refuses('kubectl scale deploy api', 'error: required flag(s) "replicas" not set\n');
refuses('kubectl scale deploy api --replicas=x', 'error: invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax\nSee \'kubectl scale --help\' for usage.\n');
refuses('kubectl delete pod', 'error: resource(s) were provided, but no name was specified\n');
refuses('kubectl exec web curl', "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples\n");
refuses('kubectl attach web', 'the lab has no attach: processes of the simulation print nothing; use kubectl exec\n');
refuses('kubectl get pods -w', 'the lab has no watch: its controllers answer at once, so ask again after a change\n');

test('an update that the server refuses names every cause', () => {
  const one = type(session, `kubectl patch svc good --type=json -p '[{"op":"replace","path":"/spec/type","value":"NodePort"},{"op":"add","path":"/spec/ports/0/nodePort","value":80}]'`);
  assert.equal(one.stderr, 'The Service "good" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767\n');
  const two = type(session, `kubectl patch svc good --type=merge -p '{"spec":{"ports":[{"port":0},{"port":99999}]}}'`);
  assert.match(two.stderr, /^The Service "good" is invalid: \n\* spec\.ports\[0\]/);
  assert.ok((two.stderr.match(/^\* /gm) ?? []).length > 1);
  assert.equal(two.changed, false);
});
test('apply says what became of each document, and an unknown field is refused strictly', () => {
  const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { A: "1" }\n';
  const created = type(session, `kubectl apply -f - <<EOF\n${manifest}EOF`);
  assert.equal(created.stdout, 'configmap/settings created\n');
  assert.equal(type(created.session, `kubectl apply -f - <<EOF\n${manifest}EOF`).stdout, 'configmap/settings unchanged\n');
  assert.equal(type(created.session, `kubectl apply -f - <<EOF\n${manifest.replace('"1"', '"2"')}EOF`).stdout, 'configmap/settings configured\n');
  const unknown = type(session, 'kubectl apply -f - <<EOF\napiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: { selektor: { a: b }, ports: [{ port: 80 }] }\nEOF');
  assert.equal(unknown.stderr, 'Error from server (BadRequest): error when creating "STDIN": Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.selektor"\n');
});
test('a file is asked for before it is applied, and one that is not there is kubectl\'s error', () => {
  assert.deepEqual(run(session, 'kubectl apply -f fix.yaml'), { kind: 'files', paths: ['fix.yaml'] });
  const given = run(session, 'kubectl apply -f fix.yaml', { files: { 'fix.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' }, stdin: null });
  assert.equal(given.kind === 'done' ? given.ran.stdout : '', 'configmap/a created\n');
  const missing = run(session, 'kubectl apply -f fix.yaml', { files: {}, stdin: null, missing: ['fix.yaml'] });
  assert.equal(missing.kind === 'done' ? missing.ran.stderr : '', 'error: the path "fix.yaml" does not exist\n');
});
test('label, patch, scale and delete word their outcomes as kubectl does', () => {
  const ran = (line: string): string => type(session, line).stdout;
  assert.equal(ran('kubectl label pod web tier=front'), 'pod/web labeled\n');
  assert.equal(ran('kubectl label pod web app-'), 'pod/web unlabeled\n');
  assert.equal(ran('kubectl label pod web app=web'), 'pod/web not labeled\n');
  assert.equal(ran('kubectl label pod web nope-'), 'label "nope" not found.\npod/web not labeled\n');
  assert.equal(ran('kubectl annotate pod web a=b'), 'pod/web annotated\n');
  assert.equal(ran('kubectl patch svc api -p "spec: {selector: {tier: null}}"'), 'service/api patched\n');
  assert.equal(ran('kubectl patch svc api -p "spec: {selector: {app: api}}"'), 'service/api patched (no change)\n');
  assert.equal(ran('kubectl scale deploy api --replicas=3'), 'deployment.apps/api scaled\n');
  assert.equal(ran('kubectl delete pod web'), 'pod "web" deleted from shop namespace\n');
  assert.equal(ran('kubectl delete netpol/db-in'), 'networkpolicy.networking.k8s.io "db-in" deleted from shop namespace\n');
  assert.equal(ran('kubectl set image deploy/api api=example/api:2'), 'deployment.apps/api image updated\n');
  assert.equal(ran('kubectl rollout restart deploy/api'), 'deployment.apps/api restarted\n');
  assert.equal(ran('kubectl expose deploy api --port=80 --target-port=8080 --name=api2'), 'service/api2 exposed\n');
});
test('the namespace of the context is remembered', () => {
  const ran = type(session, 'kubectl config set-context --current --namespace=kube-system', 'kubectl get svc -o name');
  assert.equal(ran.stdout, 'service/kube-dns\n');
});
test('edit opens the object, saves a change, and opens a refused text again with the reasons on top', () => {
  const asked = run(session, 'kubectl edit svc api');
  assert.equal(asked.kind, 'edit');
  if (asked.kind !== 'edit') return;
  assert.match(asked.text, /^# Please edit the object below\. Lines beginning with a '#' will be ignored,\n/);
  const same = edited(session, asked.ref, asked.text, asked.text);
  assert.equal(same.stderr, 'Edit cancelled, no changes made.\n');
  assert.equal(same.changed, false);
  const saved = edited(session, asked.ref, asked.text, asked.text.replace('    tier: backend\n', ''));
  assert.equal(saved.stdout, 'service/api edited\n');
  assert.equal(saved.changed, true);
  assert.deepEqual(saved.meanings, ['edit services']);
  const refused = edited(session, asked.ref, asked.text, asked.text.replace('port: 8080', 'port: 80800'));
  assert.equal(refused.stderr, 'error: services "api" is invalid\n');
  assert.match(refused.reopen?.text ?? '', /\n# services "api" was not valid:\n# \* spec\.ports\[0\]\.port: Invalid value: 80800: must be between 1 and 65535, inclusive\n#\n/);
  const again = edited(session, asked.ref, refused.reopen?.text ?? '', refused.reopen?.text ?? '');
  assert.equal(again.stderr, 'error: Edit cancelled, no valid changes were saved.\n');
  const repaired = edited(session, asked.ref, refused.reopen?.text ?? '', (refused.reopen?.text ?? '').replace('port: 80800', 'port: 8081'));
  assert.equal(repaired.stdout, 'service/api edited\n');
  const broken = edited(session, asked.ref, asked.text, asked.text.replace('spec:', 'spec: ['));
  assert.ok(broken.reopen !== undefined);
  assert.notEqual(broken.status, 0);
});
test('a command is known by its meaning, however it is spelt', () => {
  assert.deepEqual(type(session, 'k get endpointslice -l a=b').meanings, ['get endpointslices']);
  assert.deepEqual(type(session, 'kubectl -n shop get ep,svc').meanings, ['get endpoints', 'get services']);
  assert.deepEqual(type(session, 'kubectl exec web -- sh -c "curl -sS http://good; nslookup good"').meanings, ['exec curl', 'exec nslookup']);
});
test('hostile text never becomes a terminal command or a prototype', () => {
  assert.equal(type(session, 'kubectl get pod a\u001b[2J').stderr, 'Error from server (NotFound): pods "a^[[2J" not found\n');
  assert.equal(type(session, '\u001b[2J').stderr.includes('\u001b'), false);
  assert.match(type(session, `kubectl patch svc api --type=merge -p '{"__proto__":{"x":1}}'`).stdout, /^(service\/api patched.*\n)?$/);
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
});
