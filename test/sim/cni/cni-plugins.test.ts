// What CNI plugins differ in, and how the Cluster document chooses among them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseAddress, parseRange, rangeHolds } from '../../../src/sim/base/address.ts';
import { maxPods, podAddresses } from '../../../src/sim/cni/aws-vpc-cni.ts';
import { chooseCni, cniPlugins, findCniPlugin } from '../../../src/sim/cni/cni-plugins.ts';
import { instanceLimits, instanceTypes } from '../../../src/sim/cni/instance-types.ts';
import { pluginNames } from '../../../src/sim/cluster/validate/cluster-document.ts';
import { chosen, compiled, refused, take, type Spec } from './cni.fixture.ts';

const encapsulation = (spec: Spec): readonly unknown[] => {
  const { facts } = compiled(spec).output;
  return [facts.encapsulation?.name ?? null, facts.encapsulation?.port ?? null, facts.encapsulation?.device ?? null, facts.mtu];
};

test('every plugin that a document may name is simulated, and no other', () => {
  assert.deepEqual(cniPlugins.map(({ name }) => name).sort(), [...pluginNames].sort());
});

for (const [spec, wanted] of [
  [{ plugin: 'calico' }, ['VXLAN', 4789, 'vxlan.calico', 1450]],
  [{ plugin: 'calico', mode: 'ipip' }, ['IP in IP', null, 'tunl0', 1480]],
  [{ plugin: 'calico', mode: 'bgp' }, [null, null, null, 1500]],
  [{ plugin: 'calico', mode: 'none', wireguardEnabled: true }, ['WireGuard', 51820, 'wireguard.cali', 1440]],
  [{ plugin: 'flannel' }, ['VXLAN', 8472, 'flannel.1', 1450]],
  [{ plugin: 'flannel', mode: 'host-gw' }, [null, null, null, 1500]],
  [{ plugin: 'flannel', mode: 'wireguard' }, ['WireGuard', 51820, 'flannel-wg', 1420]],
  [{ plugin: 'cilium' }, ['VXLAN', 8472, 'cilium_vxlan', 1450]],
  [{ plugin: 'cilium', mode: 'geneve' }, ['Geneve', 6081, 'cilium_geneve', 1450]],
  [{ plugin: 'cilium', mode: 'native' }, [null, null, null, 1500]],
  [{ plugin: 'weave' }, ['VXLAN', 6784, 'vxlan-6784', 1376]],
  [{ plugin: 'aws-vpc-cni' }, [null, null, null, 1500]],
] as const) {
  test(`packets of ${Object.values(spec).join(', ')} travel as ${String(wanted[0] ?? 'they are')} with ${String(wanted[3])} bytes`, () => {
    assert.deepEqual(encapsulation(spec), wanted);
  });
}

for (const [spec, wanted] of [
  [{ plugin: 'calico' }, ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy']],
  [{ plugin: 'calico', version: '3.28' }, ['NetworkPolicy']],
  [{ plugin: 'calico', version: 'v3.29.1' }, ['NetworkPolicy', 'AdminNetworkPolicy']],
  [{ plugin: 'calico', version: '3.31' }, ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy']],
  [{ plugin: 'calico', version: '3.32' }, ['NetworkPolicy', 'ClusterNetworkPolicy']],
  [{ plugin: 'flannel' }, []],
  [{ plugin: 'flannel', netpol: true }, ['NetworkPolicy']],
  [{ plugin: 'cilium' }, ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']],
  [{ plugin: 'cilium', k8sClusterNetworkPolicy: true }, ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'ClusterNetworkPolicy']],
  [{ plugin: 'weave' }, ['NetworkPolicy']],
  [{ plugin: 'weave', disableNpc: true }, []],
  [{ plugin: 'aws-vpc-cni' }, []],
  [{ plugin: 'aws-vpc-cni', enableNetworkPolicy: false }, []],
  [{ plugin: 'aws-vpc-cni', enableNetworkPolicy: true, version: '1.23.1' }, ['NetworkPolicy']],
] as const) {
  test(`${JSON.stringify(spec)} enforces ${wanted.length === 0 ? 'nothing' : wanted.join(', ')}`, () => {
    assert.deepEqual(compiled(spec).output.facts.enforces, wanted);
  });
}

test('for Cilium an ipBlock is outside the cluster, for everybody else any address', () => {
  assert.deepEqual(cniPlugins.filter((plugin) => chosen({ plugin: plugin.name }).traits.ipBlocks === 'outside').map(({ name }) => name), ['cilium']);
});

test('kube-proxy is replaced only where that was asked for', () => {
  const replaces = (spec: Spec): boolean => chosen(spec).traits.services !== null;
  assert.ok(cniPlugins.every(({ name }) => !replaces({ plugin: name })));
  assert.deepEqual([replaces({ plugin: 'calico', dataplane: 'ebpf' }), replaces({ plugin: 'calico', dataplane: 'nftables' }), replaces({ plugin: 'cilium', kubeProxyReplacement: true })], [true, false, true]);
});

test('a denied packet is dropped, unless Calico is told to reject it; only Cilium answers in HTTP', () => {
  assert.equal(chosen({ plugin: 'calico' }).traits.denied, 'drop');
  assert.equal(chosen({ plugin: 'calico', denyAction: 'Reject' }).traits.denied, 'reject');
  assert.deepEqual(cniPlugins.flatMap(({ name }) => { const { deniedHttp } = chosen({ plugin: name }).traits; return deniedHttp === null ? [] : [[name, deniedHttp.status]]; }), [['cilium', 403]]);
});

test('Calico needs BGP between nodes for IP in IP and plain routes, not for VXLAN', () => {
  const bgp = (mode: string): boolean => chosen({ plugin: 'calico', mode }).traits.needs.some(({ port }) => port === 179);
  assert.deepEqual(['vxlan', 'ipip', 'bgp', 'none'].map(bgp), [false, true, true, true]);
});

test('a route through a tunnel names the next hop as the plugin writes it', () => {
  const hop = (spec: Spec): readonly unknown[] => { const route = compiled(spec).output.nodes[0]?.routes.find(({ node }) => node === 'b'); return [route?.to, route?.via, route?.device]; };
  assert.deepEqual(hop({ plugin: 'flannel' }), ['10.244.1.0/24', '10.244.1.0', 'flannel.1']);
  assert.deepEqual(hop({ plugin: 'flannel', mode: 'host-gw' }), ['10.244.1.0/24', '192.168.0.11', 'eth0']);
  assert.deepEqual(hop({ plugin: 'flannel', mode: 'wireguard' }), ['10.244.1.0/24', null, 'flannel-wg']);
  assert.deepEqual(hop({ plugin: 'calico', mode: 'ipip' }), ['10.244.1.0/24', '192.168.0.11', 'tunl0']);
  assert.deepEqual(hop({ plugin: 'cilium' }), ['10.244.1.0/24', '10.244.0.1', 'cilium_host']);
  assert.deepEqual(hop({ plugin: 'weave' }), ['10.244.1.0/24', null, 'weave']);
});

test('Weave Net has 1376 whatever the underlay carries, and fits into 1500 with its overhead', () => {
  for (const underlay of [1500, 1400, 9001]) assert.equal(compiled({ plugin: 'weave' }, 4, underlay).output.facts.mtu, 1376);
  const { facts } = compiled({ plugin: 'weave' }).output;
  assert.ok(facts.mtu + (facts.encapsulation?.overhead ?? 0) <= 1500);
});

test('Weave Net is said to be history, the others are not', () => {
  assert.deepEqual(cniPlugins.filter(({ name }) => chosen({ plugin: name }).warnings.length > 0).map(({ name }) => name), ['weave']);
  assert.match(chosen({ plugin: 'weave' }).warnings[0]?.says ?? '', /v2\.8\.1 of 2021-01-25.*archived in June 2024/);
});

test('AWS: max pods is interfaces × (addresses − 1) + 2', () => {
  const most = (type: string): number | undefined => { const limits = instanceLimits(type); return limits === undefined ? undefined : maxPods(limits, false); };
  // amazon-vpc-cni-k8s, misc/eni-max-pods.txt
  const published = { 't3.nano': 4, 't3.small': 11, 't3.medium': 17, 't3.large': 35, 't3.xlarge': 58, 't2.xlarge': 44, 't3a.small': 8, 't4g.medium': 17, 'm5.large': 29, 'm5.xlarge': 58, 'm5.4xlarge': 234, 'm6i.8xlarge': 234, 'c6i.2xlarge': 58, 'c7g.large': 29, 'r5.12xlarge': 234 };
  for (const [type, pods] of Object.entries(published)) assert.equal(most(type), pods, type);
  assert.ok(instanceTypes.every((type) => most(type) !== undefined) && instanceLimits('m5.huge') === undefined && instanceLimits('z9.large') === undefined);
});

test('AWS: prefixes hold sixteen times as many addresses, and kubelet is told 110 at most', () => {
  const limits = instanceLimits('t3.medium');
  assert.ok(limits !== undefined);
  assert.deepEqual([podAddresses(limits, false), podAddresses(limits, true), maxPods(limits, true)], [15, 240, 110]);
});

test('AWS: pods have addresses of the nodes\' subnet, and no node, no router and no reserved address among them', () => {
  const { given, nodes } = compiled({ plugin: 'aws-vpc-cni' }, 100);
  const subnet = parseRange('192.168.0.0/24');
  assert.ok(subnet !== undefined);
  const all = nodes.flatMap(({ pods }) => pods.flatMap(({ addresses }) => addresses));
  assert.equal(all.length, 3 * 27);
  for (const ip of all) { const address = parseAddress(ip); assert.ok(address !== undefined && rangeHolds(subnet, address), ip); }
  for (const taken of ['192.168.0.0', '192.168.0.1', '192.168.0.2', '192.168.0.3', '192.168.0.10', '192.168.0.255']) assert.ok(!all.includes(taken), taken);
  assert.deepEqual(given.map((node) => [node.capacity, node.maxPods]), [[27, 29], [27, 29], [27, 29]]);
});

test('AWS: a small subnet is used up before the nodes are full', () => {
  const choice = chosen({ plugin: 'aws-vpc-cni', subnets: '192.168.0.0/26' });
  const nodes = ['a', 'b', 'c'].map((name, index) => ({ name, internal: [`192.168.0.${10 + index}`], podRanges: [], instanceType: 't3.medium' }));
  const given = choice.plugin.addresses({ podRanges: [], nodes });
  // Of four blocks the first has the nodes and the last the subnet's own last address.
  assert.deepEqual(given.map(({ ranges }) => ranges), [['192.168.0.16/28'], ['192.168.0.32/28'], []]);
  assert.deepEqual(given.map((node) => take(node, 100).length), [15, 15, 0]);
  assert.ok(given.every((node) => node.maxPods === 17));
});

test('AWS: the label of a node says what it is before the document does', () => {
  const nodes = [{ name: 'a', internal: ['192.168.0.10'], podRanges: [], instanceType: 't3.medium' }, { name: 'b', internal: ['192.168.0.11'], podRanges: [], instanceType: null }, { name: 'c', internal: ['192.168.0.12'], podRanges: [], instanceType: 'my.own' }];
  assert.deepEqual(chosen({ plugin: 'aws-vpc-cni', instanceType: 'm5.xlarge' }).plugin.addresses({ podRanges: [], nodes }).map((node) => node.maxPods), [17, 58, 58]);
});

test('AWS: a node takes more interfaces as it has more pods', () => {
  const uplinks = (pods: number): number | undefined => compiled({ plugin: 'aws-vpc-cni' }, pods).output.nodes[0]?.interfaces.filter(({ kind }) => kind === 'uplink').length;
  assert.deepEqual([uplinks(1), uplinks(9), uplinks(10), uplinks(27)], [1, 1, 2, 3]);
});

test('a plugin that nobody knows and a mode that a plugin has not are told apart', () => {
  const code = (name: string, mode: string | null): string | undefined => { const found = findCniPlugin(name, mode, null); return found.ok ? undefined : found.failures[0]?.code; };
  assert.deepEqual([code('calico', null), code('cilium', 'native'), code('calic', null), code('calico', 'bgq')], [undefined, undefined, 'unknown-plugin', 'unknown-mode']);
});

test('an option of another plugin is refused with the list of those that there are', () => {
  const [problem, ...rest] = refused({ plugin: 'calico', kubeProxyReplacement: true });
  assert.deepEqual(rest, []);
  assert.deepEqual([problem?.code, problem?.severity, problem?.where?.field, problem?.says], ['unknown-option', 'error', 'spec.cni.kubeProxyReplacement', 'spec.cni.kubeProxyReplacement: calico has no option of that name']);
  assert.equal(problem?.help, 'Of calico there are: mode (vxlan, ipip, bgp, none), mtu, dataplane (iptables, nftables, ebpf), wireguardEnabled (true, false), natOutgoing (true, false), denyAction (Drop, Reject), version (text).');
});

test('a value that an option does not take is refused with what it takes', () => {
  assert.equal(refused({ plugin: 'calico', dataplane: 'bpf' })[0]?.says, 'spec.cni.dataplane: Invalid value: "bpf": must be one of: iptables, nftables, ebpf');
  assert.equal(refused({ plugin: 'cilium', kubeProxyReplacement: 'strict' })[0]?.says, 'spec.cni.kubeProxyReplacement: Invalid value: "strict": must be true or false');
  assert.equal(refused({ plugin: 'calico', version: 'latest' })[0]?.code, 'invalid-value');
  assert.equal(refused({ plugin: 'aws-vpc-cni', subnets: '192.168.0.300/24' })[0]?.says, 'spec.cni.subnets: 192.168.0.300/24 is no range of addresses');
  assert.equal(refused({ plugin: 'flannel', mtu: 10 })[0]?.code, 'invalid-value');
});

test('every problem of spec.cni is said at once', () => {
  assert.deepEqual(refused({ plugin: 'flannel', mtu: 10, netpol: 'yes', speed: 'fast' }).map(({ code }) => code).sort(), ['invalid-value', 'invalid-value', 'unknown-option']);
});

test('options that contradict each other are refused', () => {
  assert.match(refused({ plugin: 'aws-vpc-cni', enableNetworkPolicy: true, version: '1.13' })[0]?.says ?? '', /since v1\.14 only/);
  assert.match(refused({ plugin: 'cilium', k8sClusterNetworkPolicy: true, version: '1.19' })[0]?.says ?? '', /since 1\.20 only/);
  assert.match(refused({ plugin: 'calico', dataplane: 'ebpf', denyAction: 'Reject' })[0]?.says ?? '', /eBPF/);
});

test('who asks for eBPF as a mode of Calico is told the option', () => {
  assert.match(refused({ plugin: 'calico', mode: 'ebpf' })[0]?.help ?? '', /dataplane: ebpf/);
});

test('another plugin on the command line takes nothing from the document', () => {
  const choice = chooseCni({ plugin: 'calico', mode: 'ipip', mtu: 1400, dataplane: 'ebpf' }, 'flannel', () => null);
  assert.ok(choice.ok);
  assert.deepEqual([choice.value.plugin.name, choice.value.mode, choice.value.mtu, choice.value.options], ['flannel', 'vxlan', null, {}]);
  const same = chooseCni({ plugin: 'calico', mode: 'ipip' }, 'calico', () => null);
  assert.equal(same.ok && same.value.mode, 'ipip');
});

test('a field that looks like a property of every object is an unknown option like others', () => {
  const written: unknown = JSON.parse('{ "plugin": "calico", "__proto__": { "dataplane": "ebpf" }, "constructor": true }');
  const choice = chooseCni(written, null, () => null);
  assert.deepEqual(choice.ok ? [] : choice.failures.map(({ code }) => code), ['unknown-option', 'unknown-option']);
});
