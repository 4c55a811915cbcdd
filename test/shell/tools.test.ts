// The tools in pods, on a cluster: curl, nslookup, nc, wget, ping, cat and what images lack.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { words } from '../../src/shell/shell.ts';
import { shop, type } from './shop.ts';

const session = shop();
const inWeb = (command: string): ReturnType<typeof type> => type(session, `kubectl exec web -c web -- ${command}`);
// BIND 9.18 says so of every answer of CoreDNS for its own zones.
const noRecursion = ';; Got recursion not available from 10.96.0.10\n';
const ended = (status: number): string => `command terminated with exit code ${status}\n`;

test('a Service without endpoints refuses at once: curl 7', () => {
  const ran = inWeb('curl -sS http://api:8080/');
  assert.equal(ran.stderr, `curl: (7) Failed to connect to api port 8080 after 0 ms: Could not connect to server\n${ended(7)}`);
  assert.equal(ran.status, 7);
  assert.deepEqual(ran.traces.map(words), ['curl: (7) Failed to connect to api port 8080 after 0 ms: Could not connect to server']);
});
test('a wrong targetPort refuses in the same words', () => {
  assert.match(inWeb('curl -sS http://wrong/').stderr, /^curl: \(7\) Failed to connect to wrong port 80 after \d+ ms: Could not connect to server\n/);
});
test('a policy drops: the kernel gives up after 134 s, curl\'s own limits say so otherwise', () => {
  assert.equal(inWeb('curl -sS http://db:5432/').stderr, `curl: (28) Failed to connect to db port 5432 after 134717 ms: Could not connect to server\n${ended(28)}`);
  assert.equal(inWeb('curl -sS -m 3 http://db:5432/').stderr, `curl: (28) Connection timed out after 3001 milliseconds\n${ended(28)}`);
  assert.equal(inWeb('curl -sS --connect-timeout 2 http://db:5432/').stderr, `curl: (28) Failed to connect to db port 5432 after 2000 ms: Timeout was reached\n${ended(28)}`);
});
test('a name that does not exist is 6', () => {
  assert.equal(inWeb('curl -sS http://nope/').stderr, `curl: (6) Could not resolve host: nope\n${ended(6)}`);
});
test('-s alone is silent, -w prints 000', () => {
  assert.equal(inWeb('curl -s http://api:8080/').stderr, ended(7));
  const ran = inWeb(`curl -s -o /dev/null -w '%{http_code}\\n' http://api:8080/`);
  assert.equal(ran.stdout, '000\n');
});
test('an answer is printed, and its code', () => {
  const ran = inWeb('curl -sS http://good/');
  assert.equal(ran.status, 0);
  assert.notEqual(ran.stdout, '');
  assert.equal(inWeb(`curl -s -o /dev/null -w '%{http_code}' http://good/`).stdout, '200');
  assert.match(inWeb('curl -sI http://good/').stdout, /^HTTP\/1\.1 200 OK\r\n/);
});
test('-v shows what the sentence hides', () => {
  const { stderr } = inWeb('curl -sv http://api:8080/');
  assert.match(stderr, /^\* Host api:8080 was resolved\.\n\* IPv6: \(none\)\n\* IPv4: 10\.96\.42\.7\n\* {3}Trying 10\.96\.42\.7:8080\.\.\.\n\* connect to 10\.96\.42\.7 port 8080 from \S+ port \d+ failed: Connection refused\n\* Failed to connect to api port 8080 after 0 ms: Could not connect to server\n\* closing connection #0\n/);
});
test('TLS to a port that speaks none is 35', () => {
  assert.equal(inWeb('curl -sS https://good:80/').stderr, `curl: (35) OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number\n${ended(35)}`);
});
test('curl reads its options and URLs as curl does', () => {
  assert.equal(inWeb('curl').stderr, `curl: try 'curl --help' or 'curl --manual' for more information\n${ended(2)}`);
  assert.equal(inWeb('curl -sS').stderr, `curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n${ended(2)}`);
  assert.equal(inWeb('curl --frob x').stderr, `curl: option --frob: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n${ended(2)}`);
  assert.equal(inWeb('curl -sS ftp://x').stderr, `curl: (1) Protocol "ftp" not supported\n${ended(1)}`);
  assert.equal(inWeb('curl -sS http://x:99999/').stderr, `curl: (3) URL rejected: Port number was not a decimal number between 0 and 65535\n${ended(3)}`);
});
test('nslookup of BIND walks the search list and prints the name that answered', () => {
  assert.equal(inWeb('nslookup api').stdout, `${noRecursion}Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tapi.shop.svc.cluster.local\nAddress: 10.96.42.7\n${noRecursion}\n`);
  const missing = inWeb('nslookup nope');
  assert.equal(missing.stdout, `${noRecursion.repeat(3)}Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n** server can't find nope: NXDOMAIN\n\n`);
  assert.equal(missing.status, 1);
  assert.equal(missing.lookups.length, 4);
});
test('nslookup of BusyBox prints the answer and the misses, and fails', () => {
  const ran = type(session, 'kubectl exec web -c helper -- nslookup api');
  assert.match(ran.stdout, /Name:\tapi\.shop\.svc\.cluster\.local\nAddress: 10\.96\.42\.7\n/);
  assert.match(ran.stdout, /\*\* server can't find api\.svc\.cluster\.local: NXDOMAIN\n/);
  assert.equal(ran.status, 1);
  assert.match(type(session, 'kubectl exec web -c helper -- nslookup db.shop').stdout, /\*\* server can't find db\.shop: NXDOMAIN\n/);
});
test('nslookup with a dead DNS server says so', () => {
  const down = type(session, 'kubectl -n kube-system scale deploy coredns --replicas=0').session;
  const ran = type(down, 'kubectl exec web -c web -- nslookup api');
  assert.match(ran.stdout, /^;; communications error to 10\.96\.0\.10#53: connection refused\n/);
  assert.match(ran.stdout, /;; no servers could be reached\n/);
  assert.equal(type(down, 'kubectl exec web -c web -- curl -sS http://api:8080/').stderr, `curl: (6) Could not resolve host: api\n${ended(6)}`);
});
test('dropped DNS packets: curl times out while resolving', () => {
  const closed = type(session, `kubectl apply -f - <<EOF
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: no-way-out }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Egress] }
EOF`).session;
  assert.equal(type(closed, 'kubectl exec web -c web -- curl -sS -m 3 http://api:8080/').stderr, `curl: (28) Resolving timed out after 3000 milliseconds\n${ended(28)}`);
  assert.equal(type(closed, 'kubectl exec web -c web -- curl -sS http://api:8080/').stderr, `curl: (6) Could not resolve host: api\n${ended(6)}`);
  assert.match(type(closed, 'kubectl exec web -c web -- nslookup api').stdout, /^;; communications error to 10\.96\.0\.10#53: timed out\n/);
});
test('nc tells refused from dropped from open', () => {
  assert.equal(inWeb('nc -zv -w 3 api 8080').stderr, `nc: connect to api (10.96.42.7) port 8080 (tcp) failed: Connection refused\n${ended(1)}`);
  assert.equal(inWeb('nc -zv -w 3 10.96.42.7 8080').stderr, `nc: connect to 10.96.42.7 port 8080 (tcp) failed: Connection refused\n${ended(1)}`);
  assert.equal(inWeb('nc -zv -w 3 db 5432').stderr, `nc: connect to db (10.96.42.10) port 5432 (tcp) timed out: Operation now in progress\n${ended(1)}`);
  assert.equal(inWeb('nc -zv -w 3 good 80').stderr, 'Connection to good (10.96.42.8) 80 port [tcp/http] succeeded!\n');
  assert.equal(inWeb('nc -zv nope 80').stderr, `nc: getaddrinfo for host "nope" port 80: Name or service not known\n${ended(1)}`);
});
test('ping of a cluster address gets no answer although curl does', () => {
  const ran = inWeb('ping -c 1 good');
  assert.equal(ran.stdout, 'PING good.shop.svc.cluster.local (10.96.42.8) 56(84) bytes of data.\n\n--- good.shop.svc.cluster.local ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n\n');
  assert.equal(ran.status, 1);
  assert.equal(inWeb('ping -c 1 nope').stderr, `ping: nope: Name or service not known\n${ended(2)}`);
});
test('wget has its own words', () => {
  assert.match(inWeb('wget -O- http://api:8080/').stderr, /Connecting to api \(api\)\|10\.96\.42\.7\|:8080\.\.\. failed: Connection refused\.\n/);
  assert.equal(type(session, 'kubectl exec web -c helper -- wget -qO- http://api:8080/').stderr, `wget: can't connect to remote host (10.96.42.7): Connection refused\n${ended(1)}`);
  assert.equal(type(session, 'kubectl exec web -c helper -- wget -qO- -T 2 http://db:5432/').stderr, `wget: download timed out\n${ended(1)}`);
  assert.equal(type(session, 'kubectl exec web -c helper -- wget -qO- http://nope/').stderr, `wget: bad address 'nope'\n${ended(1)}`);
});
test('files, environment and sockets are those of the container', () => {
  assert.equal(inWeb('cat /etc/resolv.conf').stdout, 'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n');
  assert.match(inWeb('cat /etc/hosts').stdout, /^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n/);
  assert.equal(inWeb('cat /nope').stderr, `cat: /nope: No such file or directory\n${ended(1)}`);
  assert.match(inWeb('env').stdout, /^API_URL=http:\/\/api:8080\/$/m);
  assert.match(inWeb('env').stdout, /^GOOD_SERVICE_HOST=10\.96\.42\.8$/m);
  assert.match(inWeb('ss -lnt').stdout, /^LISTEN 0 {6}4096 {9}0\.0\.0\.0:80 /m);
});
test('an image without tools has none', () => {
  const ran = type(session, 'kubectl exec slim -- curl http://api');
  assert.equal(ran.stderr, `OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown\n${ended(127)}`);
  assert.equal(ran.status, 127);
});
test('of several containers kubectl says which it took', () => {
  assert.equal(type(session, 'kubectl exec web -- true').stderr, 'Defaulted container "web" out of: web, helper\n');
  assert.equal(type(session, 'kubectl exec web -c nope -- true').stderr, 'error: container nope is not valid for pod web out of: web, helper\n');
  assert.equal(type(session, 'kubectl exec nope -- true').stderr, 'Error from server (NotFound): pods "nope" not found\n');
});
test('a shell in the pod has the pod\'s tools and its environment', () => {
  const ran = inWeb(`sh -c 'curl -s $API_URL; echo $?; frob'`);
  assert.equal(ran.stdout, '7\n');
  assert.equal(ran.stderr, `sh: 1: frob: not found\n${ended(127)}`);
});
test('the same lines give the same bytes', () => {
  const lines = ['k exec deploy/api -- curl -sS http://good/', 'k get pods -A -o wide', 'k get svc -o yaml', 'k describe pods -A'];
  assert.equal(type(shop(), ...lines).stdout, type(shop(), ...lines).stdout);
});
