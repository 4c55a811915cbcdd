// The template plugin in its plainest form: one fixed answer for a class of questions.
import type { DnsRecord } from '../../model/lookup.ts';
import { matchZone } from '../zones.ts';
import type { Directive } from '../corefile.ts';
import { fallthroughZones, zonesOrBlock } from './kubernetes-options.ts';
import { reply } from './plugin.ts';
import type { Plugin } from './plugin.ts';

const rcodes = ['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR'] as const;

/** True when it needs neither regular expressions nor Go templates. */
export const isSimulatedTemplate = ({ block }: Directive): boolean =>
  block.every(({ name, args }) => name === 'rcode' || name === 'fallthrough' || (name === 'answer' && answerOf(args.join(' '), '.') !== undefined));

/** `NAME TTL IN A ADDRESS`, the name also as `{{ .Name }}`. */
function answerOf(text: string, asked: string): DnsRecord | undefined {
  const [, name = '', ttl, type, data = ''] = /^(\S+)\s+(\d+)\s+(?:IN\s+)?(A|AAAA|CNAME|TXT|PTR)\s+([^{}]+)$/.exec(text.replace(/\{\{\s*\.Name\s*\}\}/g, asked)) ?? [];
  return type === 'A' || type === 'AAAA' || type === 'CNAME' || type === 'TXT' || type === 'PTR' ? { name, type, ttl: Number(ttl), data: data.trim() } : undefined;
}

/** Simplified: `match`, `additional`, `authority` and Go templates are not followed (a warning says so). */
export const template: Plugin = {
  name: 'template',
  check: ({ args }) => (args.length < 2 ? ["Wrong argument count or unexpected line ending after 'template'"] : []),
  handle: (directive, context) => {
    const [, type = 'ANY', ...rest] = directive.args;
    const zones = zonesOrBlock(rest, context.block);
    const line = (name: string): Directive | undefined => directive.block.find((found) => found.name === name);
    const rcode = rcodes.find((known) => known === (line('rcode')?.args[0] ?? 'NOERROR').toUpperCase()) ?? 'NOERROR';
    const through = line('fallthrough');
    return (question, next) => {
      const fits = isSimulatedTemplate(directive) && matchZone(zones, question.name) !== undefined && (type === 'ANY' || type === question.type);
      if (!fits) return next(question);
      const answers = directive.block.filter(({ name }) => name === 'answer').flatMap(({ args }) => answerOf(args.join(' '), question.name) ?? []);
      if (answers.length === 0 && line('rcode') === undefined && through !== undefined && matchZone(fallthroughZones(through.args), question.name) !== undefined) return next(question);
      return reply(rcode, answers);
    };
  },
};
