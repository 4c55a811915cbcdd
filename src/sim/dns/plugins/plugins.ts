// The plugins that change answers, in the order in which CoreDNS runs them (plugin.cfg), whatever the Corefile says.
import { autopath } from './autopath.ts';
import { cache } from './cache.ts';
import { forward } from './forward.ts';
import { hosts } from './hosts.ts';
import { kubernetes } from './kubernetes.ts';
import type { Plugin } from './plugin.ts';
import { rewrite } from './rewrite.ts';
import { template } from './template.ts';

// Simplified: loadbalance shuffles addresses anew for each answer; here they keep the order of the EndpointSlices.
export const plugins: readonly Plugin[] = [cache, rewrite, autopath, template, hosts, kubernetes, forward];

/** Those of which a server block takes one only. */
export const onlyOnce: readonly string[] = ['cache', 'autopath', 'kubernetes', 'hosts', 'loop', 'errors', 'health', 'ready', 'reload', 'loadbalance'];
