// Holds the kube-proxy station against flows transcribed from upstream's own tests (conformance/service/flows.json).
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab, parseSource, parseTarget, send, type Lab, type SourceFile } from '../../../src/sim/lab.ts';
import { pickEndpoints } from '../../../src/sim/dataplane/pick-endpoints.ts';
import type { NetworkEndpoint, NetworkNode } from '../../../src/sim/model/network.ts';

const folder = fileURLToPath(new URL('../../../../shared/conformance/service/', import.meta.url));
const missing = existsSync(folder) ? false : 'the conformance data is not there';

interface Flow { readonly name: string; readonly source: string; readonly sourceIP: string; readonly destIP: string; readonly destPort: number; readonly protocol: string; readonly expect: { readonly result: string; readonly endpoints: readonly string[]; readonly masq: boolean } }
interface Options { readonly masqueradeAll?: boolean; readonly localDetector?: boolean; readonly nodePortAddresses?: readonly string[] | null; readonly localhostNodePorts?: boolean }
interface Case { readonly id: string; readonly fixture: string; readonly proxy: Options; readonly withoutObjects?: readonly (readonly string[])[]; readonly flows: readonly Flow[] }

const around = (options: Options, mode: string): string => `apiVersion: k8snet-lab/v1
kind: Cluster
metadata: { name: lab }
spec: { network: { pods: "10.0.0.0/8,fd00:10::/64", services: "172.30.0.0/16" } }
---
apiVersion: v1
kind: Node
metadata: { name: test-node, labels: { kubernetes.io/hostname: test-node } }
spec: { podCIDR: 10.0.0.0/24, podCIDRs: [10.0.0.0/24] }
status: { addresses: [{ type: InternalIP, address: 192.168.0.2 }, { type: InternalIP, address: 192.168.1.2 }, { type: InternalIP, address: 192.168.99.11 }, { type: InternalIP, address: "2001:db8::1" }, { type: InternalIP, address: "2001:db8:1::2" }, { type: Hostname, address: test-node }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: kube-proxy, namespace: kube-system }
data:
  config.conf: |
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    mode: ${mode}
    clusterCIDR: "${options.localDetector === false ? '' : '10.0.0.0/8,fd00:10::/64'}"
    nodePortAddresses: ${JSON.stringify(options.nodePortAddresses ?? [])}
    iptables: { masqueradeAll: ${options.masqueradeAll === true}, localhostNodePorts: ${options.localhostNodePorts !== false} }
`;

const client = (ip: string): string => `apiVersion: v1
kind: Pod
metadata: { name: client, namespace: default }
spec: { nodeName: test-node, containers: [{ name: main, image: main }] }
status: { phase: Running, podIP: "${ip}", podIPs: [{ ip: "${ip}" }] }
`;

const opened = new Map<string, Lab>();

function open(one: Case, flow: Flow, mode: string): Lab {
  let fixture = readFileSync(`${folder}fixtures/${one.fixture}.yaml`, 'utf8');
  for (const [kind, namespace, name] of one.withoutObjects ?? []) fixture = fixture.split(/^---$/m).filter((text) => !(text.includes(`kind: ${kind}\n`) && text.includes(`name: ${name}\n`) && text.includes(`namespace: ${namespace}\n`))).join('---');
  const files: SourceFile[] = [{ path: 'fixture.yaml', text: fixture }, { path: 'around.yaml', text: around(one.proxy, mode) }];
  const taken = fixture.includes(`- ${flow.sourceIP}\n`);
  if (flow.source === 'pod' || taken) files.push({ path: 'client.yaml', text: client(flow.sourceIP) });
  const key = files.map(({ text }) => text).join('');
  const known = opened.get(key);
  if (known !== undefined) return known;
  const lab = openLab(files, { validate: false });
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  opened.set(key, lab.value);
  return lab.value;
}

function outcome(one: Case, flow: Flow, mode = 'iptables'): { readonly result: string; readonly endpoints: readonly string[]; readonly masq: boolean } {
  const lab = open(one, flow, mode);
  const source = parseSource(flow.source === 'pod' ? 'default/client' : flow.source === 'node' || flow.source === 'localhost' ? 'node/test-node' : `external/${flow.sourceIP}@test-node`, lab.network);
  const target = parseTarget(`${flow.protocol.toLowerCase()}://${flow.destIP.includes(':') ? `[${flow.destIP}]` : flow.destIP}:${flow.destPort}`);
  assert.ok(source.ok && target.ok, JSON.stringify([source, target]));
  const { walks } = send(lab, { from: source.value, to: target.value });
  const translated = walks.filter(({ hops }) => hops.some(({ action, stage }) => action === 'dnat' && stage === 'kube-proxy'));
  const proxy = walks[0]?.hops.find(({ stage, action }) => stage === 'kube-proxy' && action !== 'forward');
  const result = translated.length > 0 ? 'dnat' : proxy?.action === 'drop' ? 'drop' : proxy?.action === 'reject' ? 'reject' : walks[0]?.verdict === 'delivered' || walks[0]?.verdict === 'http-error' ? 'accept' : 'none';
  return { result, endpoints: translated.map(({ backend }) => `${backend?.ip.includes(':') === true ? `[${backend.ip}]` : backend?.ip}:${backend?.port}`).sort(), masq: translated.some(({ snat }) => snat) };
}

test('kube-proxy in iptables mode treats every upstream flow as upstream does', { skip: missing }, (context) => {
  const data = JSON.parse(readFileSync(`${folder}flows.json`, 'utf8')) as { readonly cases: readonly Case[] };
  let held = 0;
  const wrong: string[] = [];
  for (const one of data.cases) {
    for (const flow of one.flows) {
      const got = outcome(one, flow);
      const { expect } = flow;
      const same = (expect.result === 'none' ? got.result !== 'dnat' && got.result !== 'reject' && got.result !== 'drop' : got.result === expect.result) && JSON.stringify(got.endpoints) === JSON.stringify([...expect.endpoints].sort()) && got.masq === expect.masq;
      if (same) held++;
      else wrong.push(`${one.id} / ${flow.name}: ${flow.source} ${flow.sourceIP} to ${flow.destIP}:${flow.destPort}: wanted ${expect.result} ${expect.endpoints.join(',')} ${expect.masq}, got ${got.result} ${got.endpoints.join(',')} ${got.masq}`);
    }
  }
  context.diagnostic(`${held} flows hold`);
  assert.deepEqual(wrong, []);
});

test('in nftables mode the same flows differ only at localhost, at a node\'s second address and at addresses that no Service has', { skip: missing }, (context) => {
  const data = JSON.parse(readFileSync(`${folder}flows.json`, 'utf8')) as { readonly cases: readonly Case[] };
  let held = 0;
  for (const one of data.cases) {
    for (const flow of one.flows) {
      const [iptables, nftables] = [outcome(one, flow), outcome(one, flow, 'nftables')];
      const chosen = (one.proxy.nodePortAddresses ?? []).length > 0;
      const nodePort = iptables.result === 'dnat' && (flow.destIP.startsWith('127.') || (!chosen && ['192.168.1.2', '2001:db8:1::2'].includes(flow.destIP)));
      const expected = nodePort ? { result: 'none', endpoints: [], masq: false } : flow.destIP.startsWith('172.30.') && iptables.result === 'none' ? { ...iptables, result: 'drop' } : iptables;
      assert.deepEqual(nftables, expected, `${one.id} / ${flow.name}`);
      held++;
    }
  }
  context.diagnostic(`${held} flows compared`);
});

interface Selection {
  readonly name: string; readonly nodeName: string; readonly nodeZone: string; readonly preferSameEnabled: boolean;
  readonly service: { readonly nodePort: number; readonly externalPolicyLocal: boolean; readonly internalPolicyLocal: boolean };
  readonly endpoints: readonly { readonly addr: string; readonly isLocal: boolean; readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean; readonly zoneHints: readonly string[]; readonly nodeHints: readonly string[] }[];
  readonly clusterEndpoints: readonly string[] | null; readonly localEndpoints: readonly string[] | null;
}

const state: NetworkNode['state'] = {
  field: null, cniInstalled: true, kubeProxyRuns: true, stale: {}, conntrack: { max: 131_072, used: 0 }, rpFilter: 'loose', forwardPolicy: 'ACCEPT', ipForward: true, hairpinMode: true, mtu: 1500, wireguard: true,
  announces: null, bgp: [], unrouted: [],
};

test('a node picks the endpoints that upstream picks', { skip: missing }, (context) => {
  const data = JSON.parse(readFileSync(`${folder}flows.json`, 'utf8')) as { readonly endpointSelection: readonly Selection[] };
  const wrong: string[] = [];
  for (const one of data.endpointSelection) {
    const name = one.nodeName === '' ? 'here' : one.nodeName;
    const node: NetworkNode = { name, labels: {}, taints: [], ready: true, implied: false, addresses: [], internal: [], zone: one.nodeZone === '' ? null : one.nodeZone, podRanges: [], interfaces: [], routes: [], resolvConf: '', sockets: [], state };
    const endpoints = one.endpoints.map((endpoint): NetworkEndpoint => {
      const [ip = '', port = ''] = endpoint.addr.split(':');
      return { ip, port: Number(port), family: 'IPv4', node: endpoint.isLocal ? name : 'elsewhere', zone: null, ready: endpoint.ready, serving: endpoint.serving, terminating: endpoint.terminating, hostname: null, pod: null, slice: { kind: 'EndpointSlice', namespace: '', name: '' }, hints: { zones: endpoint.zoneHints, nodes: one.preferSameEnabled ? endpoint.nodeHints : [] } };
    });
    const picked = pickEndpoints({ name: '', protocol: 'TCP', port: 80, targetPort: 80, nodePort: null, index: 0, endpoints }, node, 'IPv4');
    const texts = (list: readonly NetworkEndpoint[]): string[] => list.map(({ ip, port }) => `${ip}:${port}`).sort();
    const usesLocal = one.service.internalPolicyLocal || (one.service.externalPolicyLocal && one.service.nodePort !== 0);
    const usesCluster = one.clusterEndpoints !== null;
    if (usesCluster && JSON.stringify(texts(picked.cluster)) !== JSON.stringify([...(one.clusterEndpoints ?? [])].sort())) wrong.push(`${one.name}: cluster ${texts(picked.cluster).join(',')} instead of ${one.clusterEndpoints?.join(',')}`);
    if (usesLocal && one.localEndpoints !== null && JSON.stringify(texts(picked.local)) !== JSON.stringify([...one.localEndpoints].sort())) wrong.push(`${one.name}: local ${texts(picked.local).join(',')} instead of ${one.localEndpoints.join(',')}`);
  }
  context.diagnostic(`${data.endpointSelection.length} selections compared`);
  assert.deepEqual(wrong, []);
});
