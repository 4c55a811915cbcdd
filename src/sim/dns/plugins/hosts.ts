// The hosts plugin: names written in the Corefile itself.
import { formatAddress, parseAddress } from '../../base/address.ts';
import type { DnsRecord } from '../../model/lookup.ts';
import type { Directive } from '../corefile.ts';
import { durationRefusal, secondsOf } from '../go-duration.ts';
import { absoluteName, comparableName } from '../names.ts';
import { addressOfReverse, matchZone } from '../zones.ts';
import { fallthroughZones, zonesOrBlock } from './kubernetes-options.ts';
import { argumentError, atLine, reply } from './plugin.ts';
import type { Plugin, Refusal } from './plugin.ts';

const defaultTtl = 3600;
const largestTtl = 65_535;
const options = ['fallthrough', 'fallthrough_unsupported', 'no_reverse', 'ttl', 'reload'];

function refusalOf(line: Directive, afterFallthrough: boolean): Refusal | undefined {
  const { name, args } = line;
  const [first] = args;
  if (name === 'ttl') {
    if (first === undefined) return atLine(line, 'ttl needs a time in second');
    if (!/^[+-]?\d+$/.test(first)) return atLine(line, 'ttl needs a number of second');
    return Number(first) <= 0 || Number(first) > largestTtl ? atLine(line, 'ttl provided is invalid') : undefined;
  }
  if (name === 'reload') {
    if (args.length !== 1 || first === undefined) return atLine(line, 'reload needs a duration (zero seconds to disable)');
    if (durationRefusal(first) !== undefined) return atLine(line, `invalid duration for reload '${first}'`);
    return (secondsOf(first) ?? 0) < 0 ? atLine(line, `invalid negative duration for reload '${first}'`) : undefined;
  }
  if (name === 'fallthrough_unsupported') return args.length > 0 ? argumentError(line) : undefined;
  // Whatever is no option is a line of the hosts file, but only before `fallthrough`.
  return afterFallthrough && !options.includes(name) ? atLine(line, `unknown property '${name}'`) : undefined;
}

/** Simplified: the file that `hosts FILE` names (/etc/hosts when it names none) is not there; only lines in the Corefile count. */
export const hosts: Plugin = {
  name: 'hosts',
  check: ({ block }) => block.flatMap((line, index) => refusalOf(line, block.slice(0, index).some(({ name }) => name === 'fallthrough')) ?? []),
  handle: ([directive], context) => {
    const zones = zonesOrBlock(directive.args.slice(1), context.block);
    const last = (name: string): Directive | undefined => directive.block.findLast((line) => line.name === name);
    const fall = last('fallthrough');
    const through = fall === undefined ? [] : fallthroughZones(fall.args);
    const ttl = Number(last('ttl')?.args[0] ?? defaultTtl);
    const lines = directive.block.filter(({ name }) => !options.includes(name)).flatMap(({ name, args }) => {
      const address = parseAddress(name);
      return address === undefined ? [] : [{ ip: formatAddress(address), type: address.family === 'IPv6' ? ('AAAA' as const) : ('A' as const), names: args.map((text) => comparableName(absoluteName(text))).filter((known) => matchZone(zones, known) !== undefined) }];
    });
    const reverse = last('no_reverse') === undefined;
    const unsupported = last('fallthrough_unsupported') !== undefined;
    /** The lines of a name itself, else of the wildcard that its first label may be. */
    const linesOf = (name: string, type: 'A' | 'AAAA'): readonly string[] => {
      for (const wanted of [name, name.replace(/^[^.]+/, '*')]) {
        const found = lines.filter((line) => line.type === type && line.names.includes(wanted));
        if (found.length > 0) return found.map(({ ip }) => ip);
      }
      return [];
    };
    return (question, next) => {
      const name = comparableName(question.name);
      const { type } = question;
      if (type !== 'PTR' && matchZone(zones, name) === undefined) return next(question);
      if (type === 'PTR') {
        const ip = addressOfReverse(name);
        const targets = ip === undefined || !reverse ? [] : lines.filter((line) => line.ip === ip).flatMap((line) => line.names).filter((target) => !target.startsWith('*.'));
        if (targets.length === 0) return next(question);
        return reply('NOERROR', targets.map((data): DnsRecord => ({ name, type: 'PTR', ttl, data })));
      }
      if (type !== 'A' && type !== 'AAAA' && unsupported && matchZone(through, name) !== undefined) return next(question);
      const answers = type === 'A' || type === 'AAAA' ? linesOf(name, type).map((data): DnsRecord => ({ name, type, ttl, data })) : [];
      if (answers.length > 0 || linesOf(name, 'A').length > 0 || linesOf(name, 'AAAA').length > 0) return reply('NOERROR', answers);
      // The plugin has no SOA to deny a name with, so it fails instead.
      return matchZone(through, name) === undefined ? reply('SERVFAIL') : next(question);
    };
  },
};
