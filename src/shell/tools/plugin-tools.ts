// The CNI plugins' own tools on a node: calicoctl and birdc, cilium and hubble; there where the plugin brings them.
import { byText } from '../../sim/base/order.ts';
import type { NetworkNode } from '../../sim/model/network.ts';
import type { Place } from '../../sim/model/packet.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { aligned } from '../layout.ts';
import { insideOf } from './inside.ts';
import { nodeAt } from './interfaces.ts';

const here = (call: Call): NetworkNode | undefined => nodeAt(call.lab, insideOf(call));

/** A table as Calico's tools draw it. */
function boxed(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const center = (text: string, width: number): string => { const left = Math.floor((width - text.length) / 2); return ' '.repeat(left) + text + ' '.repeat(width - text.length - left); };
  const [heading, ...body] = rows.map((row, index) => `|${row.map((cell, column) => ` ${index === 0 ? center(cell, widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)} `).join('|')}|\n`);
  return `${line}${heading ?? ''}${line}${body.join('')}${line}`;
}

/** `calicoctl node status`, `get ippool`, `ipam show` */
export function calicoctl(call: Call): Answer {
  const node = here(call);
  const { network } = call.lab;
  if (node === undefined || network.cni.plugin !== 'calico') return failed('Failed to create Calico API client: no Calico datastore: this cluster\'s plugin is another one');
  const words = call.args.filter((word) => !word.startsWith('-')).join(' ');
  const beside = { meanings: [`exec calicoctl ${words.split(' ').slice(0, 2).join(' ')}`] };
  if (words === 'node status') {
    if (!node.sockets.some(({ container }) => container === 'bird')) return printed('Calico process is running.\n\nThe BGP backend process (BIRD) is not running.\n', beside);
    const peers = node.state.bgp.map((session) => [session.ip, 'node-to-node mesh', session.state === 'Established' ? 'up' : 'start', '00:00:12', session.info]);
    return printed(`Calico process is running.\n\nIPv4 BGP status\n${peers.length === 0 ? 'No IPv4 peers found.\n' : boxed([['PEER ADDRESS', 'PEER TYPE', 'STATE', 'SINCE', 'INFO'], ...peers])}\nIPv6 BGP status\nNo IPv6 peers found.\n\n`, beside);
  }
  if (/^get ippools?/.test(words)) {
    const pools = network.podRanges.map((cidr) => [`default-ipv${cidr.includes(':') ? 6 : 4}-ippool`, cidr, String(network.cni.masquerades), network.cni.encapsulation?.protocol === 'IPIP' ? 'Always' : 'Never', /vxlan/i.test(network.cni.encapsulation?.name ?? '') ? 'Always' : 'Never', 'false', 'false', 'all()']);
    const wide = call.args.some((word) => /^-o(wide)?$|^wide$/.test(word)) || call.args.includes('wide');
    const rows = [['NAME', 'CIDR', 'NAT', 'IPIPMODE', 'VXLANMODE', 'DISABLED', 'DISABLEBGPEXPORT', 'SELECTOR'], ...pools];
    return printed(aligned(wide ? rows : rows.map((row) => [row[0] ?? '', row[1] ?? '', row[7] ?? '']), 0, 3), beside);
  }
  if (/^get nodes?/.test(words)) return printed(aligned([['NAME'], ...network.nodes.map(({ name }) => [name])], 0, 3), beside);
  if (/^ipam show/.test(words)) {
    const used = network.pods.filter((pod) => !pod.hostNetwork && pod.addresses.length > 0).length;
    return printed(boxed([['GROUPING', 'CIDR', 'IPS TOTAL', 'IPS IN USE', 'IPS FREE'], ...network.podRanges.filter((cidr) => !cidr.includes(':')).map((cidr) => { const total = 2 ** (32 - Number(cidr.split('/')[1] ?? 16)); return ['IP Pool', cidr, String(total), `${used} (${Math.round((used / total) * 100)}%)`, `${total - used} (${100 - Math.round((used / total) * 100)}%)`]; })]), beside);
  }
  return failed('the lab\'s calicoctl knows: node status, get ippool [-o wide], get nodes, ipam show; policies are kubectl\'s here');
}

/** `birdc show protocols|route` */
export function birdc(call: Call): Answer {
  const node = here(call);
  if (node?.sockets.some(({ container }) => container === 'bird') !== true) return failed('Unable to connect to server control socket (/var/run/calico/bird.ctl): No such file or directory');
  const words = call.args.filter((word) => !word.startsWith('-')).join(' ');
  const beside = { meanings: ['exec birdc'] };
  if (/^(show|s) p/.test(words)) {
    const rows = node.state.bgp.map((session) => `${`Mesh_${session.ip.replaceAll('.', '_')}`.padEnd(24)} BGP      master   ${session.state === 'Established' ? 'up   ' : 'start'}  00:00:12    ${session.state === 'Established' ? 'Established' : session.info}\n`).join('');
    return printed(`BIRD v0.3.3+birdv1.6.8 ready.\nname                     proto    table    state  since       info\nstatic1                  Static   master   up     00:00:10    \nkernel1                  Kernel   master   up     00:00:10    \ndevice1                  Device   master   up     00:00:10    \ndirect1                  Direct   master   up     00:00:10    \n${rows}`, beside);
  }
  if (/^(show|s) r/.test(words)) return printed(`BIRD v0.3.3+birdv1.6.8 ready.\n${node.routes.filter(({ kind }) => kind === 'direct' || kind === 'tunnel').map((route) => `${route.to.padEnd(18)} via ${route.via ?? ''} on ${route.device} [Mesh_${(route.via ?? '').replaceAll('.', '_')} 00:00:12] * (100/0) [i]\n`).join('')}`, beside);
  return failed('syntax error, unexpected CF_SYM_UNDEFINED');
}

const isCilium = (call: Call): boolean => call.lab.network.cni.plugin === 'cilium';

/** `cilium status`, `endpoint list`, `bpf lb list`, `monitor` */
export function cilium(call: Call): Answer {
  const node = here(call);
  if (node === undefined || !isCilium(call)) return failed('Error: this cluster\'s plugin is not Cilium');
  const { network } = call.lab;
  const words = call.args.filter((word) => !word.startsWith('-')).join(' ');
  const beside = { meanings: [`exec cilium ${words.split(' ')[0] ?? ''}`.trim()] };
  const mine = network.pods.filter((pod) => pod.node === node.name && !pod.hostNetwork && pod.addresses.length > 0).sort((left, right) => byText(left.namespace, right.namespace) || byText(left.name, right.name));
  if (words === 'status') {
    const replaced = network.proxy.mode === 'none' && network.proxy.replacement !== null;
    const total = node.podRanges[0] === undefined ? 254 : 2 ** (32 - Number(node.podRanges[0].split('/')[1] ?? 24)) - 2;
    return printed([`KVStore:                 Disabled`, `Kubernetes:              Ok         1.37 (v1.37.0) [linux/amd64]`, `KubeProxyReplacement:    ${replaced ? 'True   [eth0 (Direct Routing)]' : 'False'}`, `Cilium:                  Ok   1.18.3`, `NodeMonitor:             Listening for events on 2 CPUs`, `IPAM:                    IPv4: ${mine.length + 1}/${total} allocated from ${node.podRanges[0] ?? ''}`, `Routing:                 Network: ${network.cni.encapsulation === null ? 'Native' : `Tunnel [${network.cni.encapsulation.name.toLowerCase()}]`}   Host: ${replaced ? 'BPF' : 'Legacy'}`, `Masquerading:            ${network.cni.masquerades ? (replaced ? 'BPF' : 'IPTables [IPv4: Enabled, IPv6: Disabled]') : 'Disabled'}`, `Controller Status:       32/32 healthy`, `Cluster health:          ${network.nodes.length}/${network.nodes.length} reachable`, ''].join('\n'), beside);
  }
  if (/^(endpoint|bpf endpoint) list/.test(words)) {
    const selected = (pod: (typeof mine)[number], direction: 'Ingress' | 'Egress'): string => (network.policy.objects.some(({ object }) => object.kind === 'NetworkPolicy' && object.metadata.namespace === pod.namespace && selects(object, pod.labels) && typesOf(object).includes(direction)) ? 'Enabled' : 'Disabled');
    return printed(aligned([['ENDPOINT', 'POLICY (ingress)', 'POLICY (egress)', 'IDENTITY', 'LABELS (source:key[=value])', 'IPv4', 'STATUS'], ...mine.map((pod, index) => [String(100 + index), selected(pod, 'Ingress'), selected(pod, 'Egress'), String(1000 + index), `k8s:io.kubernetes.pod.namespace=${pod.namespace}`, pod.addresses[0] ?? '', 'ready'])], 0, 3), beside);
  }
  if (/^(bpf lb|service) list/.test(words)) {
    let number = 0;
    const rows = network.services.flatMap((service) => (service.headless ? [] : service.ports.flatMap((port) => service.clusterAddresses.map((ip) => [String(++number), `${ip}:${port.port}/${port.protocol}`, service.type, port.endpoints.filter(({ ready }) => ready).map((endpoint, index) => `${index + 1} => ${endpoint.ip}:${endpoint.port}/${port.protocol} (active)`).join(' ')]))));
    return printed(aligned([['ID', 'Frontend', 'Service Type', 'Backend'], ...rows], 0, 3), beside);
  }
  if (/^monitor/.test(words)) return hubble({ ...call, args: ['observe', ...(call.args.includes('drop') ? ['--verdict', 'DROPPED'] : [])] });
  return failed('the lab\'s cilium knows: status, endpoint list, service list, bpf lb list, monitor [--type drop]');
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const specOf = (object: object): Readonly<Record<string, unknown>> => ('spec' in object && isRecord(object.spec) ? object.spec : {});

function selects(object: object, labels: Readonly<Record<string, string>>): boolean {
  const selector = specOf(object)['podSelector'];
  const wanted = isRecord(selector) && isRecord(selector['matchLabels']) ? selector['matchLabels'] : {};
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function typesOf(object: object): readonly string[] {
  const spec = specOf(object);
  const types = spec['policyTypes'];
  return Array.isArray(types) ? types.map(String) : ['Ingress', ...(spec['egress'] === undefined ? [] : ['Egress'])];
}

/** `hubble observe [--verdict DROPPED] [--pod NS/POD] [--last N]`: the flows of the session's requests. */
export function hubble(call: Call): Answer {
  const node = here(call);
  if (node === undefined || !isCilium(call)) return failed('failed to connect to \'localhost:4245\': connection refused');
  const words = call.args.filter((word, index) => !word.startsWith('-') && !(call.args[index - 1] ?? '').startsWith('--'));
  if (words[0] !== 'observe') return failed('the lab\'s hubble knows: hubble observe [--verdict DROPPED|FORWARDED] [--pod NAMESPACE/POD] [--last N]');
  const value = (...names: readonly string[]): string | undefined => call.args.map((word, index) => (names.includes(word) ? call.args[index + 1] : names.map((name) => (word.startsWith(`${name}=`) ? word.slice(name.length + 1) : undefined)).find((one) => one !== undefined))).find((one) => one !== undefined);
  const [verdict, pod, last] = [value('--verdict')?.toUpperCase(), value('--pod'), Number(value('--last', '-n') ?? 20)];
  const nameOf = (ip: string): string => { const found = call.lab.network.pods.find((one) => !one.hostNetwork && one.addresses.includes(ip)); return found === undefined ? ip : `${found.namespace}/${found.name}`; };
  const lines = call.sent.flatMap(({ walk, trace }): readonly string[] => {
    if (walk === null || trace === null) return [];
    // A pod's packets are seen by the agent of its node.
    const ours = (place: Place): boolean => (place.kind === 'node' ? place.name === node.name : place.kind === 'pod' && call.lab.network.pods.some((one) => one.namespace === place.namespace && one.name === place.name && one.node === node.name));
    const hop = walk.hops.findLast((one) => one.stage !== 'lookup' && ours(one.at));
    if (hop === undefined) return [];
    const dropped = hop.layer === 'policy' && (hop.action === 'drop' || hop.action === 'reject');
    const shown = dropped ? 'DROPPED' : 'FORWARDED';
    const ends = `${nameOf(hop.packet.source.ip)}${hop.packet.source.port === null ? '' : `:${hop.packet.source.port}`} <> ${nameOf(hop.packet.destination.ip)}${hop.packet.destination.port === null ? '' : `:${hop.packet.destination.port}`}`;
    const flags = hop.packet.protocol === 'TCP' ? 'TCP Flags: SYN' : hop.packet.protocol === 'UDP' ? 'UDP' : 'ICMPv4 EchoRequest';
    if ((verdict !== undefined && verdict !== shown) || (pod !== undefined && !ends.includes(pod))) return [];
    return [`${dropped ? `${ends} ${hop.stage === 'egress-policy' ? 'policy-verdict:none EGRESS DENIED' : 'policy-verdict:none INGRESS DENIED'} (${flags})` : `${ends} to-endpoint FORWARDED (${flags})`}\n`, ...(dropped ? [`${ends} Policy denied DROPPED (${flags})\n`] : [])];
  });
  return printed(lines.slice(-last).join(''), { meanings: [`exec hubble observe`] });
}
