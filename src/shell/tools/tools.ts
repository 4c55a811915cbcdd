// The tools that containers have: one line each.
import { printed } from '../command.ts';
import type { Find, Program } from '../command.ts';
import { echo, falseCommand, trueCommand } from '../plain.ts';
import { filters } from '../filters/filters.ts';
import { curl } from './curl.ts';
import { dig } from './dig.ts';
import { getent } from './getent.ts';
import { imageHas } from './images.ts';
import { cat, env, hostname, ss } from './look-around.ts';
import { nc } from './nc.ts';
import { nslookup } from './nslookup.ts';
import { ping } from './ping.ts';
import { sh } from './sh.ts';
import { wget } from './wget.ts';

const tools: Readonly<Record<string, Program>> = {
  ...filters,
  bash: sh, cat, curl, dig, echo, env, false: falseCommand, getent, hostname, nc, netstat: ss, nslookup, ping, printenv: env, sh, sleep: () => printed(''), ss, true: trueCommand, wget,
};

/** Names of all tools, sorted: for completion. */
export const toolNames = (): readonly string[] => Object.keys(tools).sort();

/** The tools of a container, by the image that it runs; a path (`/bin/sh`) means its last part. */
export function toolsOf(image: string): Find {
  return (name) => {
    const last = name.startsWith('/') ? name.slice(name.lastIndexOf('/') + 1) : name;
    return Object.hasOwn(tools, last) && imageHas(image, last) ? tools[last] : undefined;
  };
}
