// The cache plugin: what it keeps is not modelled, but the time to live that it writes into answers is.
import type { DnsReply } from '../../model/lookup.ts';
import type { Directive } from '../corefile.ts';
import { durationRefusal, secondsOf } from '../go-duration.ts';
import { comparableName } from '../names.ts';
import { matchZone } from '../zones.ts';
import { zonesOrBlock } from './kubernetes-options.ts';
import { argumentError, bare } from './plugin.ts';
import type { Plugin, Refusal } from './plugin.ts';

const shortest = 5;
const longest = { success: 3600, denial: 1800 } as const;

/** `cache [TTL] [ZONES…]`: the first argument is a time when it is a number. */
const timeOf = ({ args }: Directive): number | undefined => (/^[+-]?\d+$/.test(args[0] ?? '') ? Number(args[0]) : undefined);

const zonesOf = (directive: Directive): readonly string[] => directive.args.slice(timeOf(directive) === undefined ? 0 : 1);

const notANumber = (text: string): string => `strconv.Atoi: parsing "${text}": invalid syntax`;

/** A line of its block, as plugin/cache/setup.go reads it: the first thing that is wrong with it. */
function refusalOf(line: Directive): Refusal | undefined {
  const { name, args } = line;
  switch (name) {
    case 'success': case 'denial': {
      const [capacity, time, least] = args;
      if (capacity === undefined) return argumentError(line);
      const wrong = [capacity, time, least].find((text) => text !== undefined && !/^[+-]?\d+$/.test(text));
      if (wrong !== undefined) return bare(notANumber(wrong));
      if (time !== undefined && Number(time) <= 0) return bare(`cache TTL can not be zero or negative: ${Number(time)}`);
      return least !== undefined && Number(least) < 0 ? bare(`cache min TTL can not be negative: ${Number(least)}`) : undefined;
    }
    case 'prefetch': {
      const [amount, duration] = args;
      if (amount === undefined || args.length > 3) return argumentError(line);
      if (!/^[+-]?\d+$/.test(amount)) return bare(notANumber(amount));
      if (Number(amount) < 0) return bare(`prefetch amount should be positive: ${Number(amount)}`);
      const wrong = duration === undefined ? undefined : durationRefusal(duration);
      return wrong === undefined ? undefined : bare(wrong);
    }
    case 'servfail': {
      const [time] = args;
      if (args.length !== 1 || time === undefined) return argumentError(line);
      const wrong = durationRefusal(time);
      if (wrong !== undefined) return bare(wrong);
      if ((secondsOf(time) ?? 0) < 0) return bare('invalid negative ttl for servfail');
      return (secondsOf(time) ?? 0) > 300 ? bare('caching SERVFAIL responses over 5 minutes is not permitted') : undefined;
    }
    case 'serve_stale': return args.length > 5 ? argumentError(line) : undefined;
    case 'serve_stale_policy': return args.length === 1 ? undefined : argumentError(line);
    case 'disable':
      if (args.length === 0) return argumentError(line);
      return args[0] === 'success' || args[0] === 'denial' ? undefined : bare(`cache type for disable must be "success" or "denial"`);
    case 'keepttl': return args.length > 0 ? argumentError(line) : undefined;
    default: return argumentError(line);
  }
}

/** Simplified: nothing is kept, so a change is seen at once; a real cache may serve the old answer, NXDOMAIN too, for up to its time. */
export const cache: Plugin = {
  name: 'cache',
  check: (directive) => {
    const time = timeOf(directive);
    return [...(time !== undefined && time <= 0 ? [bare(`cache TTL can not be zero or negative: ${time}`)] : []), ...directive.block.flatMap((line) => refusalOf(line) ?? [])];
  },
  handle: ([directive], context) => {
    const time = timeOf(directive);
    const zones = zonesOrBlock(zonesOf(directive), context.block);
    const bounds = (kind: 'success' | 'denial'): { readonly least: number; readonly most: number } => {
      const [, most, least] = directive.block.findLast(({ name }) => name === kind)?.args ?? [];
      return { least: Number(least ?? shortest), most: Number(most ?? time ?? longest[kind]) };
    };
    const success = bounds('success');
    const denial = bounds('denial');
    const failed = secondsOf(directive.block.findLast(({ name }) => name === 'servfail')?.args[0] ?? '') ?? shortest;
    // The zones of `disable` are not kept, but their records get the same times.
    return (question, next) => {
      const reply = next(question);
      return matchZone(zones, question.name) === undefined ? reply : withTtl(reply, ttlOf(reply, question.name, question.type, success, denial, failed));
    };
  },
};

/** Whether the answers lead along their aliases to a record of the asked type. */
function answersQuestion({ answers }: DnsReply, asked: string, type: string): boolean {
  if (type === 'CNAME' || type === 'ANY') return answers.some(({ name }) => comparableName(name) === comparableName(asked));
  let name = comparableName(asked);
  for (const seen = new Set<string>(); !seen.has(name);) {
    seen.add(name);
    const alias = answers.find((record) => record.type === 'CNAME' && comparableName(record.name) === name);
    if (alias === undefined) break;
    name = comparableName(alias.data);
  }
  return answers.some((record) => record.type === type && comparableName(record.name) === name);
}

interface Bounds { readonly least: number; readonly most: number }

/** The smallest time to live in the reply, kept between the bounds of its kind (plugin/cache/cache.go, `WriteMsg`). */
function ttlOf(reply: DnsReply, asked: string, type: string, success: Bounds, denial: Bounds, failed: number): number {
  const { rcode, answers, authority, additional } = reply;
  if (rcode === 'SERVFAIL' || rcode === 'NOTIMP') return failed;
  const denied = authority.some((record) => record.type === 'SOA');
  const isDenial = rcode === 'NXDOMAIN' || (rcode === 'NOERROR' && denied && !answersQuestion(reply, asked, type));
  const { least, most } = isDenial ? denial : success;
  const ttls = [...answers, ...authority, ...additional].map(({ ttl }) => ttl);
  const shortestLived = rcode === 'NOERROR' || isDenial ? Math.min(most, ...(ttls.length > 0 ? ttls : [shortest])) : shortest;
  return Math.min(Math.max(shortestLived, least), most);
}

function withTtl(reply: DnsReply, ttl: number): DnsReply {
  const set = (records: DnsReply['answers']): DnsReply['answers'] => records.map((record) => ({ ...record, ttl }));
  return { ...reply, answers: set(reply.answers), authority: set(reply.authority), additional: set(reply.additional) };
}
