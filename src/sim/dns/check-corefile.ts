// Whether CoreDNS would start with a Corefile: its form, and what each directive says.
import type { Result } from '../base/result.ts';
import { fail } from '../base/result.ts';
import type { Problem } from '../model/problem.ts';
import { parseCorefile } from './corefile.ts';
import type { Corefile, Directive } from './corefile.ts';
import { notSimulated } from './directives.ts';
import { forwardServers } from './plugins/forward.ts';
import { onlyOnce, plugins } from './plugins/plugins.ts';
import { isSimulatedRewrite } from './plugins/rewrite.ts';
import { isSimulatedTemplate } from './plugins/template.ts';

/** Reads a Corefile as CoreDNS does at start; fails with everything that would keep it from starting. */
export function readCorefile(text: string, file = 'Corefile'): Result<Corefile, Problem> {
  const parsed = parseCorefile(text, file);
  if (!parsed.ok) return parsed;
  const problems: Problem[] = [];
  for (const block of parsed.value.blocks) {
    const seen = new Set<string>();
    for (const directive of block.directives) {
      const says = plugins.find(({ name }) => name === directive.name)?.check(directive, block) ?? [];
      const twice = seen.has(directive.name) && onlyOnce.includes(directive.name) ? ['this plugin can only be used once per Server Block'] : [];
      seen.add(directive.name);
      for (const sentence of [...says, ...twice]) {
        problems.push({
          code: 'corefile-plugin', severity: 'error', says: `plugin/${directive.name}: ${file}:${directive.line} - Error during parsing: ${sentence}`,
          where: { file, line: directive.line, column: null, object: null, field: null }, help: null,
        });
      }
    }
  }
  return problems.length > 0 ? fail(...problems) : parsed;
}

/** What the simulation does not follow in a Corefile that CoreDNS accepts. */
export function corefileWarnings(corefile: Corefile, file = 'Corefile'): readonly Problem[] {
  const followed = (directive: Directive): boolean => {
    if (directive.name === 'rewrite') return isSimulatedRewrite(directive);
    if (directive.name === 'template') return isSimulatedTemplate(directive);
    if (directive.name === 'hosts') return directive.args.length === 0;
    return !notSimulated.includes(directive.name);
  };
  return corefile.blocks.flatMap(({ directives }) => directives.filter((directive) => !followed(directive)).map((directive): Problem => ({
    code: 'corefile-not-simulated', severity: 'warning', says: `${file}:${directive.line}: what "${[directive.name, ...directive.args].join(' ')}" does is not simulated.`,
    where: { file, line: directive.line, column: null, object: null, field: null }, help: null,
  })));
}

/**
 * The zone in which the server would forward to itself, so that the `loop` plugin ends the process (CrashLoopBackOff); `null` when none does.
 * `resolvConf` is the process' own: with `dnsPolicy: Default` the node's, where a local stub resolver makes the loop.
 * `listens` are the addresses on which the process can be reached besides the loopback ones.
 */
export function loopingZone(corefile: Corefile, resolvConf: string, listens: readonly string[]): string | null {
  for (const { zones, directives } of corefile.blocks) {
    if (!directives.some(({ name }) => name === 'loop')) continue;
    const forwards = directives.filter(({ name }) => name === 'forward').flatMap((directive) => forwardServers(directive, resolvConf));
    if (forwards.some((server) => /^127\./.test(server) || server === '::1' || listens.includes(server))) return zones[0]?.zone ?? null;
  }
  return null;
}
