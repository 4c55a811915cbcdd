// What the tools on a node print of the network, held against what the real ones print for the same objects.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab, type LabOptions } from '../../../src/sim/lab.ts';
import { ipAddrOfNode, ipAddrOfPod, ipRouteOfNode, ipRouteOfPod } from '../../../src/sim/dataplane/printers/ip.ts';
import { iptablesSave } from '../../../src/sim/dataplane/printers/iptables-save.ts';
import { ipvsadmLn } from '../../../src/sim/dataplane/printers/ipvsadm.ts';
import { nftListRuleset } from '../../../src/sim/dataplane/printers/nft-list-ruleset.ts';
import type { Network, NetworkNode } from '../../../src/sim/model/network.ts';

const folder = fileURLToPath(new URL('../../../../shared/conformance/service/', import.meta.url));
const missing = existsSync(folder) ? false : 'the conformance data is not there';

const ranges = 'apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: { network: { pods: 10.0.0.0/8, services: 172.30.0.0/16 } }\n';

/** The network of a fixture with what its manifests declare alone; a node port that the fixture leaves open, and the API server gives out, is taken away again. */
function declared(fixture: string, around: string, options: LabOptions = {}): { readonly network: Network; readonly node: NetworkNode } {
  const lab = openLab([{ path: 'fixture.yaml', text: readFileSync(`${folder}fixtures/${fixture}.yaml`, 'utf8') }, ...(around === '' ? [] : [{ path: 'around.yaml', text: around }])], { ...options, validate: false });
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  const { network } = lab.value;
  const services = network.services.filter(({ implied }) => !implied).map((service) => ({ ...service, ports: service.ports.map((port) => ({ ...port, nodePort: service.ref.name === 'svc4' ? null : port.nodePort })) }));
  const [node] = network.nodes;
  assert.ok(node);
  return { network: { ...network, services }, node };
}

const withoutDates = (path: string): string => readFileSync(`${folder}${path}`, 'utf8').split('\n').filter((line) => !line.startsWith('#')).join('\n');

test('iptables-save prints every kind of Service to the letter', { skip: missing }, () => {
  const { network, node } = declared('overall', ranges);
  assert.equal(iptablesSave(network, node), withoutDates('example-overall.iptables-save.txt'));
});

test('iptables-save prints a small familiar cluster to the letter', { skip: missing }, () => {
  const { network, node } = declared('example-cluster', '');
  const got = iptablesSave(network, node);
  assert.equal(got.slice(got.indexOf('*nat')), withoutDates('example-cluster.iptables-save.txt'));
});

test('nft prints the chains, sets and rules that upstream asserts', { skip: missing }, () => {
  const { network, node } = declared('overall', ranges, { proxy: 'nftables' });
  const got = nftListRuleset(network, node);
  const block = (name: string): string[] => { const from = got.indexOf(` ${name} {\n`); return got.slice(from, got.indexOf('\n\t}\n', from)).split('\n').slice(1).map((line) => line.trim()); };
  // As of 1.37: one rule picks the endpoint; endpoints have chains of their own where affinity remembers them.
  assert.deepEqual(block('service-ULMVA6XW-ns1/svc1/tcp/p80'), ['meta l4proto tcp dnat to 10.180.0.1:80']);
  assert.deepEqual(block('external-42NFTM6N-ns2/svc2/tcp/p80'), [
    'ip saddr 10.0.0.0/8 goto service-42NFTM6N-ns2/svc2/tcp/p80 comment "short-circuit pod traffic"', 'fib saddr type local meta mark set meta mark | 0x00004000 comment "masquerade local traffic"',
    'fib saddr type local goto service-42NFTM6N-ns2/svc2/tcp/p80 comment "short-circuit local traffic"',
  ]);
  assert.deepEqual(block('service-LAUZTJTB-ns4/svc4/tcp/p80').at(-1), 'meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.180.0.4 . 80, 1 : 10.180.0.5 . 80 }');
  assert.deepEqual(block('endpoint-GTK6MW7G-ns5/svc5/tcp/p80__10.180.0.3/80'), ['update @affinity-GTK6MW7G-ns5/svc5/tcp/p80__10.180.0.3/80 { ip saddr }', 'meta l4proto tcp dnat to 10.180.0.3:80']);
  assert.deepEqual(block('firewall-HVFWP5L3-ns5/svc5/tcp/p80'), ['ip saddr != 203.0.113.0/25 drop']);
  assert.deepEqual(block('services')[0], 'ip daddr @cluster-ips ip saddr != 10.0.0.0/8 meta mark set meta mark | 0x00004000 comment "masquerade clusterIP traffic from outside cluster"');
  assert.deepEqual(block('cluster-ips-check'), ['ip daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"', 'ip daddr 172.30.0.0/16 drop comment "Drop traffic to unallocated ClusterIPs"']);
  for (const element of [
    '172.30.0.46 . tcp . 80 comment "ns6/svc6:p80" : goto reject-chain', '1.2.3.4 . tcp . 80 comment "ns2/svc2:p80" : drop', 'tcp . 3001 comment "ns2/svc2:p80" : drop', 'tcp . 3003 : goto external-4AT6LBPK-ns3/svc3/tcp/p80',
    '192.168.99.33 . tcp . 80 : goto external-LAUZTJTB-ns4/svc4/tcp/p80', '5.6.7.8 . tcp . 80 : goto firewall-HVFWP5L3-ns5/svc5/tcp/p80',
  ]) assert.ok(got.includes(element), element);
  assert.ok(!got.includes('undefined'));
});

const shop = `apiVersion: v1
kind: Pod
metadata: { name: api, namespace: shop, labels: { app: api } }
spec: { nodeName: worker-1, containers: [{ name: main, image: api, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { type: NodePort, clusterIP: 10.96.42.7, selector: { app: api }, sessionAffinity: ClientIP, ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }
`;

function shopIn(options: LabOptions): { readonly network: Network; readonly node: NetworkNode } {
  const lab = openLab([{ path: 'shop.yaml', text: shop }], options);
  assert.ok(lab.ok);
  const node = lab.value.network.nodes.find(({ name }) => name === 'worker-1');
  assert.ok(node);
  return { network: lab.value.network, node };
}

test('ipvsadm prints a virtual server for every address, sorted by protocol and address', () => {
  const { network, node } = shopIn({ proxy: 'ipvs', cni: 'flannel' });
  const api = network.pods.find(({ name }) => name === 'api')?.addresses[0] ?? '';
  const lines = ipvsadmLn(network, node).split('\n');
  assert.deepEqual(lines.slice(0, 3), ['IP Virtual Server version 1.2.1 (size=4096)', 'Prot LocalAddress:Port Scheduler Flags', '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn']);
  const at = lines.indexOf('TCP  10.96.42.7:80 rr persistent 10800');
  assert.equal(lines[at + 1], `  -> ${`${api}:8080`.padEnd(28)} Masq    1      0          0         `);
  assert.deepEqual(lines.filter((line) => line.includes(':30080 rr')).map((line) => line.split(' ')[2]?.split(':')[0]), ['10.244.1.0', '10.244.1.1', '192.168.0.11'].filter((ip) => node.interfaces.some(({ addresses }) => addresses.some((cidr) => cidr.startsWith(`${ip}/`)))));
  assert.ok(lines.findIndex((line) => line.startsWith('UDP')) > at);
  assert.match(ipAddrOfNode(node), /kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default\n.*\n(?:.*\n)*? {4}inet 10\.96\.42\.7\/32 scope global kube-ipvs0\n/);
});

test('a mode that does not run leaves no rules', () => {
  const iptables = shopIn({});
  assert.equal(nftListRuleset(iptables.network, iptables.node), '');
  assert.equal(ipvsadmLn(iptables.network, iptables.node).split('\n').length, 4);
  const nftables = shopIn({ proxy: 'nftables' });
  assert.ok(!iptablesSave(nftables.network, nftables.node).includes('KUBE-'));
});

test('ip prints what a bridge and what a plugin that routes makes of a pod', () => {
  const flannel = shopIn({ cni: 'flannel' });
  const calico = shopIn({});
  for (const [{ network, node }, routes, address] of [
    [flannel, /^default via 10\.244\.1\.1 dev eth0 \n10\.244\.0\.0\/16 via 10\.244\.1\.1 dev eth0 \n10\.244\.1\.0\/24 dev eth0 proto kernel scope link src 10\.244\.1\.\d+ \n$/, /inet 10\.244\.1\.\d+\/24 brd 10\.244\.1\.255 scope global eth0/],
    [calico, /^default via 169\.254\.1\.1 dev eth0 \n169\.254\.1\.1 dev eth0 scope link \n$/, /inet 10\.244\.1\.\d+\/32 scope global eth0/],
  ] as const) {
    const pod = network.pods.find(({ name }) => name === 'api');
    assert.ok(pod);
    assert.match(ipRouteOfPod(network, node, pod), routes);
    assert.match(ipAddrOfPod(network, node, pod), address);
    assert.match(ipRouteOfNode(node), /^default via 192\.168\.0\.1 dev eth0 \n/);
    assert.match(ipRouteOfNode(node), /\n192\.168\.0\.0\/24 dev eth0 proto kernel scope link src 192\.168\.0\.11 \n/);
  }
});
