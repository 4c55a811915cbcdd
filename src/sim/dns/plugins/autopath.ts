// The autopath plugin: the server walks the client's search list, so that the client asks once.
import type { DnsReply } from '../../model/lookup.ts';
import { absoluteName, isUnder, nameUnder } from '../names.ts';
import { parseNodeResolvConf } from '../node-resolv-conf.ts';
import { matchZone } from '../zones.ts';
import { searchOfClient } from './kubernetes.ts';
import { kubernetesOptions, zonesOrBlock } from './kubernetes-options.ts';
import { bare, reply } from './plugin.ts';
import type { Plugin, Question } from './plugin.ts';

/**
 * Only a name under the first search domain is walked: it is tried under each entry (the last one is empty) until an answer is not NXDOMAIN,
 * and that answer gets an alias from the asked name. When all fail the first answer stands (CoreDNS plugin/autopath).
 */
export function walkSearch(search: readonly string[], question: Question, next: (question: Question) => DnsReply): DnsReply {
  const [first] = search;
  if (first === undefined || !isUnder(first, question.name)) return next(question);
  const base = question.name.slice(0, question.name.length - first.length).replace(/\.$/, '');
  // The search domain itself leaves nothing to put before the others: CoreDNS fails on it.
  if (base === '') return reply('SERVFAIL');
  let original: DnsReply | undefined;
  for (const entry of search) {
    const answer = next({ ...question, name: nameUnder(base, entry === '' ? '.' : entry) });
    original ??= answer;
    if (answer.rcode === 'NXDOMAIN') continue;
    const other = answer.answers.find(({ name }) => name.toLowerCase() !== question.name.toLowerCase());
    return other === undefined ? answer : { ...answer, answers: [{ name: question.name, type: 'CNAME', ttl: other.ttl, data: other.name }, ...answer.answers] };
  }
  return original ?? next(question);
}

/** The only file of that kind in the container. */
const ownResolvConf = '/etc/resolv.conf';

export const autopath: Plugin = {
  name: 'autopath',
  check: ({ args }) => {
    const source = args.at(-1);
    if (source === undefined) return [bare('no resolv-conf specified')];
    return source.startsWith('@') || source === ownResolvConf ? [] : [bare(`failed to parse "${source}": open ${source}: no such file or directory`)];
  },
  handle: ([directive], context) => {
    const source = directive.args.at(-1) ?? '';
    const zones = zonesOrBlock(directive.args.slice(0, -1), context.block);
    const own = parseNodeResolvConf(context.server.resolvConf).searches;
    const backend = context.block.directives.find(({ name }) => name === 'kubernetes');
    return (question, next) => {
      if (matchZone(zones, question.name) === undefined) return next(question);
      if (!source.startsWith('@')) return walkSearch([...own.map(absoluteName), ''], question, next);
      if (backend === undefined) return next(question);
      return walkSearch(searchOfClient(kubernetesOptions(backend, context.block), context, question, own) ?? [], question, next);
    };
  },
};
