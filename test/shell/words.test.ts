// What curl, nc and ping print for each outcome, without a cluster.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { words } from '../../src/shell/words.ts';
import type { Lookup } from '../../src/sim/model/lookup.ts';
import type { Reason } from '../../src/sim/model/reason.ts';
import type { Target } from '../../src/sim/model/request.ts';
import type { Trace, Walk } from '../../src/sim/model/trace.ts';

const target = (text: string): Target => {
  const [, scheme = 'tcp', host = '', port] = /^(\w+):\/\/([^:/]+)(?::(\d+))?/.exec(text) ?? [];
  const schemes = ['http', 'https', 'tcp', 'udp', 'sctp', 'icmp'] as const;
  const found = schemes.find((one) => one === scheme) ?? 'tcp';
  return { scheme: found, protocol: found === 'udp' ? 'UDP' : found === 'icmp' ? 'ICMP' : 'TCP', host, port: port === undefined ? (found === 'http' ? 80 : found === 'https' ? 443 : null) : Number(port), path: '/', text };
};
const lookup: Lookup = { name: 'api', type: 'A+AAAA', resolver: 'glibc', resolvConf: '', queries: [], rcode: 'NOERROR', error: null, elapsed: 0.001, addresses: ['10.96.42.7'], without: null };

function trace(to: string, verdict: Walk['verdict'], reason: Reason, elapsed: number | null = 0): Trace {
  const walk: Walk = { probability: 1, verdict, reason, backend: null, snat: false, status: verdict === 'http-error' ? 503 : null, layer: null, object: null, field: null, why: '', hops: [], body: null, elapsed };
  const literal = /\/\/\d/.test(to);
  return { request: { from: { kind: 'pod', namespace: 'shop', name: 'web', container: null }, to: target(to) }, lookup: literal ? null : lookup, verdict, walks: [walk], shown: walk };
}

const says = (to: string, verdict: Walk['verdict'], reason: Reason, expected: string | null, elapsed: number | null = 0): void => {
  test(`${to} ${verdict} (${reason}): ${expected ?? 'silence'}`, () => assert.equal(words(trace(to, verdict, reason, elapsed)), expected));
};

says('http://api:8080/', 'delivered', 'answered', null);
says('http://api:8080/', 'refused', 'no-ready-endpoints', 'curl: (7) Failed to connect to api port 8080 after 0 ms: Could not connect to server');
says('http://api:8080/', 'unreachable', 'address-of-nobody', 'curl: (7) Failed to connect to api port 8080 after 3059 ms: Could not connect to server', 3.059);
says('http://api:8080/', 'timeout', 'denied-by-ingress-policy', 'curl: (28) Failed to connect to api port 8080 after 134717 ms: Could not connect to server', null);
says('http://api/', 'name-not-found', 'no-such-name', 'curl: (6) Could not resolve host: api');
says('http://api/', 'dns-failure', 'dns-server-silent', 'curl: (6) Could not resolve host: api');
says('https://api/', 'tls-error', 'tls-not-spoken', 'curl: (35) OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number');
says('https://api/', 'tls-error', 'tls-name-mismatch', "curl: (60) SSL: no alternative certificate subject name matches target hostname 'api'");
says('http://api/', 'http-error', 'external-alias', null);
says('http://api/', 'hang', 'answered', null, null);
says('tcp://10.244.2.20:9090', 'refused', 'port-closed', 'nc: connect to 10.244.2.20 port 9090 (tcp) failed: Connection refused');
says('tcp://api:9090', 'refused', 'port-closed', 'nc: connect to api (10.96.42.7) port 9090 (tcp) failed: Connection refused');
says('tcp://10.244.2.20:9090', 'timeout', 'denied-by-egress-policy', 'nc: connect to 10.244.2.20 port 9090 (tcp) timed out: Operation now in progress', null);
says('tcp://10.244.2.20:9090', 'unreachable', 'no-route', 'nc: connect to 10.244.2.20 port 9090 (tcp) failed: Network is unreachable');
says('tcp://x:80', 'name-not-found', 'no-such-name', 'nc: getaddrinfo for host "x" port 80: Name or service not known');
says('tcp://x:80', 'dns-failure', 'dns-server-failed', 'nc: getaddrinfo for host "x" port 80: Temporary failure in name resolution');
says('udp://10.96.0.10:53', 'timeout', 'denied-by-egress-policy', 'Connection to 10.96.0.10 53 port [udp/domain] succeeded!', null);
says('udp://10.96.0.10:53', 'refused', 'no-ready-endpoints', null);
says('icmp://10.96.42.7', 'timeout', 'ping-unanswered', '1 packets transmitted, 0 received, 100% packet loss, time 0ms', null);
says('icmp://x', 'name-not-found', 'no-such-name', 'ping: x: Name or service not known');
