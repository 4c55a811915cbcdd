// More of Services from outside: what upstream's end-to-end tests and a real kube-proxy say of load balancers, health checks, labels, hints and numbers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { change, openLab, parseSource, parseTarget, send, type Lab } from '../../src/sim/lab.ts';
import { list } from '../../src/sim/cluster/store.ts';
import type { KubeObject } from '../../src/sim/model/object.ts';
import { cluster, nodes, pod, refusal, sent, service } from './asked.ts';

const on = (node: string): string => `nodeName: ${node}`;
const web = pod('s/web-1', 8080, 'app: web', on('n1')) + pod('s/web-2', 8080, 'app: web', on('n2')) + pod('s/client', 9, 'app: client', on('n1'));
const balanced = (name: string, spec: string, status: string): string => service(`s/${name}`, `type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}], ${spec}`).replace(/---\n$/, `status: {loadBalancer: {ingress: [${status}]}}\n---\n`);

function body(lab: Lab, source: string, target: string): { readonly status: number | null; readonly body: string | null } {
  const from = parseSource(source, lab.network);
  const to = parseTarget(target);
  assert.ok(from.ok && to.ok);
  const { shown } = send(lab, { from: from.value, to: to.value });
  return { status: shown.status, body: shown.body };
}

test('the health check node port says how many ready pods the node has, 503 where none', () => {
  const lab = cluster(nodes + web + balanced('lb', 'externalTrafficPolicy: Local, healthCheckNodePort: 31313', '{ip: 203.0.113.9}'));
  const answer = (count: number): string => `{\n\t"service": {\n\t\t"namespace": "s",\n\t\t"name": "lb"\n\t},\n\t"localEndpoints": ${count},\n\t"serviceProxyHealthy": true\n}`;
  assert.deepEqual(body(lab, 's/client', 'http://172.20.0.11:31313/healthz'), { status: 200, body: answer(1) });
  assert.deepEqual(body(lab, 'external', 'http://172.20.0.13:31313/healthz'), { status: 503, body: answer(0) });
  assert.deepEqual(body(lab, 'node/n2', 'http://127.0.0.1:31313/anything'), { status: 200, body: answer(1) });
  assert.deepEqual(sent(lab, 'external', 'http://203.0.113.9/').ways.map((way) => way.split(' ')[0]), ['s/web-1:8080', 's/web-2:8080']);
});

test('a load balancer whose addresses the nodes do not know asks for the source ranges itself', () => {
  const lab = cluster(nodes + web + balanced('lb', 'loadBalancerSourceRanges: [192.0.2.0/24]', '{ip: 203.0.113.9, ipMode: Proxy}'));
  assert.equal(sent(lab, 'external/198.51.100.7', 'http://203.0.113.9/').because, 'external: Service s/lb spec.loadBalancerSourceRanges');
  assert.equal(sent(lab, 'external/192.0.2.7', 'http://203.0.113.9/').verdict, 'delivered');
});

test('source ranges count by family, and one that holds everybody is as good as none', () => {
  const lab = cluster(nodes + web + balanced('six', 'loadBalancerSourceRanges: ["2001:db8::/32"]', '{ip: 203.0.113.6}') + balanced('open', 'loadBalancerSourceRanges: [10.0.0.0/8, 0.0.0.0/0]', '{ip: 203.0.113.7}'));
  for (const ip of ['203.0.113.6', '203.0.113.7']) assert.equal(sent(lab, 'external/198.51.100.7', `http://${ip}/`).verdict, 'delivered', ip);
});

test('without node ports a balancer of its own kind sends to the pods', () => {
  const direct = cluster(nodes + web + balanced('lb', 'allocateLoadBalancerNodePorts: false', '{ip: 203.0.113.9, ipMode: Proxy}'));
  assert.deepEqual(sent(direct, 'external', 'http://203.0.113.9/').ways, ['s/web-1:8080 delivered 0.50', 's/web-2:8080 delivered 0.50']);
});

test('kube-proxy leaves a Service to the proxy that its label names', () => {
  const labelled = service('s/other', 'type: NodePort, clusterIP: 10.96.7.7, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30070}]').replace('namespace: s}', 'namespace: s, labels: {service.kubernetes.io/service-proxy-name: mesh}}');
  const lab = cluster(nodes + web + labelled);
  assert.deepEqual([sent(lab, 's/client', 'http://10.96.7.7/').verdict, sent(lab, 's/client', 'http://10.96.7.7/').because], ['timeout', 'service: Service s/other metadata.labels']);
  assert.equal(sent(lab, 'external', 'http://172.20.0.11:30070/').verdict, 'refused');
});

test('kube-proxy sees no slice that is labelled headless', () => {
  const slice = 'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: manual-1, namespace: s, labels: {kubernetes.io/service-name: manual, service.kubernetes.io/headless: ""}}\naddressType: IPv4\nports: [{name: "", port: 8080, protocol: TCP}]\nendpoints: [{addresses: [10.244.1.9]}]\n---\n';
  assert.equal(sent(cluster(nodes + web + service('s/manual', 'clusterIP: 10.96.7.8, ports: [{port: 80}]') + slice), 's/client', 'http://10.96.7.8/').verdict, 'refused');
});

test('a node\'s own packets to an external address without endpoints are lost under iptables, rejected under nftables', () => {
  const documents = nodes + web + service('s/gone', 'clusterIP: 10.96.7.9, externalIPs: [198.51.100.9], selector: {app: nobody}, ports: [{port: 80}]');
  assert.equal(sent(cluster(documents), 'node/n1', 'http://198.51.100.9/').verdict, 'timeout');
  assert.equal(sent(cluster(documents), 's/client', 'http://198.51.100.9/').verdict, 'refused');
  assert.equal(sent(cluster(documents, { proxy: 'nftables' }), 'node/n1', 'http://198.51.100.9/').verdict, 'refused');
});

test('the port of a Service has one node port in all its protocols, and no other Service gets the number', () => {
  const lab = cluster(nodes + service('s/dns', 'type: NodePort, selector: {a: b}, ports: [{name: t, port: 53}, {name: u, port: 53, protocol: UDP}, {name: w, port: 80}]'));
  const ports = list(lab.store, 'Service').find(({ object }) => object.metadata.name === 'dns')?.object.spec.ports?.map(({ nodePort }) => nodePort) ?? [];
  assert.equal(ports[0], ports[1]);
  assert.notEqual(ports[0], ports[2]);
  const [one, two] = [service('s/a', 'type: NodePort, ports: [{port: 53, nodePort: 30500}]'), service('s/b', 'type: NodePort, ports: [{port: 99, protocol: UDP, nodePort: 30500}]')];
  assert.match(refusal(one + two), /spec\.ports\[0\]\.nodePort: Invalid value: 30500: provided port is already allocated/);
  assert.match(refusal(service('s/g', 'type: NodePort, ports: [{name: t, port: 54, nodePort: 30505}, {name: u, port: 55, protocol: UDP, nodePort: 30505}]')), /spec\.ports\[1\]\.nodePort: Invalid value: 30505: provided port is already allocated/);
});

test('the API server warns of what it takes all the same', () => {
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'old', namespace: 'default' }, spec: { externalIPs: ['203.0.113.1'], externalName: 'a.example', trafficDistribution: 'PreferClose', ports: [{ port: 80 }] } } as KubeObject;
  const changed = change(cluster(nodes), [{ verb: 'create', object, origin: null }]);
  assert.ok(changed.ok);
  assert.deepEqual(changed.value.outcomes[0]?.warnings, [
    'spec.externalIPs is deprecated and may no longer be implemented in some clusters', 'spec.externalName is ignored when spec.type is not "ExternalName"',
    'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
  ]);
});

const zoned = (counts: readonly number[], cpus: readonly string[]): string => counts.map((count, index) => `apiVersion: v1\nkind: Node\nmetadata: {name: n${index + 1}, labels: {topology.kubernetes.io/zone: z${index + 1}}}\nspec: {podCIDR: 10.244.${index + 1}.0/24}\nstatus: {addresses: [{type: InternalIP, address: 172.20.0.1${index + 1}}]${cpus[index] === undefined ? '' : `, allocatable: {cpu: "${cpus[index] ?? ''}"}`}}\n---\n${Array.from({ length: count }, (_, number) => pod(`s/web-${index + 1}-${number}`, 8080, 'app: web', on(`n${index + 1}`))).join('')}`).join('')
  + service('s/web', 'selector: {app: web}, ports: [{port: 80, targetPort: 8080}]').replace('namespace: s}', 'namespace: s, annotations: {service.kubernetes.io/topology-mode: Auto}}');

/** How many endpoints are for each zone, as the annotation deals them out. */
function dealt(counts: readonly number[], cpus: readonly string[] = []): Record<string, number> {
  const found: Record<string, number> = {};
  const lab = openLab([{ path: 'zones.yaml', text: zoned(counts, cpus) }]);
  assert.ok(lab.ok);
  for (const { object } of list(lab.value.store, 'EndpointSlice')) {
    if (object.metadata.labels?.['kubernetes.io/service-name'] !== 'web') continue;
    for (const { hints } of object.endpoints ?? []) for (const { name } of hints?.forZones ?? [{ name: 'none' }]) found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

test('topology-mode Auto deals endpoints out by the zones\' CPUs, as the real controller does', () => {
  assert.deepEqual(dealt([3, 3, 3], ['4', '4', '4']), { z1: 3, z2: 3, z3: 3 });
  assert.deepEqual(dealt([9, 0, 0], ['4', '4', '4']), { z1: 3, z2: 3, z3: 3 });
  assert.deepEqual(dealt([7, 3, 2], ['4', '3500m', '6']), { z1: 4, z2: 3, z3: 5 });
  assert.deepEqual(dealt([4, 4], ['4', '500m']), { z1: 7, z2: 1 });
  assert.deepEqual(dealt([1, 1, 0], ['4', '4', '4']), { none: 2 }, 'fewer endpoints than zones');
  assert.deepEqual(dealt([3], ['4']), { none: 3 }, 'one zone');
  assert.deepEqual(dealt([2, 2]), { z1: 2, z2: 2 }, 'nodes that do not say count alike');
});

test('a family without endpoints has an empty slice of its own', () => {
  const dual = 'apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: {name: lab}\nspec: {network: {pods: "10.244.0.0/16,fd00:10::/56", services: "10.96.0.0/12,fd00:96::/112"}}\n---\n';
  const lab = cluster(dual + service('s/none', 'ipFamilyPolicy: RequireDualStack, selector: {app: nobody}, ports: [{port: 80}]'));
  assert.deepEqual(list(lab.store, 'EndpointSlice').flatMap(({ object }) => (object.metadata.labels?.['kubernetes.io/service-name'] === 'none' ? [`${object.addressType} ${(object.endpoints ?? []).length}`] : [])).sort(), ['IPv4 0', 'IPv6 0']);
});

test('what ends is in no Endpoints object', () => {
  const ending = pod('s/ending', 8080, 'app: web', on('n3')).replace('namespace: s,', 'namespace: s, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [a/b],');
  const lab = cluster(nodes + web + ending + service('s/web', 'selector: {app: web}, ports: [{port: 80, targetPort: 8080}]'));
  const endpoints = list(lab.store, 'Endpoints').find(({ object }) => object.metadata.name === 'web')?.object;
  assert.deepEqual((endpoints?.subsets ?? []).map(({ addresses, notReadyAddresses }) => [(addresses ?? []).map(({ targetRef }) => targetRef?.name), notReadyAddresses?.length ?? 0]), [[['web-1', 'web-2'], 0]]);
});
