// The plugins that change answers, in the order in which CoreDNS runs them (plugin.cfg), whatever the Corefile says.
import { autopath } from './autopath.ts';
import { cache } from './cache.ts';
import { forward } from './forward.ts';
import { hosts } from './hosts.ts';
import { kubernetes } from './kubernetes.ts';
import { operations } from './operations.ts';
import type { Plugin } from './plugin.ts';
import { rewrite } from './rewrite.ts';
import { template } from './template.ts';

// Simplified: loadbalance shuffles addresses anew for each answer; here they keep the order of the EndpointSlices.
export const plugins: readonly Plugin[] = [rewrite, autopath, cache, template, hosts, kubernetes, forward];

/** All of which something is known. */
export const knownPlugins: readonly Plugin[] = [...operations, ...plugins];

/** Those of which a server block takes one only. */
export const onlyOnce: readonly string[] = ['cache', 'kubernetes', 'hosts', 'loop', 'errors', 'ready', 'prometheus', 'pprof', 'nsid', 'tsig', 'dnssec', 'shed', 'view'];
