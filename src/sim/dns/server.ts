// A DNS server as a function: a question in, the reply of CoreDNS' chain of plugins out.
import type { DnsReply } from '../model/lookup.ts';
import type { ServerBlock } from './corefile.ts';
import { fitReply } from './message-size.ts';
import { plugins } from './plugins/plugins.ts';
import { reply } from './plugins/plugin.ts';
import type { DnsServer, Handler, PluginContext, Question } from './plugins/plugin.ts';
import { matchZone } from './zones.ts';
export type { DnsServer, Question } from './plugins/plugin.ts';

const dnsPort = 53;
const sizeWithoutEdns = 512;
/** CoreDNS ends its own lookups when they nest deeper. */
const deepest = 8;

/**
 * What the server says. `UNREACHABLE` when no server block has the port, REFUSED when none has the zone, SERVFAIL when no plugin knows what to do.
 * Never throws for what a person wrote: the Corefile is one that was read without problems.
 */
export function answer(server: DnsServer, question: Question): DnsReply {
  const said = answerAt(server, question, 0);
  return question.proto === 'udp' ? fitReply(said, question.name, question.size ?? sizeWithoutEdns) : said;
}

function answerAt(server: DnsServer, question: Question, depth: number): DnsReply {
  if (depth > deepest) return reply('SERVFAIL');
  const port = server.port ?? dnsPort;
  const listening = server.corefile.blocks.flatMap((block) => block.zones.filter((zone) => zone.scheme === 'dns' && zone.port === port).map(({ zone }) => ({ zone, block })));
  if (listening.length === 0) return reply('UNREACHABLE');
  const zone = matchZone(listening.map((served) => served.zone), question.name);
  const block = listening.find((served) => served.zone === zone)?.block;
  if (zone === undefined || block === undefined || block.directives.length === 0) return reply('REFUSED');
  const handlers = chainOf({ server, block, zone, ask: (inner) => answerAt(server, inner, depth + 1) }, block);
  const run = (index: number): ((asked: Question) => DnsReply) => (asked) => handlers[index]?.(asked, run(index + 1)) ?? reply('SERVFAIL');
  return run(0)(question);
}

function chainOf(context: PluginContext, block: ServerBlock): readonly Handler[] {
  return plugins.flatMap(({ name, handle }) => {
    const [first, ...more] = block.directives.filter((directive) => directive.name === name);
    return handle === null || first === undefined ? [] : [handle([first, ...more], context)];
  });
}
