// The hosts plugin: names written in the Corefile itself.
import { formatAddress, parseAddress } from '../../base/address.ts';
import type { DnsRecord } from '../../model/lookup.ts';
import { absoluteName, comparableName } from '../names.ts';
import { addressOfReverse, matchZone } from '../zones.ts';
import { fallthroughZones, zonesOrBlock } from './kubernetes-options.ts';
import { reply } from './plugin.ts';
import type { Plugin } from './plugin.ts';

const defaultTtl = 3600;
const properties = ['fallthrough', 'no_reverse', 'ttl', 'reload'];

/** Simplified: the file that `hosts FILE` names is not there; only lines in the Corefile count. */
export const hosts: Plugin = {
  name: 'hosts',
  check: ({ block }) => block.filter(({ name }) => !properties.includes(name) && parseAddress(name) === undefined).map(({ name }) => `unknown property '${name}'`),
  handle: (directive, context) => {
    const zones = zonesOrBlock(directive.args.slice(1), context.block);
    const lines = directive.block.flatMap(({ name, args }) => {
      const address = parseAddress(name);
      return address === undefined ? [] : [{ ip: formatAddress(address), type: address.family === 'IPv6' ? ('AAAA' as const) : ('A' as const), names: args }];
    });
    const fall = directive.block.find(({ name }) => name === 'fallthrough');
    const through = fall === undefined ? [] : fallthroughZones(fall.args);
    const ttl = Number(directive.block.find(({ name }) => name === 'ttl')?.args[0] ?? defaultTtl);
    const reverse = !directive.block.some(({ name }) => name === 'no_reverse');
    return (question, next) => {
      const { name, type } = question;
      const wanted = comparableName(name);
      const ip = addressOfReverse(name);
      if (type === 'PTR' && ip !== undefined && reverse) {
        const pointers = lines.filter((line) => line.ip === ip).flatMap((line) => line.names).map((target): DnsRecord => ({ name, type: 'PTR', ttl, data: absoluteName(target) }));
        if (pointers.length > 0) return reply('NOERROR', pointers);
        return next(question);
      }
      if (matchZone(zones, name) === undefined) return next(question);
      const found = lines.filter((line) => line.names.some((known) => comparableName(known) === wanted));
      const answers = found.filter((line) => line.type === type).map((line): DnsRecord => ({ name, type: line.type, ttl, data: line.ip }));
      if (answers.length > 0) return reply('NOERROR', answers);
      if (found.length > 0 && (type === 'A' || type === 'AAAA')) return reply('NOERROR');
      // The plugin has no SOA to deny a name with, so it fails instead.
      return matchZone(through, name) === undefined ? reply('SERVFAIL') : next(question);
    };
  },
};
