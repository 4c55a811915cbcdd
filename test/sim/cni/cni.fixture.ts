// The plugins as clusters run them, and a small cluster compiled by a plugin alone, without a control plane.
import assert from 'node:assert/strict';
import { formatAddress, nthAddress, parseRange } from '../../../src/sim/base/address.ts';
import { chooseCni, cniPlugins, type CniChoice } from '../../../src/sim/cni/cni-plugins.ts';
import type { CniNode, CniOutput, NodeAddresses } from '../../../src/sim/cni/cni-plugin.ts';
import type { Problem } from '../../../src/sim/model/problem.ts';
import { openLab } from '../../../src/sim/lab.ts';
import { shop } from '../lab.fixture.ts';

/** `spec.cni` of a Cluster document. */
export type Spec = Readonly<Record<string, string | boolean | number>>;

/** Every mode of every plugin as it is, and then with what changes its network or its policies. */
export const variants: readonly { readonly name: string; readonly spec: Spec; readonly bare: boolean }[] = [
  ...cniPlugins.flatMap((plugin) => plugin.modes.map((mode) => ({ name: `${plugin.name} in mode ${mode}`, spec: { plugin: plugin.name, mode }, bare: true }))),
  ...[
    { plugin: 'calico', dataplane: 'ebpf' }, { plugin: 'calico', wireguardEnabled: true }, { plugin: 'calico', version: '3.31' }, { plugin: 'calico', denyAction: 'Reject' },
    { plugin: 'cilium', kubeProxyReplacement: true }, { plugin: 'cilium', k8sClusterNetworkPolicy: true },
    { plugin: 'flannel', netpol: true }, { plugin: 'weave', disableNpc: true },
    { plugin: 'aws-vpc-cni', enableNetworkPolicy: true }, { plugin: 'aws-vpc-cni', enablePrefixDelegation: true },
  ].map((spec) => ({ name: `${spec.plugin} with ${Object.entries(spec).slice(1).map(([field, value]) => `${field}: ${String(value)}`).join(', ')}`, spec, bare: false })),
];

export function chosen(spec: Spec): CniChoice {
  const choice = chooseCni(spec, null, () => null);
  assert.ok(choice.ok, choice.ok ? '' : JSON.stringify(choice.failures));
  return choice.value;
}

export function refused(spec: Spec): readonly Problem[] {
  const choice = chooseCni(spec, null, (field) => ({ file: 'cluster.yaml', line: 1, column: 1, object: 'Cluster lab', field }));
  return choice.ok ? [] : choice.failures;
}

/** Addresses for so many pods as a kubelet takes them; fewer where the node has no more. */
export function take({ ranges, reserved, wholeRange, capacity }: NodeAddresses, count: number): string[] {
  const found: string[] = [];
  for (const cidr of ranges) {
    const range = parseRange(cidr);
    for (let offset = reserved; range !== undefined && found.length < Math.min(count, capacity ?? count); offset++) {
      const address = nthAddress(range, offset);
      if (address === undefined || (!wholeRange && address.value === range.last)) break;
      found.push(formatAddress(address));
    }
  }
  return found;
}

export interface Compiled {
  readonly choice: CniChoice;
  readonly given: readonly NodeAddresses[];
  readonly nodes: readonly CniNode[];
  readonly output: CniOutput;
}

/** Three nodes with some pods each. */
export function compiled(spec: Spec, podsEach = 4, underlayMtu = 1500): Compiled {
  const choice = chosen(spec);
  const podRanges = ['10.244.0.0/16'];
  const machines = ['a', 'b', 'c'].map((name, index) => ({ name, internal: [`192.168.0.${10 + index}`], podRanges: [`10.244.${index}.0/24`], instanceType: null }));
  const given = choice.plugin.addresses({ podRanges, nodes: machines });
  const nodes = machines.map((machine): CniNode => {
    const own = given.find(({ name }) => name === machine.name);
    const ips = own === undefined ? [] : take(own, podsEach);
    return { ...machine, podRanges: own?.ranges ?? [], pods: ips.map((ip, index) => ({ key: `shop/${machine.name}-${index}`, addresses: [ip] })) };
  });
  return { choice, given, nodes, output: choice.plugin.compile({ mode: choice.mode, mtu: choice.mtu, underlayMtu, gateway: '192.168.0.1', podRanges, nodes }) };
}

export const clusterDocument = (spec: Spec): string => `apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: { cni: ${JSON.stringify(spec)} }\n---\n`;

/** Why a lab cannot run a plugin with options yet; `null` when it can. */
export function whyNoOptions(): string | null {
  const lab = openLab([{ path: 'cluster.yaml', text: clusterDocument({ plugin: 'flannel', netpol: true }) + shop() }]);
  if (!lab.ok) return `the decoder refuses options in spec.cni: ${lab.failures[0]?.says ?? ''}`;
  return lab.value.network.cni.enforces.length > 0 ? null : 'the control plane reads no options of spec.cni';
}
