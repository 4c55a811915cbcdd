// Shells that stay: in pods, on nodes and outside, until somebody leaves; and files that last as long as the session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete, promptOf } from '../../../src/shell/shell.ts';
import { shop, type } from '../shop.ts';

const session = shop();

test('a shell in a pod stays until exit, with the environment of its container', () => {
  const inside = type(session, 'kubectl exec -it web -c web -- bash').session;
  assert.equal(promptOf(inside), 'web:/# ');
  assert.equal(type(inside, 'echo $HOSTNAME $API_URL').stdout, 'web http://api:8080/\n');
  assert.equal(type(inside, 'X=1', 'echo $X').stdout, '1\n');
  assert.match(type(inside, 'kubectl get pods').stderr, /^bash: kubectl: command not found\n$/);
  const left = type(inside, 'exit 3');
  assert.equal(left.stderr, 'command terminated with exit code 3\n');
  assert.equal(promptOf(left.session), '3 $ ');
  assert.equal(type(left.session, 'echo ${X:-gone}').stdout, 'gone\n');
});
test('what is asked in a shell leaves its trace and its meaning', () => {
  const inside = type(session, 'kubectl exec -it web -c web -- sh').session;
  const ran = type(inside, 'curl -s http://good/ | wc -l');
  assert.equal(ran.traces.length, 1);
  assert.deepEqual(ran.meanings, ['exec curl']);
  assert.deepEqual(type(type(session, 'ssh worker-1').session, 'curl -s http://10.96.42.8/').meanings, ['ssh curl']);
});
test('ssh opens a shell on a node and says goodbye', () => {
  const inside = type(session, 'ssh worker-1').session;
  assert.equal(promptOf(inside), 'root@worker-1:~# ');
  assert.match(type(inside, 'ip route | grep -c default').stdout, /^1\n$/);
  const left = type(inside, 'exit');
  assert.equal(left.stdout + left.stderr, 'logout\nConnection to worker-1 closed.\n');
  assert.equal(promptOf(left.session), '$ ');
});
test('shells may stand in shells', () => {
  const deep = type(session, 'ssh worker-1', 'bash').session;
  assert.equal(deep.places.length, 2);
  assert.equal(type(deep, 'exit').stderr, '');
  assert.equal(type(deep, 'exit', 'exit').session.places.length, 0);
});
test('without a terminal a shell reads the end of its input and is gone', () => {
  const ran = type(session, 'kubectl exec web -c web -- sh');
  assert.equal(ran.session.places.length, 0);
  assert.equal(ran.output.length, 0);
});
test('standard input is a script', () => {
  assert.equal(type(session, "kubectl exec -i web -c web -- sh <<'EOF'\necho a\nhostname\nEOF").stdout, 'a\nweb\n');
});
test('a shell ends with its pod', () => {
  const inside = type(session, 'kubectl exec -it web -c web -- sh').session;
  const without = type(session, 'kubectl delete pod web').session;
  const ran = type({ ...inside, lab: without.lab }, 'curl good');
  assert.equal(ran.stderr, 'command terminated with exit code 137\n');
  assert.equal(ran.session.places.length, 0);
});
test('an image without a shell opens none', () => {
  const ran = type(session, 'kubectl exec -it slim -- sh');
  assert.match(ran.stderr, /exec: "sh": executable file not found in \$PATH/);
  assert.equal(ran.session.places.length, 0);
});
test('kubectl debug brings a shell with tools into the network of the pod', () => {
  const inside = type(session, 'kubectl debug -it slim --image=nicolaka/netshoot --target=slim -- bash').session;
  assert.equal(promptOf(inside), 'slim:/# ');
  assert.match(type(inside, 'curl -s good').stdout, /^api-/);
});
test('files last for the session: what kubectl wrote it reads again', () => {
  const ran = type(session, 'kubectl get svc good -o yaml > good.yaml', 'ls', 'kubectl apply -f good.yaml --dry-run=server');
  assert.match(ran.stdout, /^service\/good (configured|unchanged)/);
  assert.equal(type(session, 'echo a > x; echo b >> x; cat < x; rm x; ls').stdout, 'a\nb\n');
});
test('a place has files of its own', () => {
  const written = type(session, 'kubectl exec web -c web -- sh -c "echo pod > /tmp/x"').session;
  assert.equal(type(written, 'kubectl exec web -c web -- cat /tmp/x').stdout, 'pod\n');
  assert.equal(type(written, 'kubectl exec web -c helper -- cat /tmp/x').stderr, 'cat: /tmp/x: No such file or directory\ncommand terminated with exit code 1\n');
  assert.equal(type(session, 'ssh worker-1 "echo 0 > /proc/sys/net/ipv4/ip_forward"').stderr, 'bash: /proc/sys/net/ipv4/ip_forward: Read-only file system\n');
});
test('time counts simulated seconds, and timeout ends what takes longer', () => {
  assert.match(type(session, 'time kubectl exec web -c web -- curl -s http://db:5432/').stderr, /real\t2m14\.7/);
  assert.match(type(session, 'time sleep 90').stderr, /real\t1m30\./);
  assert.equal(type(session, 'kubectl exec web -c web -- timeout 3 curl -s http://db:5432/').status, 124);
});
test('a loop that waits for nothing that changes is stopped', () => {
  const ran = type(session, 'until kubectl get pod nope 2>/dev/null; do sleep 1; done');
  assert.equal(ran.status, 130);
  assert.match(ran.stderr, /\^C\nthe loop was stopped after 10 rounds/);
});
test('a piped loop counts the backends that answered', () => {
  const rows = type(session, 'for i in $(seq 20); do kubectl exec web -c web -- curl -s http://good/; done | sort | uniq -c').stdout.trim().split('\n').map((row) => Number(row.trim().split(' ')[0]));
  assert.equal(rows.length, 2);
  assert.equal(rows.reduce((sum, count) => sum + count, 0), 20);
});
test('completion knows where a shell stands', () => {
  const inside = type(session, 'kubectl exec -it web -c helper -- sh').session;
  assert.ok(complete(inside, 'nsl', 3).candidates.includes('nslookup'));
  assert.deepEqual(complete(inside, 'curl', 4).candidates, []);
  assert.ok(complete(inside, 'wget http://go', 14).candidates.includes('http://good/'));
  assert.deepEqual(complete(session, 'kubectl exec web -c helper -- dig', 33).candidates, []);
  assert.deepEqual(complete(session, 'for i in 1; do kubec', 20).candidates, ['kubectl']);
});
test('the same session gives the same bytes', () => {
  const lines = ['kubectl exec -it web -c web -- bash', 'curl -sv http://good/ -o /dev/null', 'tcpdump -ni any', 'exit', 'ssh worker-1 conntrack -L'];
  assert.equal(type(shop(), ...lines).stdout, type(shop(), ...lines).stdout);
});
