// The tools of places, one line each: what images may have, and what nodes have besides.
import { byText } from '../../sim/base/order.ts';
import type { Find, Inside, Program } from '../command.ts';
import { filters } from '../filters/filters.ts';
import { echo, falseCommand, printf, sleep, trueCommand } from '../plain.ts';
import { watch } from '../watch.ts';
import { curl } from './curl.ts';
import { dig } from './dig.ts';
import { getent } from './getent.ts';
import { host } from './host.ts';
import { imageHas } from './images.ts';
import { ip } from './ip.ts';
import { iptables, iptablesSaveTool } from './iptables.ts';
import { conntrack, dmesg, ethtool, ipvsadm, nft, nstat, sysctl } from './kernel-tools.ts';
import { cat, env, hostname, id, ps, uname, which, whoami } from './look-around.ts';
import { nc } from './nc.ts';
import { crictl, journalctl, systemctl } from './node-agents.ts';
import { nslookup } from './nslookup.ts';
import { arp, ifconfig, route } from './old-tools.ts';
import { openssl, telnet } from './openssl.ts';
import { ping } from './ping.ts';
import { birdc, calicoctl, cilium, hubble } from './plugin-tools.ts';
import { sh } from './sh.ts';
import { ss } from './sockets.ts';
import { tcpdump } from './tcpdump.ts';
import { tracepath, traceroute } from './traceroute.ts';
import { wget } from './wget.ts';

/** What images may have: which of them, their names tell. */
const tools: Readonly<Record<string, Program>> = {
  ...filters,
  arp, ash: sh, bash: sh, cat, curl, dig, echo, env, ethtool, false: falseCommand, getent, host, hostname, id, ifconfig, ip, nc, ncat: nc, netcat: nc, netstat: ss, nslookup, openssl, ping, ping6: ping, printenv: env, printf, ps, route, sh, sleep, ss, sysctl, tcpdump, telnet, tracepath, traceroute, true: trueCommand, uname, watch, wget, which, whoami,
};

/** What nodes have besides; of containers, only those of the node's own agents, and debugging images with rights that others have not. */
const nodeTools: Readonly<Record<string, Program>> = {
  conntrack, crictl, dmesg, ip6tables: iptables, 'ip6tables-save': iptablesSaveTool, iptables, 'iptables-save': iptablesSaveTool, ipvsadm, journalctl, nft, nstat, systemctl,
};

/** What a plugin brings to the nodes. */
const pluginTools: Readonly<Record<string, Program>> = { birdc, calicoctl, cilium, 'cilium-dbg': cilium, hubble };

const names = (of: Readonly<Record<string, Program>>): readonly string[] => Object.keys(of).sort(byText);

/** Names of what images may have, sorted: for completion. */
export const toolNames = (): readonly string[] => names(tools);

/** Names of what nodes have besides, sorted. */
export const nodeToolNames = (): readonly string[] => names({ ...nodeTools, ...pluginTools });

/** Every tool that there is anywhere. */
export const allToolNames = (): readonly string[] => names({ ...tools, ...nodeTools, ...pluginTools });

const own = (of: Readonly<Record<string, Program>>, name: string): Program | undefined => (Object.hasOwn(of, name) ? of[name] : undefined);

const lastPart = (name: string): string => (name.startsWith('/') ? name.slice(name.lastIndexOf('/') + 1) : name);

/** The tools of a node, of a host outside, or of the container. */
export function toolsAt(inside: Inside): Find {
  const others = toolsOf(inside.image);
  if (inside.from.kind === 'pod') return (name) => others(name) ?? inAgent(inside, lastPart(name));
  if (inside.from.kind !== 'node') return others;
  // A node's own programs, or those of the image that stands in its network (kubectl debug node/…).
  const asNode = inside.image === 'node';
  return (name) => (asNode ? own(nodeTools, lastPart(name)) ?? own(pluginTools, lastPart(name)) : imageHas(inside.image, lastPart(name)) ? own(nodeTools, lastPart(name)) : undefined) ?? others(name);
}

/** In the pods of the node's agents stand the tools that those agents bring. */
function inAgent(inside: Inside, name: string): Program | undefined {
  const agent = inside.pod?.hostNetwork === true && /cilium|calico|kube-proxy/.test(inside.image);
  return agent && (/kube-proxy/.test(inside.image) ? imageHas(inside.image, name) : true) ? own(pluginTools, name) ?? own(nodeTools, name) : undefined;
}

/** The tools of a container, by the image that it runs; a path (`/bin/sh`) means its last part. */
export function toolsOf(image: string): Find {
  return (name) => {
    const last = lastPart(name);
    return imageHas(image, last) ? own(tools, last) : undefined;
  };
}
