// Holds the proxy and its printers against a real kube-proxy 1.37.2: what it wrote for the manifests in kube-proxy/, and what became of real packets that met it.
// The files hold its output with counters at zero, without its canary chains, nfacct counters and --random-fully, and sorted where it follows no order;
// KUBE-FIREWALL is kubelet's, which did not run. Packets: two nodes, pods and a client as network namespaces of Linux 6.18, up to 14 tries each.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { iptablesSave } from '../../../src/sim/dataplane/printers/iptables-save.ts';
import { ipvsadmLn } from '../../../src/sim/dataplane/printers/ipvsadm.ts';
import { nftListRuleset } from '../../../src/sim/dataplane/printers/nft-list-ruleset.ts';
import { openLab, parseSource, parseTarget, send, type Lab } from '../../../src/sim/lab.ts';
import type { Network, NetworkNode } from '../../../src/sim/model/network.ts';

const read = (name: string): string => readFileSync(fileURLToPath(new URL(`kube-proxy/${name}`, import.meta.url)), 'utf8');

function open(name: string, proxy: string): Lab {
  const lab = openLab([{ path: `${name}.yaml`, text: read(`${name}.yaml`) }], { proxy });
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  return lab.value;
}

/** The network with the manifest's Services alone, and its first node. */
function declared(name: string, proxy: string): readonly [Network, NetworkNode] {
  const { network } = open(name, proxy);
  const [node] = network.nodes;
  assert.ok(node);
  return [{ ...network, services: network.services.filter(({ implied }) => !implied) }, node];
}

const unordered = new Set(['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES', 'KUBE-NODEPORTS', 'KUBE-PROXY-FIREWALL', 'INPUT', 'OUTPUT']);

/** Rules of chains that kube-proxy fills in no order, in the order of their text; the one that must be last is. */
function sortedRules(text: string): string {
  const out: string[] = [];
  let chain: string[] = [];
  let name = '';
  const flush = (): void => {
    const last = chain.filter((line) => line.includes('NOTE: this must be the last rule'));
    out.push(...chain.filter((line) => !last.includes(line)).sort(), ...last);
    chain = [];
  };
  for (const line of text.split('\n').filter((one) => !one.includes('KUBE-FIREWALL'))) {
    const own = /^-A (\S+)/.exec(line)?.[1] ?? '';
    if (own !== name) flush();
    name = own;
    (unordered.has(own) ? chain : out).push(line);
  }
  flush();
  return out.join('\n').trimEnd();
}

/** Chains, sets and maps of each table in the order of their text, elements too. */
function sortedRuleset(text: string): string {
  const elements = text.replace(/elements = \{ (.*?) \}/gs, (_, list: string) => `elements = {\n\t\t\t${list.split(/,\s*/).map((one) => one.trim()).sort().join(',\n\t\t\t')} }`);
  return elements.split(/^(?=table )/m).map((table) => {
    const [head = '', ...blocks] = table.split(/\n(?=\t(?:set|map|chain) )/);
    return [head, ...blocks.map((block) => block.trimEnd().replace(/\n\}$/, '').trimEnd()).sort()].join('\n');
  }).join('\n').trimEnd();
}

test('iptables-save prints what kube-proxy writes in iptables mode for every kind of Service', () => {
  for (const name of ['services', 'dual-stack']) {
    const [network, node] = declared(name, 'iptables');
    assert.equal(sortedRules(iptablesSave(network, node)), read(`${name}.n1.iptables-save.txt`).trimEnd(), name);
    assert.equal(sortedRules(iptablesSave(network, node, 'IPv6')), read(`${name}.n1.ip6tables-save.txt`).trimEnd(), `${name} IPv6`);
  }
});

test('nft prints what kube-proxy writes in nftables mode for every kind of Service', () => {
  for (const name of ['services', 'dual-stack']) assert.equal(sortedRuleset(nftListRuleset(...declared(name, 'nftables'))), read(`${name}.n1.nft.txt`).trimEnd(), name);
});

test('ipvsadm and iptables-save print what kube-proxy writes in IPVS mode', () => {
  for (const name of ['ipvs', 'dual-stack']) {
    const [network, node] = declared(name, 'ipvs');
    const servers: [string, string[]][] = [];
    for (const line of ipvsadmLn(network, node).split('\n').slice(3)) {
      const [first = '', second = '', ...more] = line.trim().split(/\s+/);
      if (first === '->') servers.at(-1)?.[1].push(second);
      else if (first !== '') servers.push([[first, second, ...more].join(' '), []]);
    }
    const texts = servers.map(([head, list]) => `${head} [${list.sort().map((one) => `'${one}'`).join(', ')}]`).sort();
    assert.deepEqual(texts, read(`${name}.n1.ipvsadm.txt`).trimEnd().split('\n'), name);
    assert.equal(sortedRules(iptablesSave(network, node)), read(`${name}.n1.ipvs-iptables-save.txt`).trimEnd(), `${name} iptables`);
  }
});

/** What the sender sees: who answers and from which address it heard, or how it fails. */
function seen(lab: Lab, source: string, target: string): readonly string[] {
  const [kind = '', name = ''] = source.split(':');
  const from = parseSource(kind === 'pod' ? `shop/${name}` : kind === 'node' ? `node/${name}` : 'external/203.0.113.200@n1', lab.network);
  const to = parseTarget(target);
  assert.ok(from.ok && to.ok, `${source} ${target}`);
  const { walks } = send(lab, { from: from.value, to: to.value });
  return [...new Set(walks.map((walk) => (walk.verdict === 'delivered' ? `${walk.backend?.pod?.split('/')[1] ?? ''} from ${walk.hops.at(-1)?.packet.source.ip ?? ''}` : walk.verdict)))];
}

for (const proxy of ['iptables', 'nftables']) {
  test(`packets that met a real kube-proxy in ${proxy} mode fare the same here`, (context) => {
    let held = 0;
    for (const name of ['services', 'host']) {
      const lab = open(name, proxy);
      for (const line of read(`${name}.${proxy}.packets.tsv`).trimEnd().split('\n')) {
        const [source = '', target = '', result = ''] = line.split('\t');
        const ours = seen(lab, source, target);
        // A real client meets some of the endpoints, by chance or because it was there before.
        const real = result.split(', ');
        assert.ok(real.every((one) => ours.includes(one)) && (real.length > 1 || ours.length === 1 || result.includes(' from ')), `${name} ${source} to ${target}: really ${result}, here ${ours.join(', ')}`);
        held++;
      }
    }
    context.diagnostic(`${held} packets compared`);
  });
}
