// The forward plugin: what the cluster does not know is asked of servers outside.
import { parseAddress } from '../../base/address.ts';
import type { Directive } from '../corefile.ts';
import { parseNodeResolvConf } from '../node-resolv-conf.ts';
import { matchZone, zonesOf } from '../zones.ts';
import { reply } from './plugin.ts';
import type { Plugin } from './plugin.ts';

const isFile = (to: string): boolean => to.includes('/') && !/^\w+:\/\//.test(to);

/** An address without scheme and port. */
const hostOf = (to: string): string => {
  const bare = to.replace(/^\w+:\/\//, '');
  const [, inBrackets] = /^\[([^\]]+)\]/.exec(bare) ?? [];
  if (inBrackets !== undefined) return inBrackets;
  return parseAddress(bare) === undefined ? bare.replace(/:\d+$/, '') : bare;
};

/** The servers of a `forward` line, files replaced by the nameservers of the process' own resolv.conf. */
export const forwardServers = (directive: Directive, resolvConf: string): readonly string[] =>
  directive.args.slice(1).flatMap((to) => (isFile(to) ? parseNodeResolvConf(resolvConf).nameservers : [hostOf(to)]));

export const forward: Plugin = {
  name: 'forward',
  check: ({ args: [from, ...to] }) => [
    ...(from === undefined || to.length === 0 ? ["Wrong argument count or unexpected line ending after 'forward'"] : []),
    ...to.filter((server) => !isFile(server) && parseAddress(hostOf(server)) === undefined).map((server) => `not an IP address or file: "${server}"`),
  ],
  handle: (directive, context) => {
    const zones = zonesOf(directive.args[0] ?? '.');
    const except = directive.block.filter(({ name }) => name === 'except').flatMap(({ args }) => args.flatMap(zonesOf));
    const servers = forwardServers(directive, context.server.resolvConf);
    return (question, next) => {
      if (matchZone(zones, question.name) === undefined || matchZone(except, question.name) !== undefined) return next(question);
      const answer = context.server.upstream(question, servers);
      return answer.rcode === 'DROP' || answer.rcode === 'UNREACHABLE' ? reply('SERVFAIL') : answer;
    };
  },
};
