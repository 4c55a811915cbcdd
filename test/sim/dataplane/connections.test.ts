// What earlier requests leave behind: session affinity, and the nodes' connection tables.
import assert from 'node:assert/strict';
import test from 'node:test';
import { connectionsOf } from '../../../src/sim/dataplane/connections.ts';
import { conntrackCount, conntrackList, conntrackListed, conntrackStats } from '../../../src/sim/dataplane/printers/conntrack.ts';
import { ipvsadmLnc } from '../../../src/sim/dataplane/printers/ipvsadm.ts';
import { openLab, parseSource, parseTarget, send, type Lab, type Trace } from '../../../src/sim/lab.ts';
import type { Connection } from '../../../src/sim/model/connection.ts';
import type { NetworkNode } from '../../../src/sim/model/network.ts';

const nodes = ['1', '2'].map((n) => `apiVersion: v1\nkind: Node\nmetadata: { name: n${n} }\nspec: { podCIDR: 10.244.${n}.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: 172.20.0.1${n} }] }\n---\n`).join('');
const pod = (name: string, app: string, node: string, ip: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: s, labels: { app: ${app} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: UDP }] }] }\nstatus: { phase: Running, podIP: ${ip}, podIPs: [{ ip: ${ip} }], conditions: [{ type: Ready, status: "True" }] }\n---\n`;
const service = (name: string, spec: string): string => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: s }\nspec: { selector: { app: api }, ${spec} }\n---\n`;
const documents = nodes + pod('client', 'client', 'n1', '10.244.1.20') + pod('other', 'client', 'n1', '10.244.1.21') + pod('away', 'client', 'n2', '10.244.2.20')
  + pod('a', 'api', 'n1', '10.244.1.31') + pod('b', 'api', 'n2', '10.244.2.31') + pod('d', 'api', 'n2', '10.244.2.32')
  + service('sticky', 'type: NodePort, clusterIP: 10.96.5.1, sessionAffinity: ClientIP, sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } }, ports: [{ name: web, port: 80, targetPort: 8080, nodePort: 30080 }, { name: more, port: 81, targetPort: 8080, nodePort: 30081 }]')
  + service('free', 'type: NodePort, clusterIP: 10.96.5.2, ports: [{ name: web, port: 80, targetPort: 8080, nodePort: 30082 }, { name: dns, port: 53, protocol: UDP }]')
  + service('near', 'clusterIP: 10.96.5.3, internalTrafficPolicy: Local, ports: [{ port: 80, targetPort: 8080 }]').replace('app: api', 'app: far')
  + pod('far', 'far', 'n2', '10.244.2.40');

function open(proxy = 'iptables', more = ''): Lab {
  const lab = openLab([{ path: 'connections.yaml', text: documents + more }], { proxy });
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  return lab.value;
}

function ask(lab: Lab, from: string, to: string, earlier: readonly Connection[] = []): Trace {
  const source = parseSource(from, lab.network);
  const target = parseTarget(to);
  assert.ok(source.ok && target.ok);
  return send(lab, { from: source.value, to: target.value, earlier });
}

/** The request, and the way of it that ended at this pod. */
function went(lab: Lab, from: string, to: string, pod: string | null, ago = 0, opened = false): Connection[] {
  const trace = ask(lab, from, to);
  const walk = trace.walks.find(({ backend }) => pod === null || backend?.pod === pod);
  assert.ok(walk, `${from} ${to} ${pod ?? ''}`);
  return connectionsOf(trace, walk, ago, opened);
}

const backends = ({ walks }: Trace): string[] => walks.map(({ backend }) => backend?.pod?.split('/')[1] ?? '').sort();
const nodeOf = (lab: Lab, name: string): NetworkNode => { const node = lab.network.nodes.find((one) => one.name === name); assert.ok(node); return node; };

test('with ClientIP a client that was here before gets the endpoint that it had, and a first one may get any', () => {
  const lab = open();
  assert.deepEqual(backends(ask(lab, 's/client', 'tcp://10.96.5.1:80')), ['a', 'b', 'd']);
  const before = went(lab, 's/client', 'tcp://10.96.5.1:80', 's/b', 99);
  const { walks } = ask(lab, 's/client', 'tcp://10.96.5.1:80', before);
  assert.deepEqual(walks.map(({ backend, probability }) => [backend?.pod, probability]), [['s/b', 1]]);
  assert.match(walks[0]?.hops.find(({ action }) => action === 'dnat')?.says ?? '', /where 10\.244\.1\.20 was sent before \(sessionAffinity: ClientIP\)/);
  assert.deepEqual(backends(ask(lab, 's/other', 'tcp://10.96.5.1:80', before)), ['a', 'b', 'd'], 'another client');
  assert.deepEqual(backends(ask(lab, 's/client', 'tcp://10.96.5.1:81', before)), ['a', 'b', 'd'], 'another port');
  assert.deepEqual(backends(ask(lab, 's/client', 'tcp://10.96.5.2:80', went(lab, 's/client', 'tcp://10.96.5.2:80', 's/b'))), ['a', 'b', 'd'], 'a Service without affinity');
});

test('affinity ends with its time, and with its endpoint', () => {
  const lab = open();
  assert.deepEqual(backends(ask(lab, 's/client', 'tcp://10.96.5.1:80', went(lab, 's/client', 'tcp://10.96.5.1:80', 's/b', 101))), ['a', 'b', 'd']);
  const before = went(lab, 's/client', 'tcp://10.96.5.1:80', 's/b');
  const without = openLab([{ path: 'connections.yaml', text: documents.replace(pod('b', 'api', 'n2', '10.244.2.31'), '') }]);
  assert.ok(without.ok);
  assert.deepEqual(backends(ask(without.value, 's/client', 'tcp://10.96.5.1:80', before)), ['a', 'd']);
});

test('each connection renews the affinity, and each node remembers for itself', () => {
  const lab = open();
  const twice = [...went(lab, 's/client', 'tcp://10.96.5.1:80', 's/d', 150), ...went(lab, 's/client', 'tcp://10.96.5.1:80', 's/d', 60)];
  assert.deepEqual(backends(ask(lab, 's/client', 'tcp://10.96.5.1:80', twice)), ['d']);
  assert.deepEqual(backends(ask(lab, 's/away', 'tcp://10.96.5.1:80', went(lab, 's/client', 'tcp://10.96.5.1:80', 's/d'))), ['a', 'b', 'd']);
});

test('iptables and nftables remember a Service\'s port by whatever address it was reached, IPVS one address and port', () => {
  for (const [mode, expected] of [['iptables', ['b']], ['nftables', ['b']], ['ipvs', ['a', 'b', 'd']]] as const) {
    const lab = open(mode);
    assert.deepEqual(backends(ask(lab, 's/client', 'tcp://172.20.0.11:30080', went(lab, 's/client', 'tcp://10.96.5.1:80', 's/b'))), expected, mode);
  }
});

test('a request through a Service leaves an entry with both its addresses on the client\'s node, and a plain one on the server\'s', () => {
  const lab = open();
  const connections = went(lab, 's/client', 'tcp://10.96.5.2:80', 's/b');
  const port = connections[0]?.walk.hops[0]?.packet.source.port ?? 0;
  assert.equal(conntrackList(lab.network, nodeOf(lab, 'n1'), connections), `tcp      6 119 TIME_WAIT src=10.244.1.20 dst=10.96.5.2 sport=${port} dport=80 src=10.244.2.31 dst=10.244.1.20 sport=8080 dport=${port} [ASSURED] mark=0 use=1\n`);
  assert.equal(conntrackList(lab.network, nodeOf(lab, 'n2'), connections), `tcp      6 119 TIME_WAIT src=10.244.1.20 dst=10.244.2.31 sport=${port} dport=8080 src=10.244.2.31 dst=10.244.1.20 sport=8080 dport=${port} [ASSURED] mark=0 use=1\n`);
  assert.equal(conntrackListed(1), 'conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.\n');
});

test('an open connection stays for five days, a closed one for two minutes', () => {
  const lab = open();
  const n1 = nodeOf(lab, 'n1');
  assert.match(conntrackList(lab.network, n1, went(lab, 's/client', 'tcp://10.96.5.2:80', 's/b', 0, true)), /^tcp {6}6 431999 ESTABLISHED src=/);
  assert.match(conntrackList(lab.network, n1, went(lab, 's/client', 'tcp://10.96.5.2:80', 's/b', 100)), /^tcp {6}6 19 TIME_WAIT /);
  assert.equal(conntrackList(lab.network, n1, went(lab, 's/client', 'tcp://10.96.5.2:80', 's/b', 120)), '');
});

test('a rewritten source stands in the answers\' destination', () => {
  const lab = open();
  const connections = went(lab, 's/client', 'tcp://172.20.0.12:30082', 's/a');
  const port = connections[0]?.walk.hops[0]?.packet.source.port ?? 0;
  assert.match(conntrackList(lab.network, nodeOf(lab, 'n1'), connections), new RegExp(`src=10\\.244\\.1\\.20 dst=172\\.20\\.0\\.12 sport=${port} dport=30082 src=172\\.20\\.0\\.12 dst=172\\.20\\.0\\.11 sport=30082 dport=${port}`));
  assert.match(conntrackList(lab.network, nodeOf(lab, 'n2'), connections), new RegExp(`src=172\\.20\\.0\\.11 dst=172\\.20\\.0\\.12 sport=${port} dport=30082 src=10\\.244\\.1\\.31 dst=172\\.20\\.0\\.12 sport=8080 dport=${port}`));
});

test('what got no answer is unreplied; what was dropped or rejected on the node, and what was reset, has no entry', () => {
  const lab = open();
  const list = (to: string): string => conntrackList(lab.network, nodeOf(lab, 'n1'), went(lab, 's/client', to, null));
  assert.match(list('tcp://10.244.2.99:80'), /^tcp {6}6 119 SYN_SENT src=10\.244\.1\.20 dst=10\.244\.2\.99 sport=\d+ dport=80 \[UNREPLIED\] src=10\.244\.2\.99 dst=10\.244\.1\.20 sport=80 dport=\d+ mark=0 use=1\n$/);
  assert.equal(list('tcp://10.96.5.3:80'), '', 'dropped by kube-proxy');
  assert.equal(list('tcp://10.244.2.31:81'), '', 'reset by the pod');
  assert.match(list('udp://10.244.2.31:99'), /^udp {6}17 29 src=.* \[UNREPLIED\] /);
  assert.match(list('icmp://10.244.2.31'), /^icmp {5}1 29 src=10\.244\.1\.20 dst=10\.244\.2\.31 type=8 code=0 id=1 src=10\.244\.2\.31 dst=10\.244\.1\.20 type=0 code=0 id=1 mark=0 use=1\n$/);
});

test('a request by name leaves its DNS queries too, one for each name', () => {
  const lab = open();
  const lines = conntrackList(lab.network, nodeOf(lab, 'n1'), went(lab, 's/client', 'tcp://free.s:80', 's/b')).trimEnd().split('\n');
  assert.match(lines.at(-1) ?? '', /^tcp .* dport=80 /);
  assert.ok(lines.slice(0, -1).length >= 1 && lines.slice(0, -1).every((line) => /^udp {6}17 29 src=10\.244\.1\.20 dst=10\.96\.0\.10 sport=\d+ dport=53 src=10\.244\.\d+\.\d+ dst=10\.244\.1\.20 sport=53 dport=\d+ mark=0 use=1$/.test(line)), lines.join('\n'));
});

test('two requests alike have a port each', () => {
  const lab = open();
  const one = went(lab, 's/client', 'tcp://10.96.5.2:80', 's/b');
  const lines = conntrackList(lab.network, nodeOf(lab, 'n1'), [...one, ...one]).trimEnd().split('\n');
  assert.equal(new Set(lines.map((line) => /sport=(\d+)/.exec(line)?.[1])).size, 2);
});

test('the count is of the whole table', () => {
  const lab = open('iptables', 'apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: { nodes: [{ name: n1, conntrack: { max: 1000, used: 900 } }] }\n');
  assert.equal(conntrackCount(lab.network, nodeOf(lab, 'n1'), went(lab, 's/client', 'tcp://10.96.5.2:80', 's/b')), '901\n');
  assert.match(conntrackStats(lab.network, nodeOf(lab, 'n1'), []), /^cpu=0 {3}\tfound=0 invalid=0 insert=0 insert_failed=0 drop=0 early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 \ncpu=1/);
});

test('IPVS lists the connections of its virtual servers, and the template of an affinity', () => {
  const lab = open('ipvs');
  const connections = [...went(lab, 's/client', 'tcp://10.96.5.1:80', 's/b'), ...went(lab, 's/client', 'tcp://10.244.2.31:8080', 's/b')];
  const port = connections[0]?.walk.hops[0]?.packet.source.port ?? 0;
  assert.equal(ipvsadmLnc(lab.network, nodeOf(lab, 'n1'), connections), `IPVS connection entries\npro expire state       source             virtual            destination\nTCP 01:59  TIME_WAIT   10.244.1.20:${port}  10.96.5.1:80       10.244.2.31:8080\nTCP 01:39  NONE        10.244.1.20:0      10.96.5.1:80       10.244.2.31:8080\n`);
});
