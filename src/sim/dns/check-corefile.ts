// Whether CoreDNS would start with a Corefile: its form, and what each directive says.
import type { Result } from '../base/result.ts';
import { fail } from '../base/result.ts';
import type { Problem } from '../model/problem.ts';
import { parseCorefile } from './corefile.ts';
import type { Corefile, Directive } from './corefile.ts';
import { directives as known, notSimulated } from './directives.ts';
import { forwardPort, forwardServers } from './plugins/forward.ts';
import { knownPlugins, onlyOnce } from './plugins/plugins.ts';
import type { Refusal } from './plugins/plugin.ts';
import { isSimulatedTemplate } from './plugins/template.ts';
import { matchZone, zonesOf } from './zones.ts';

/**
 * Reads a Corefile as CoreDNS does at start; fails with everything that would keep it from starting.
 * CoreDNS prints the first of the problems: plugin by plugin in its own order, block by block.
 */
export function readCorefile(text: string, file = 'Corefile'): Result<Corefile, Problem> {
  const parsed = parseCorefile(text, file);
  if (!parsed.ok) return parsed;
  const problems: Problem[] = [];
  for (const name of known) {
    const plugin = knownPlugins.find((candidate) => candidate.name === name);
    for (const block of parsed.value.blocks) {
      const lines = block.directives.filter((directive) => directive.name === name);
      for (const [index, directive] of lines.entries()) {
        const twice: readonly Refusal[] = index > 0 && onlyOnce.includes(name) ? [{ says: 'this plugin can only be used once per Server Block', line: null }] : [];
        for (const { says, line, kind } of [...twice, ...(plugin?.check(directive, block) ?? [])]) {
          const said = line === null ? says : `${file}:${line} - ${kind ?? 'Error during parsing'}: ${says}`;
          problems.push({ code: 'corefile-plugin', severity: 'error', says: `plugin/${name}: ${said}`, where: { file, line: line ?? directive.line, column: null, object: null, field: null }, help: null });
        }
      }
    }
  }
  problems.push(...servedTwice(parsed.value, file));
  return problems.length > 0 ? fail(...problems) : parsed;
}

/** A zone may be served once a port; where blocks bind to addresses of their own, once an address. */
function servedTwice({ blocks }: Corefile, file: string): readonly Problem[] {
  const seen = new Set<string>();
  return blocks.flatMap(({ zones, directives, line }) => {
    const bound = directives.filter(({ name }) => name === 'bind').flatMap(({ args }) => args);
    return zones.flatMap(({ zone, port, scheme }) => (bound.length > 0 ? bound : ['']).flatMap((address): readonly Problem[] => {
      const key = `${scheme}://${zone}:${port}${address === '' ? '' : ` on ${address}`}`;
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [{ code: 'corefile-zone-twice', severity: 'error', says: `cannot serve ${key} - it is already defined`, where: { file, line, column: null, object: null, field: null }, help: null }];
    }));
  });
}

/** What the simulation does not follow in a Corefile that CoreDNS accepts. */
export function corefileWarnings(corefile: Corefile, file = 'Corefile'): readonly Problem[] {
  const warning = (code: string, line: number, says: string): Problem => ({ code, severity: 'warning', says: `${file}:${line}: ${says}`, where: { file, line, column: null, object: null, field: null }, help: null });
  const followed = (directive: Directive): boolean => {
    if (directive.name === 'template') return isSimulatedTemplate(directive);
    if (directive.name === 'hosts') return directive.args.length === 0;
    return !notSimulated.includes(directive.name);
  };
  return [
    ...corefile.imports.map(({ pattern, line }) => warning('corefile-import', line, `there is no file ${pattern} to import: CoreDNS reads only what the ConfigMap's Corefile says.`)),
    ...corefile.blocks.flatMap(({ directives }) => directives.filter((directive) => !followed(directive))
      .map((directive) => warning('corefile-not-simulated', directive.line, `what "${[directive.name, ...directive.args].join(' ')}" does is not simulated.`))),
  ];
}

/**
 * The zone in which the server would forward to itself, so that the `loop` plugin ends the process (CrashLoopBackOff); `null` when none does.
 * `resolvConf` is the process' own: with `dnsPolicy: Default` the node's, where a local stub resolver makes the loop.
 * `listens` are the addresses on which the process can be reached besides the loopback ones.
 */
export function loopingZone(corefile: Corefile, resolvConf: string, listens: readonly string[]): string | null {
  for (const { zones, directives } of corefile.blocks) {
    if (!directives.some(({ name }) => name === 'loop')) continue;
    const [asked] = zones;
    if (asked === undefined) continue;
    // The plugin asks for a name under the first zone, which only a forward of that zone sends on, and which comes back only on the same port.
    const forwards = directives.filter(({ name, args: [from = '.'] }) => name === 'forward' && matchZone(zonesOf(from), asked.zone) !== undefined);
    const servers = forwards.flatMap((directive) => forwardServers({ ...directive, args: directive.args.filter((to, index) => index === 0 || forwardPort(to) === asked.port) }, resolvConf));
    if (servers.some((server) => /^127\./.test(server) || server === '::1' || listens.includes(server))) return asked.zone;
  }
  return null;
}
