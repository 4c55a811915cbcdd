// One suite that every CNI plugin runs, and what they differ in.
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseAddress, parseRange, rangeHolds } from '../../../src/sim/base/address.ts';
import { cniPlugins, findCniPlugin } from '../../../src/sim/cni/cni-plugins.ts';
import type { Route } from '../../../src/sim/model/network.ts';
import { call, open, shop } from '../lab.fixture.ts';

const cluster = (plugin: string, mode: string): string => `apiVersion: k8snet-lab/v1
kind: Cluster
metadata: { name: lab }
spec: { cni: { plugin: ${plugin}, mode: ${mode} } }
---
${shop('app: api', 3)}`;

for (const plugin of cniPlugins) {
  for (const mode of plugin.modes) {
    test(`${plugin.name} in mode ${mode}: every pod has an address of its node's range, and every node a way to every pod`, () => {
      const { network } = open(cluster(plugin.name, mode));
      assert.equal(network.cni.mode, mode);
      for (const pod of network.pods) {
        const home = network.nodes.find(({ name }) => name === pod.node);
        const address = parseAddress(pod.addresses[0] ?? '');
        assert.ok(address !== undefined && home?.podRanges.some((cidr) => { const range = parseRange(cidr); return range !== undefined && rangeHolds(range, address); }), pod.name);
        for (const node of network.nodes) {
          const route: Route | undefined = node.routes.find(({ to }) => { const range = parseRange(to); return range !== undefined && rangeHolds(range, address); });
          assert.equal(route?.kind === 'local', node === home);
          assert.equal(route?.node, pod.node);
        }
      }
    });

    test(`${plugin.name} in mode ${mode}: a packet in its tunnel still fits the nodes' network`, () => {
      const { cni, nodes } = open(cluster(plugin.name, mode)).network;
      assert.equal(cni.mtu + (cni.encapsulation?.overhead ?? 0), 1500);
      assert.equal(nodes.every((node) => node.interfaces.some(({ kind }) => kind === 'tunnel') === (cni.encapsulation !== null)), true);
      assert.equal(nodes.every((node) => new Set(node.interfaces.map(({ name }) => name)).size === node.interfaces.length && node.interfaces.every(({ name }) => name.length < 16)), true);
    });

    test(`${plugin.name} in mode ${mode}: pods reach each other through Services`, () => {
      assert.equal(call(open(cluster(plugin.name, mode)), 'shop/web', 'http://api').verdict, 'delivered');
    });
  }
}

test('Calico enforces NetworkPolicy and Flannel does not', () => {
  const deny = `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n`;
  const verdicts = ['calico', 'flannel'].map((cni) => call(open(shop() + deny, { cni }), 'shop/web', 'http://api').verdict);
  assert.deepEqual(verdicts, ['timeout', 'delivered']);
});

test('VXLAN has the port of its plugin', () => {
  assert.deepEqual(['calico', 'flannel'].map((cni) => open(shop(), { cni }).network.cni.encapsulation?.port), [4789, 8472]);
});

test('a plugin that nobody knows, one that is not simulated and a mode that is not are told apart', () => {
  const code = (name: string, mode: string | null): string | undefined => { const found = findCniPlugin(name, mode, null); return found.ok ? undefined : found.failures[0]?.code; };
  assert.deepEqual([code('calico', null), code('cilium', null), code('calic', null), code('calico', 'bgp')], [undefined, 'not-simulated', 'unknown-plugin', 'unknown-mode']);
});
