import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookupCost, lookupSteps } from '../../../src/sim/dataplane/lookup-cost.ts';
import { iptablesSave } from '../../../src/sim/dataplane/printers/iptables-save.ts';
import { nftListRuleset } from '../../../src/sim/dataplane/printers/nft-list-ruleset.ts';
import { openLab, type Lab } from '../../../src/sim/lab.ts';
import { services } from '../../bench/sizes.ts';

function labWith(count: number, proxy: string): Lab {
  const opened = openLab([{ path: 'services.yaml', text: services(count) }], { proxy });
  if (!opened.ok) throw new Error(opened.failures[0]?.says);
  return opened.value;
}

/** Rules that a packet meets in the printed nat table, on its way to the rule that translates it: the chain is walked as the kernel does. */
function rulesMet(saved: string, ip: string, port: number): number {
  const nat = saved.slice(saved.indexOf('*nat'));
  const chains = new Map<string, string[]>();
  for (const line of nat.split('\n')) {
    const [, chain = '', rule = ''] = /^-A (\S+) (.*)$/.exec(line) ?? [];
    if (chain !== '') chains.set(chain, [...(chains.get(chain) ?? []), rule]);
  }
  let met = 0;
  const walk = (chain: string): boolean => {
    for (const rule of chains.get(chain) ?? []) {
      met++;
      const target = /-j (\S+)/.exec(rule)?.[1] ?? '';
      const [, to] = / -d (\S+)\/32/.exec(` ${rule}`) ?? [];
      const [, dport] = /--dport (\d+)/.exec(rule) ?? [];
      // The source is a pod that is no endpoint; the random rules are taken to let the packet by, so that the last endpoint gets it.
      if ((to !== undefined && to !== ip) || (dport !== undefined && Number(dport) !== port) || rule.includes('--probability') || rule.includes('! -s') || /^-s /.test(rule) || rule.includes('--dst-type')) continue;
      if (target === 'DNAT') return true;
      if (target.startsWith('KUBE-') && target !== 'KUBE-MARK-MASQ' && walk(target)) return true;
    }
    return false;
  };
  assert.ok(walk('PREROUTING'), 'the packet is translated');
  return met;
}

test('what iptables costs is what a packet meets in the printed rules, on the average of the Services', () => {
  const { network } = labWith(40, 'iptables');
  const node = network.nodes[1];
  assert.ok(node !== undefined);
  const saved = iptablesSave(network, node);
  const cost = lookupCost(network, node);
  const ports = network.services.flatMap((service) => service.ports.filter(({ endpoints }) => endpoints.length > 0).map((port) => ({ ip: service.clusterAddresses[0] ?? '', port })));
  assert.equal(cost.servicePorts, ports.length);
  // One protocol only: kube-dns has port 53 twice, and the walk above does not look at protocols.
  const counted = ports.filter(({ port }) => port.protocol === 'TCP' && port.port !== 53);
  const rules = saved.slice(saved.indexOf('*nat')).split('\n').filter((line) => line.startsWith('-A KUBE-SERVICES -d'));
  const expected = counted.map(({ ip, port }) => {
    const at = rules.findIndex((rule) => rule.includes(` -d ${ip}/32 `) && rule.includes(`--dport ${port.port} `));
    assert.ok(at >= 0, `KUBE-SERVICES has a rule for ${ip}:${port.port}`);
    return { met: rulesMet(saved, ip, port.port), at: at + 1, endpoints: port.endpoints.length };
  });
  // The last endpoint of n is reached after n rules; on the average it is (n + 1) / 2, and a rule in the middle of the list is at (ports + 1) / 2.
  for (const { met, at, endpoints } of expected) assert.equal(met, 1 + at + 1 + endpoints + 2);
  assert.equal(lookupSteps('iptables', cost.servicePorts, 1), 1 + (rules.length + 1) / 2 + 1 + 1 + 2);
});

test('with ten times the Services a packet meets ten times the rules with iptables, and as many as before with nftables, IPVS and eBPF', () => {
  assert.ok(lookupSteps('iptables', 10_000, 3) / lookupSteps('iptables', 1000, 3) > 9.8);
  for (const way of ['nftables', 'ipvs', 'ebpf'] as const) assert.equal(lookupSteps(way, 10_000, 3), lookupSteps(way, 10, 3));
});

test('nftables has one rule for all Services, however many there are', () => {
  for (const count of [3, 60]) {
    const { network } = labWith(count, 'nftables');
    const node = network.nodes[1];
    assert.ok(node !== undefined);
    const chain = /\tchain services \{\n([^}]*)\}/.exec(nftListRuleset(network, node))?.[1] ?? '';
    assert.equal(chain.split('\n').filter((rule) => rule.includes('@service-ips')).length, 1);
  }
});
