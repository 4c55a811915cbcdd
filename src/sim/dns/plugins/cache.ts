// The cache plugin: what it keeps is not modelled, but the time to live that it writes into answers is.
import type { DnsReply } from '../../model/lookup.ts';
import type { Directive } from '../corefile.ts';
import { matchZone, zonesOf } from '../zones.ts';
import { zonesOrBlock } from './kubernetes-options.ts';
import type { Plugin } from './plugin.ts';

const shortest = 5;
const longest = { success: 3600, denial: 1800 } as const;

/** `cache [TTL] [ZONES…]`: the first argument is a time when it is a number. */
const timeOf = ({ args }: Directive): number | undefined => (/^\d+$/.test(args[0] ?? '') ? Number(args[0]) : undefined);

/** Simplified: nothing is kept, so a change is seen at once; a real cache may serve the old answer, NXDOMAIN too, for up to its time. */
export const cache: Plugin = {
  name: 'cache',
  check: (directive) => (timeOf(directive) === 0 ? ['cache TTL can not be zero or negative: 0'] : []),
  handle: (directive, context) => {
    const time = timeOf(directive);
    const zones = zonesOrBlock(directive.args.slice(time === undefined ? 0 : 1), context.block);
    const line = (name: 'success' | 'denial'): Directive | undefined => directive.block.find((found) => found.name === name);
    const disabled = (kind: 'success' | 'denial'): readonly string[] => directive.block.filter(({ name, args }) => name === 'disable' && args[0] === kind)
      .flatMap(({ args }) => (args.length > 1 ? args.slice(1).flatMap(zonesOf) : zones));
    return (question, next) => {
      const reply = next(question);
      const kind = reply.rcode === 'NOERROR' && reply.answers.length > 0 ? 'success' : reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN' ? 'denial' : undefined;
      if (kind === undefined || matchZone(zones, question.name) === undefined || matchZone(disabled(kind), question.name) !== undefined) return reply;
      const [, written, least] = line(kind)?.args ?? [];
      return withTtl(reply, Number(least ?? shortest), Number(written ?? time ?? longest[kind]));
    };
  },
};

/** All records get the smallest time to live among them, kept between the two bounds. */
function withTtl(reply: DnsReply, least: number, most: number): DnsReply {
  const ttls = [...reply.answers, ...reply.authority, ...reply.additional].map(({ ttl }) => ttl);
  if (ttls.length === 0) return reply;
  const ttl = Math.min(Math.max(Math.min(...ttls), least), most);
  const set = (records: DnsReply['answers']): DnsReply['answers'] => records.map((record) => ({ ...record, ttl }));
  return { ...reply, answers: set(reply.answers), authority: set(reply.authority), additional: set(reply.additional) };
}
