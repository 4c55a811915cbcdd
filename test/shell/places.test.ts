// Tools on nodes and outside of the cluster: ssh, on, kubectl debug, and what they show of the kernel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete } from '../../src/shell/shell.ts';
import { shop, type } from './shop.ts';

const session = shop();

test('a node reaches Services by address and knows none of their names', () => {
  assert.equal(type(session, 'ssh worker-1 curl -sS http://10.96.42.8/').status, 0);
  assert.equal(type(session, 'ssh worker-1 curl -sS http://good/').stderr, 'curl: (6) Could not resolve host: good\n');
  assert.match(type(session, 'ssh worker-1 nslookup good').stdout, /\*\* server can't find good: NXDOMAIN/);
});
test('a host outside reaches nodes and no cluster address', () => {
  assert.equal(type(session, 'on laptop ping -c 1 192.168.0.11').status, 0);
  const ran = type(session, 'on laptop curl -sS -m 2 http://10.96.42.8/');
  assert.notEqual(ran.status, 0);
  assert.deepEqual(ran.traces.map(({ request }) => request.from.kind), ['external']);
});
test('several words for ssh are one command, one word with a pipe is a line', () => {
  assert.equal(type(session, `ssh worker-1 'ip route | grep -c default'`).stdout, '1\n');
  assert.equal(type(session, 'ssh root@worker-1 hostname').stdout, 'worker-1\n');
});
test('places that do not exist are named with those that do', () => {
  assert.equal(type(session, 'ssh nope ip route').stderr, 'ssh: Could not resolve hostname nope: Name or service not known\nNodes: control-plane, worker-1, worker-2\n');
  assert.match(type(session, 'on nope curl x').stderr, /^on: there is no host "nope"\. Outside of the cluster: .*laptop.*\. Nodes: control-plane, worker-1, worker-2\n$/);
  assert.equal(type(session, 'ssh worker-1 frobnicate').stderr, 'bash: line 1: frobnicate: command not found\n');
});
test('a node shows its routes, its addresses and the rules of kube-proxy', () => {
  assert.match(type(session, 'ssh worker-1 ip route').stdout, /^default via 192\.168\.0\.1 dev eth0 \n/);
  assert.match(type(session, 'ssh worker-1 ip addr').stdout, /inet 192\.168\.0\.11\/24/);
  assert.match(type(session, 'ssh worker-1 iptables-save -t nat | grep "good cluster IP"').stdout, /-A KUBE-SERVICES -d 10\.96\.42\.8\/32/);
  assert.doesNotMatch(type(session, 'ssh worker-1 iptables-save -t nat').stdout, /^\*filter/m);
});
test('iptables-save is no tool of a pod', () => {
  assert.equal(type(session, 'kubectl exec web -c web -- iptables-save').status, 127);
  assert.match(type(session, 'kubectl exec web -c web -- ip route').stdout, /^default via /);
});
test('kubectl debug brings tools into a pod that has none, in the network of that pod', () => {
  assert.equal(type(session, 'kubectl exec slim -- curl http://good/').status, 127);
  const ran = type(session, 'kubectl debug -it slim --image=nicolaka/netshoot --target=slim -- curl -sS http://good/');
  assert.match(ran.stdout, /^Targeting container "slim"\. If you don't see processes from this container it may be because the container runtime doesn't support this feature\.\nDefaulting debug container name to debugger-\w{5}\.\napi-/);
  assert.deepEqual(ran.traces.map(({ request }) => [request.from.kind, 'name' in request.from ? request.from.name : '']), [['pod', 'slim']]);
});
test('kubectl debug node/ is on the node', () => {
  const ran = type(session, 'kubectl debug node/worker-1 -it --image=busybox:1.36 -- chroot /host ip route');
  assert.match(ran.stdout, /^Creating debugging pod node-debugger-worker-1-\w{5} with container debugger on node worker-1\.\ndefault via 192\.168\.0\.1 dev eth0/);
});
test('port-forward proves neither Service nor policy: the pod answers that nobody else reaches', () => {
  assert.equal(type(session, 'kubectl exec web -c web -- curl -sS -m 2 http://db:5432/').status, 28);
  const ran = type(session, 'kubectl port-forward svc/db 5432');
  assert.equal(ran.stdout, 'Forwarding from 127.0.0.1:5432 -> 5432\nForwarding from [::1]:5432 -> 5432\nHandling connection for 5432\n');
  assert.match(ran.stderr, /over the pod's own localhost: no Service, no proxy and no policy was on the way\.\n$/);
  assert.equal(type(session, 'kubectl port-forward svc/good 8080:81').stderr, 'error: Service good does not have a service port 81\n');
  assert.match(type(session, 'kubectl port-forward web 8080:81').stderr, /connect: connection refused/);
});
test('places and their tools are completed', () => {
  assert.deepEqual(complete(session, 'ssh wor', 7).candidates, ['worker-1', 'worker-2']);
  assert.deepEqual(complete(session, 'on lap', 6).candidates, ['laptop']);
  assert.deepEqual(complete(session, 'ssh worker-1 iptab', 18).candidates, ['iptables', 'iptables-save']);
});
