// The interfaces and routes of a place, read back from what `ip` prints: one truth for all of its forms.
import type { Inside } from '../command.ts';
import type { Lab } from '../../sim/lab.ts';
import type { NetworkNode } from '../../sim/model/network.ts';
import { ipAddrOfNode, ipAddrOfPod, ipRouteOfNode, ipRouteOfPod } from '../../sim/dataplane/printers/ip.ts';

export interface Interface {
  readonly index: number;
  readonly name: string;
  /** `eth0@if7` */
  readonly shown: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly qdisc: string;
  readonly state: string;
  readonly kind: 'loopback' | 'ether';
  readonly mac: string;
  /** With prefix length. */
  readonly addresses: readonly { readonly cidr: string; readonly brd: string | null; readonly scope: string }[];
  /** Of a port of a bridge: it sends packets back where they came from; `null` for everything else. */
  readonly hairpin: boolean | null;
  /** As `ip addr` prints it. */
  readonly text: string;
}

/** The node that a place is, or stands on. */
export function nodeAt(lab: Lab, inside: Inside): NetworkNode | undefined {
  const name = inside.from.kind === 'node' ? inside.from.name : inside.pod?.node;
  return lab.network.nodes.find((node) => node.name === name);
}

/** Text of `ip addr`; empty for hosts outside, of which the lab knows one address. */
export function addrText(lab: Lab, inside: Inside): string {
  const node = nodeAt(lab, inside);
  if (node !== undefined) return inside.pod === null ? ipAddrOfNode(node) : ipAddrOfPod(lab.network, node, inside.pod);
  const [ip = '127.0.0.1'] = inside.addresses;
  const six = ip.includes(':');
  return '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n'
    + `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n    link/ether 02:00:5e:00:53:01 brd ff:ff:ff:ff:ff:ff\n    ${six ? 'inet6' : 'inet'} ${ip}/${six ? 64 : 24} ${six ? '' : `brd ${ip.replace(/\d+$/, '255')} `}scope global${six ? '' : ' eth0'}\n       valid_lft forever preferred_lft forever\n`;
}

export function interfacesAt(lab: Lab, inside: Inside): readonly Interface[] {
  const node = nodeAt(lab, inside);
  const bridged = inside.pod === null && node !== undefined && node.interfaces.some(({ kind }) => kind === 'bridge');
  return addrText(lab, inside).split(/^(?=\d+: )/m).filter((text) => text !== '').map((text): Interface => {
    const head = /^(\d+): (\S+): <([^>]*)> mtu (\d+) qdisc (\S+) state (\S+)/.exec(text) ?? [];
    const shown = head[2] ?? '';
    const name = shown.replace(/@.*$/, '');
    const link = /^ {4}link\/(\S+) (\S+)/m.exec(text);
    const veth = node?.interfaces.find((one) => one.name === name)?.kind === 'veth';
    return {
      index: Number(head[1] ?? 0), name, shown, flags: (head[3] ?? '').split(','), mtu: Number(head[4] ?? 0), qdisc: head[5] ?? '', state: head[6] ?? '', kind: link?.[1] === 'loopback' ? 'loopback' : 'ether', mac: link?.[2] ?? '',
      addresses: [...text.matchAll(/^ {4}inet6? (\S+)(?: brd (\S+))? scope (\S+)/gm)].map((match) => ({ cidr: match[1] ?? '', brd: match[2] ?? null, scope: match[3] ?? '' })),
      hairpin: bridged && veth ? node.state.hairpinMode : null, text,
    };
  });
}

/** Text of `ip route` (`ip -6 route`). */
export function routeText(lab: Lab, inside: Inside, family: 'IPv4' | 'IPv6'): string {
  const node = nodeAt(lab, inside);
  if (node === undefined) {
    const ip = inside.addresses.find((one) => one.includes(':') === (family === 'IPv6'));
    if (ip === undefined || family === 'IPv6') return '';
    return `default via ${ip.replace(/\d+$/, '1')} dev eth0 \n${ip.replace(/\d+$/, '0')}/24 dev eth0 proto kernel scope link src ${ip} \n`;
  }
  if (inside.pod === null) return ipRouteOfNode(node, family);
  // What stands in a pod of the other family is not known yet.
  return family === 'IPv6' ? '' : ipRouteOfPod(lab.network, node, inside.pod);
}
