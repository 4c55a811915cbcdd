// Every tool, everywhere: what images have, and that no arguments make one throw.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { run, startSession } from '../../../src/shell/shell.ts';
import { imageHas } from '../../../src/shell/tools/images.ts';
import { allToolNames, nodeToolNames, toolNames } from '../../../src/shell/tools/tools.ts';
import { manifests, openShop, shop, type } from '../shop.ts';

const session = shop();

for (const [image, has, lacks] of [
  ['gcr.io/distroless/static:nonroot', [], ['sh', 'curl', 'cat']],
  ['registry.k8s.io/coredns/coredns:v1.12.1', [], ['sh', 'nslookup']],
  ['busybox:1.36', ['sh', 'wget', 'nslookup', 'nc', 'ping', 'ip', 'traceroute', 'telnet', 'vi'].slice(0, 8), ['curl', 'dig', 'bash', 'ss', 'getent', 'tcpdump']],
  ['alpine:3.22', ['sh', 'wget', 'curl', 'getent'], ['bash', 'dig', 'ss', 'tcpdump']],
  ['nginx:1.29', ['curl', 'bash', 'getent', 'cat'], ['ping', 'nc', 'dig', 'ip', 'ss', 'wget']],
  ['nginx:1.29-alpine', ['curl', 'wget', 'nc', 'ping'], ['bash', 'dig']],
  ['debian:13-slim', ['bash', 'getent', 'grep'], ['curl', 'wget', 'ping', 'ip']],
  ['postgres:17', ['bash', 'getent'], ['curl', 'ping', 'nc']],
  ['nicolaka/netshoot', ['curl', 'dig', 'tcpdump', 'ss', 'bash', 'traceroute'], []],
  ['registry.k8s.io/e2e-test-images/agnhost:2.53', ['curl', 'dig', 'nc'], []],
  ['curlimages/curl:8.10.1', ['curl', 'sh', 'nslookup'], ['bash', 'dig']],
  ['registry.k8s.io/kube-proxy:v1.37.0', ['iptables-save', 'conntrack'], ['sh', 'curl']],
  ['registry.example/shop/web:2.3', ['curl', 'dig', 'bash'], []],
] as const) {
  test(`${image} has ${has.length === 0 ? 'no tools' : has.join(', ')}${lacks.length === 0 ? '' : ` and not ${lacks.join(', ')}`}`, () => {
    for (const tool of has) assert.ok(imageHas(image, tool), tool);
    for (const tool of lacks) assert.ok(!imageHas(image, tool), tool);
  });
}
test('a tool that the image lacks is no program, by name or by path', () => {
  assert.equal(type(session, 'kubectl exec web -c helper -- curl http://good/').stderr, 'OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown\ncommand terminated with exit code 127\n');
  assert.match(type(session, 'kubectl exec slim -- /bin/sh').stderr, /exec: "\/bin\/sh": stat \/bin\/sh: no such file or directory: unknown/);
  assert.equal(type(session, `kubectl exec web -c helper -- sh -c 'curl x'`).stderr, 'sh: curl: not found\ncommand terminated with exit code 127\n');
});
test('musl has words of its own for what the kernel says', () => {
  const musl = startSession(openShop(manifests.replace('busybox:1.36', 'alpine:3.22')), 'shop');
  assert.match(type(musl, 'kubectl exec web -c helper -- nc -vvz -w 200 db 5432').stderr, /^nc: db \(10\.96\.42\.10:5432\): Operation timed out\n/);
  assert.match(type(session, 'kubectl exec web -c helper -- nc -vvz -w 200 db 5432').stderr, /^nc: db \(10\.96\.42\.10:5432\): Connection timed out\n/);
});
test('curl follows redirects, tries again and counts what it did', () => {
  const redirecting = startSession(openShop(`${manifests.replace('k8snet-lab/listen: "0.0.0.0:8080/TCP"', 'k8snet-lab/listen: "0.0.0.0:8080/TCP", k8snet-lab/http: "/busy=503"')}`), 'shop');
  const ran = type(redirecting, 'kubectl exec web -c web -- curl -sS --retry 2 --retry-delay 1 -o /dev/null -w "%{http_code}\\n" http://good/busy');
  assert.equal(ran.stdout, '503\n');
  assert.equal(ran.traces.length, 3);
  assert.match(type(redirecting, 'kubectl exec web -c web -- curl -S --no-progress-meter --retry 1 http://good/busy').stderr, /^Warning: Problem : HTTP error\. Will retry in 1 second\. 1 retry left\.\n/);
});
test('a certificate for another name stops curl, for an address in words of its own', () => {
  const secure = startSession(openShop(manifests.replace('k8snet-lab/listen: "0.0.0.0:8080/TCP"', 'k8snet-lab/listen: "0.0.0.0:8080/TCP", k8snet-lab/tls: "8080:good.shop.svc"')), 'shop');
  const inWeb = (command: string): ReturnType<typeof type> => type(secure, `kubectl exec web -c web -- ${command}`);
  assert.match(inWeb('curl -sS https://good:80/').stderr, /^curl: \(60\) SSL: no alternative certificate subject name matches target hostname 'good'\nMore details here: https:\/\/curl\.se\/docs\/sslcerts\.html\n/);
  assert.match(inWeb('curl -sS https://10.96.42.8:80/').stderr, /target ipv4 address '10\.96\.42\.8'/);
  assert.equal(inWeb('curl -sS https://good.shop.svc:80/').status, 0);
  assert.equal(inWeb('curl -sSk https://good:80/').status, 0);
  assert.equal(inWeb('curl -sS --resolve good.shop.svc:80:10.96.42.8 https://good.shop.svc:80/').status, 0);
  assert.equal(inWeb('curl -sS --connect-to good.shop.svc:443:good:80 https://good.shop.svc/').status, 0);
  assert.match(inWeb('openssl s_client -connect good:80 -servername good.shop.svc').stdout, /^subject=CN = good\.shop\.svc$/m);
  assert.match(inWeb('wget -O- https://good:80/').stderr, /The certificate's owner does not match hostname ‘good’\n/);
});
test('curl keeps its connection from one URL to the next: both go to one pod', () => {
  for (let index = 0; index < 6; index++) {
    const ran = type(session, ...Array.from({ length: index }, () => 'true'), 'kubectl exec web -c web -- curl -s http://good/ http://good/');
    const [first, second] = ran.stdout.trim().split('\n');
    assert.equal(first, second);
  }
});
test('curl and wget write files that the container keeps', () => {
  const after = type(session, 'kubectl exec web -c web -- curl -s -o /tmp/a http://good/', 'kubectl exec web -c web -- wget -q http://good/').session;
  assert.match(type(after, 'kubectl exec web -c web -- cat /tmp/a').stdout, /^api-/);
  assert.match(type(after, 'kubectl exec web -c web -- cat /index.html').stdout, /^api-/);
});

const words = ['', '-', '--', '-v', '-n', '-c', '1', '0', '-1', '99999', 'x', '-m', '-o', '-w', '%{http_code}', 'http://good/', 'https://good/', 'good', 'nope', '10.96.42.8', '2001:db8::1', '[::1]', 'http://', '-i', 'any', 'eth0', 'port', '80', 'and', '(', ')', 'addr', 'route', 'get', 'list', 'table', 'nat', '-L', '-S', '-t', '+short', '@10.96.0.10', '@', '-x', 'A', 'observe', 'status', 'node', 'ps', '-u', 'kubelet', 's_client', '-connect', 'good:80', '{print $1}', 's/a/b/', '.a[', 'constructor', '__proto__', '\u0000', '\u001b[2J', 'a'.repeat(300)];

test('no arguments make a tool throw, and the same ones give the same bytes', () => {
  fc.assert(fc.property(fc.constantFrom(...allToolNames()), fc.array(fc.constantFrom(...words), { maxLength: 5 }), fc.boolean(), (tool, args, onNode) => {
    const quoted = args.map((word) => `'${word.replaceAll("'", '')}'`).join(' ');
    const line = onNode ? `ssh worker-1 ${tool} ${quoted}` : `kubectl exec -i web -c web -- ${tool} ${quoted}`;
    const first = run(session, line);
    const second = run(session, line);
    assert.equal(first.kind, 'done');
    assert.deepEqual(first.kind === 'done' ? first.ran.output : null, second.kind === 'done' ? second.ran.output : null);
    if (first.kind === 'done') assert.doesNotMatch(first.ran.stdout + first.ran.stderr, /\u001b|undefined|\[object Object\]|NaN/);
  }), { numRuns: 400 });
});
test('every tool is somewhere', () => {
  assert.deepEqual(allToolNames().filter((name) => !toolNames().includes(name) && !nodeToolNames().includes(name)), []);
});
