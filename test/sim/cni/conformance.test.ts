// One suite that every CNI plugin runs in every mode: what a pod network owes to pods, whoever makes it.
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { parseAddress, parseRange, rangeHolds } from '../../../src/sim/base/address.ts';
import type { AddFailure } from '../../../src/sim/cni/cni-plugin.ts';
import type { Lab } from '../../../src/sim/lab.ts';
import type { Route } from '../../../src/sim/model/network.ts';
import { call, open, shop } from '../lab.fixture.ts';
import { clusterDocument, compiled, variants, whyNoOptions, type Spec } from './cni.fixture.ts';

type Law = 'mtu' | 'unenforced' | 'enforced';

/** Who is excused from what, and why. Everything else runs. */
function excuse(law: Law, spec: Spec): string | null {
  const enforces = compiled(spec).output.facts.enforces.includes('NetworkPolicy');
  if (law === 'mtu' && spec['plugin'] === 'weave') return 'Weave Net has 1376 whatever the underlay carries; a law of its own says what it owes';
  if (law === 'unenforced' && enforces) return 'it enforces NetworkPolicy';
  if (law === 'enforced' && !enforces) return 'it enforces no NetworkPolicy';
  return null;
}

const deny = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n';
const stranger = '---\napiVersion: v1\nkind: Pod\nmetadata: { name: stranger, namespace: default }\nspec: { containers: [{ name: c, image: curl, ports: [{ containerPort: 9000 }] }] }\n';

const withoutOptions = whyNoOptions();
const holds = (cidrs: readonly string[], ip: string): boolean => {
  const address = parseAddress(ip);
  return address !== undefined && cidrs.some((cidr) => { const range = parseRange(cidr); return range !== undefined && rangeHolds(range, address); });
};

for (const { name, spec, bare } of variants) {
  const law = (fact: string, body: (context: TestContext) => void, kind: Law | null = null): void => {
    test(`${name}: ${fact}`, (context) => {
      const reason = kind === null ? null : excuse(kind, spec);
      if (reason === null) body(context);
      else context.skip(reason);
    });
  };
  const inLab = (fact: string, body: (open: (more?: string) => Lab) => void, kind: Law | null = null): void => law(fact, (context) => {
    if (!bare && withoutOptions !== null) context.skip(withoutOptions);
    else body((more = '') => open(clusterDocument(spec) + shop('app: api', 3) + stranger + more));
  }, kind);

  inLab('without policies every pod reaches every pod, and no address is rewritten', (lab) => {
    const cluster = lab();
    const pods = cluster.network.pods.filter((pod) => !pod.hostNetwork && !pod.implied);
    assert.ok(pods.length >= 5 && new Set(pods.map(({ node }) => node)).size > 1);
    for (const from of pods) {
      for (const to of pods) {
        const port = to.sockets[0]?.port;
        if (from === to || port === undefined) continue;
        const trace = call(cluster, `${from.namespace}/${from.name}`, `tcp://${to.addresses[0] ?? ''}:${port}`);
        assert.equal(trace.verdict, 'delivered', `${from.name} to ${to.name}: ${trace.shown.why}`);
        const packets = trace.walks.flatMap(({ hops }) => hops);
        assert.ok(packets.every(({ action, packet }) => action !== 'snat' && action !== 'dnat' && packet.source.ip === from.addresses[0] && packet.destination.ip === to.addresses[0]));
      }
    }
  });

  inLab('pods reach each other through Services', (lab) => {
    assert.equal(call(lab(), 'shop/web', 'http://api').verdict, 'delivered');
  });

  law('a pod has an address of its node\'s ranges, and no two pods share one', () => {
    const { nodes } = compiled(spec, 12);
    const all = nodes.flatMap(({ pods }) => pods.flatMap(({ addresses }) => addresses));
    assert.equal(all.length, 36);
    assert.equal(new Set(all).size, all.length);
    for (const { pods, podRanges, internal } of nodes) {
      for (const { addresses } of pods) assert.ok(addresses.every((ip) => holds(podRanges, ip) && !internal.includes(ip)));
    }
    for (const node of nodes) for (const other of nodes) if (node !== other) assert.ok(other.pods.every(({ addresses }) => !holds(node.podRanges, addresses[0] ?? '')));
  });

  inLab('a kubelet gives pods addresses that no two share and that the plugin leads to their node', (lab) => {
    const { network } = lab();
    const pods = network.pods.filter((pod) => !pod.hostNetwork);
    assert.equal(new Set(pods.map(({ addresses }) => addresses[0])).size, pods.length);
    for (const pod of pods) assert.ok(holds(network.nodes.find((node) => node.name === pod.node)?.podRanges ?? [], pod.addresses[0] ?? ''), pod.name);
  });

  law('no device has an address that a pod has', () => {
    const { nodes, output } = compiled(spec, 12);
    const pods = new Set(nodes.flatMap((node) => node.pods.flatMap(({ addresses }) => addresses)));
    for (const node of output.nodes) for (const { addresses } of node.interfaces) for (const address of addresses) assert.ok(!pods.has(address.slice(0, address.indexOf('/'))), address);
  });

  law('every node has one way to every pod: local on its own node, and to that node from the others', () => {
    const { nodes, output } = compiled(spec);
    for (const here of output.nodes) {
      for (const home of nodes) {
        for (const { addresses } of home.pods) {
          const route: Route | undefined = here.routes.find(({ to }) => holds([to], addresses[0] ?? ''));
          assert.equal(route?.node, home.name);
          assert.equal(route.kind, here.name === home.name ? 'local' : output.facts.encapsulation === null ? 'direct' : 'tunnel');
          assert.ok(here.interfaces.some((device) => device.name === route.device), `${route.device} is a device of node ${here.name}`);
        }
      }
    }
  });

  law('routes stand with the most specific first, and the default last', () => {
    for (const { routes } of compiled(spec).output.nodes) {
      const lengths = routes.map(({ to }) => Number(to.split('/')[1]));
      assert.equal(routes.at(-1)?.kind, 'default');
      assert.deepEqual(routes.filter(({ kind }) => kind === 'default').length, 1);
      // A /28 or a /24 that stands before another of the same kind is never the wider of two that overlap.
      routes.forEach((route, index) => { for (const later of routes.slice(index + 1)) assert.ok(!holds([route.to], later.to.split('/')[0] ?? '') || (lengths[index] ?? 0) >= Number(later.to.split('/')[1]), `${route.to} hides ${later.to}`); });
    }
  });

  law('devices have names that Linux takes, each once, and every pod has one', () => {
    for (const [index, { interfaces }] of compiled(spec, 12).output.nodes.entries()) {
      assert.equal(new Set(interfaces.map((device) => device.name)).size, interfaces.length);
      assert.ok(interfaces.every((device) => device.name.length < 16));
      assert.deepEqual(interfaces.flatMap(({ pod }) => pod ?? []).sort(), compiled(spec, 12).nodes[index]?.pods.map(({ key }) => key).sort());
    }
  });

  law('there is a tunnel device exactly where packets are wrapped', () => {
    const { facts, nodes } = compiled(spec).output;
    for (const { interfaces } of nodes) assert.deepEqual(interfaces.filter(({ kind }) => kind === 'tunnel').map((device) => device.name), facts.encapsulation === null ? [] : [facts.encapsulation.device]);
  });

  law('the MTU is the underlay\'s less the overhead', () => {
    for (const underlay of [1500, 1400, 9001]) {
      const { facts, nodes } = compiled(spec, 4, underlay).output;
      assert.equal(facts.mtu, underlay - (facts.encapsulation?.overhead ?? 0));
      for (const { interfaces } of nodes) assert.ok(interfaces.every(({ pod, mtu }) => pod === null || mtu === facts.mtu));
    }
  }, 'mtu');

  law('an MTU that the document names stands, also where it is wrong', () => {
    const { facts, nodes } = compiled({ ...spec, mtu: 1500 }).output;
    assert.equal(facts.mtu, 1500);
    assert.ok(nodes.every(({ interfaces }) => interfaces.every(({ pod, mtu }) => pod === null || mtu === 1500)));
  });

  law('a pod that gets no address waits, and the kubelet is told why in the plugin\'s words', () => {
    const { plugin, traits } = compiled(spec).choice;
    const said = (failure: AddFailure): string | null => plugin.addFails(failure);
    const exhausted = said({ kind: 'exhausted', ranges: ['10.244.1.0/29'], podRanges: ['10.244.0.0/16'] });
    assert.match(exhausted ?? '', /^plugin type="[a-z-]+"( name="[a-z-]+")? failed \(add\): \S/);
    assert.ok(said({ kind: 'no-range' }) !== null || !traits.needsPodCidr);
    assert.ok(said({ kind: 'no-wireguard' }) !== null || traits.withoutWireGuard !== 'stops');
  });

  law('each node\'s pods have what its own uplink carries, less the overhead', () => {
    const { choice, nodes, output } = compiled(spec);
    const uneven = choice.plugin.compile({ mode: choice.mode, mtu: null, underlayMtu: 1500, gateway: '192.168.0.1', podRanges: ['10.244.0.0/16'], nodes: nodes.map((one, index) => (index === 0 ? { ...one, mtu: 1400 } : one)) });
    const ofPods = (name: string, of: typeof output): number[] => [...new Set(of.nodes.find((one) => one.name === name)?.interfaces.flatMap(({ pod, mtu }) => (pod === null ? [] : [mtu])) ?? [])];
    assert.deepEqual([ofPods('a', uneven), ofPods('b', uneven)], [ofPods('a', output).map((mtu) => mtu - 100), ofPods('b', output)]);
    assert.ok(uneven.nodes[0]?.interfaces.every(({ kind, mtu }) => kind !== 'uplink' || mtu === 1400));
  }, 'mtu');

  law('firewalls between nodes must let its tunnel through', () => {
    const { output: { facts: { encapsulation } }, choice: { traits } } = compiled(spec);
    assert.equal(traits.bare, encapsulation === null);
    assert.ok(encapsulation === null || traits.needs.some(({ protocol, port }) => protocol === encapsulation.protocol && port === encapsulation.port));
    assert.ok(traits.bare || !traits.sameSegment);
  });

  inLab('a policy that nobody enforces changes nothing, and that is said', (lab) => {
    const trace = call(lab(deny), 'shop/web', 'http://api');
    assert.equal(trace.verdict, 'delivered');
    assert.match(trace.walks.flatMap(({ hops }) => hops).map(({ says }) => says).join('\n'), /does not enforce NetworkPolicy/);
  }, 'unenforced');

  inLab('a policy that is enforced denies', (lab) => {
    const cluster = lab(deny);
    const trace = call(cluster, 'shop/web', 'http://api');
    assert.deepEqual([trace.verdict, trace.shown.layer, trace.shown.object?.name], [cluster.network.cni.denied === 'reject' ? 'refused' : 'timeout', 'policy', 'deny']);
  }, 'enforced');

  law('what it says of itself names what it enforces', () => {
    const { enforces, says } = compiled(spec).output.facts;
    assert.match(says, enforces.includes('NetworkPolicy') ? /enforces .*NetworkPolicy/ : /enforces no network policies/);
    for (const kind of enforces.filter((one) => !one.startsWith('Cilium'))) assert.ok(says.includes(kind), kind);
  });
}
