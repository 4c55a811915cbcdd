// The tools that containers have: one line each.
import { printed } from '../command.ts';
import type { Find, Inside, Program } from '../command.ts';
import { echo, falseCommand, trueCommand } from '../plain.ts';
import { filters } from '../filters/filters.ts';
import { curl } from './curl.ts';
import { dig } from './dig.ts';
import { getent } from './getent.ts';
import { imageHas } from './images.ts';
import { ip, iptablesSaveTool, ipvsadm, nft } from './kernel-tools.ts';
import { cat, env, hostname, ss } from './look-around.ts';
import { nc } from './nc.ts';
import { nslookup } from './nslookup.ts';
import { ping } from './ping.ts';
import { sh } from './sh.ts';
import { wget } from './wget.ts';

const tools: Readonly<Record<string, Program>> = {
  ...filters,
  bash: sh, cat, curl, dig, echo, env, false: falseCommand, getent, hostname, ip, nc, netstat: ss, nslookup, ping, printenv: env, sh, sleep: () => printed(''), ss, true: trueCommand, wget,
};

/** Names of all tools, sorted: for completion. */
export const toolNames = (): readonly string[] => Object.keys(tools).sort();

/** Names of what nodes have besides, sorted. */
export const nodeToolNames = (): readonly string[] => Object.keys(nodeTools).sort();

/** What only nodes have. */
const nodeTools: Readonly<Record<string, Program>> = { 'ip6tables-save': iptablesSaveTool, 'iptables-save': iptablesSaveTool, ipvsadm, nft };

/** The tools of a node, of a host outside, or of the container. */
export function toolsAt(inside: Inside): Find {
  const others = toolsOf(inside.image);
  return (name) => (inside.from.kind === 'node' && Object.hasOwn(nodeTools, name) ? nodeTools[name] : others(name));
}

/** The tools of a container, by the image that it runs; a path (`/bin/sh`) means its last part. */
export function toolsOf(image: string): Find {
  return (name) => {
    const last = name.startsWith('/') ? name.slice(name.lastIndexOf('/') + 1) : name;
    return Object.hasOwn(tools, last) && imageHas(image, last) ? tools[last] : undefined;
  };
}
