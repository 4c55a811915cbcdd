// The forward plugin: what the cluster does not know is asked of servers outside.
import { parseAddress } from '../../base/address.ts';
import type { Directive } from '../corefile.ts';
import { durationRefusal, secondsOf } from '../go-duration.ts';
import { comparableName, isAskable } from '../names.ts';
import { parseNodeResolvConf } from '../node-resolv-conf.ts';
import { matchZone, zonesOf } from '../zones.ts';
import { argumentError, atLine, bare, reply } from './plugin.ts';
import type { Handler, Plugin, PluginContext, Refusal } from './plugin.ts';

/** The only file of nameservers in the container. */
const isFile = (to: string): boolean => to === '/etc/resolv.conf';
const transports = ['dns', 'tls', 'quic', 'https'];
const policies = ['random', 'round_robin', 'sequential'];
const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE'];
const mostServers = 15;

/** An address without scheme, port and the name that its certificate is for. */
const hostOf = (to: string): string => {
  const plain = to.replace(/^\w+:\/\//, '').replace(/%[^\]:]*/, '');
  const [, inBrackets] = /^\[([^\]]+)\]/.exec(plain) ?? [];
  if (inBrackets !== undefined) return inBrackets;
  return parseAddress(plain) === undefined ? plain.replace(/:\d+$/, '') : plain;
};

/** The port that a server is asked on. */
export const forwardPort = (to: string): number => Number(/^(?:\w+:\/\/)?(?:\[[^\]]*\]|[^:]*):(\d+)$/.exec(to)?.[1] ?? (to.startsWith('tls://') ? 853 : 53));

/** The servers of a `forward` line, files replaced by the nameservers of the process' own resolv.conf. */
export const forwardServers = (directive: Directive, resolvConf: string): readonly string[] =>
  directive.args.slice(1).flatMap((to) => (isFile(to) ? parseNodeResolvConf(resolvConf).nameservers : [hostOf(to)]));

function serverRefusal(to: string): Refusal | undefined {
  const [, transport = 'dns'] = /^(\w+):\/\//.exec(to) ?? [];
  // A name is looked up once at start, with the process' own resolver; here nobody knows one.
  const host = ['grpc', ...transports].includes(transport) ? hostOf(to) : transport;
  if (parseAddress(host) === undefined && !isFile(to)) return bare(`failed to resolve "${host}": lookup ${host}.: no such host`);
  return transport === 'grpc' ? bare(`'grpc' is not supported as a destination protocol in forward: ${/:\d+$/.test(to) ? to : `${to}:443`}`) : undefined;
}

const wrongNumber = (text: string, how: 'ParseUint' | 'Atoi'): Refusal | undefined => ((how === 'Atoi' ? /^[+-]?\d+$/ : /^\d+$/).test(text) ? undefined : bare(`strconv.${how}: parsing "${text}": invalid syntax`));

/** One line of the braces (plugin/forward/setup.go, `parseBlock`). */
function refusalOf(line: Directive): Refusal | undefined {
  const { name, args } = line;
  const [first] = args;
  switch (name) {
    case 'except': return first === undefined ? argumentError(line) : undefined;
    case 'next': case 'failover': {
      if (first === undefined) return argumentError(line);
      const wrong = args.find((rcode) => !rcodes.includes(rcode.toUpperCase()));
      if (wrong !== undefined) return bare(`${wrong} is not a valid rcode`);
      return name === 'failover' && args.some((rcode) => rcode.toUpperCase() === 'NOERROR') ? bare('NoError cannot be used in failover') : undefined;
    }
    case 'force_tcp': case 'prefer_udp': case 'next_on_nodata': case 'failfast_all_unhealthy_upstreams': return first === undefined ? undefined : argumentError(line, 1);
    case 'tls': return args.length > 3 ? argumentError(line) : undefined;
    case 'resolver': case 'tls_servername': return first === undefined ? argumentError(line) : undefined;
    case 'max_fails': case 'max_connect_attempts': return first === undefined ? argumentError(line) : wrongNumber(first, 'ParseUint');
    case 'max_concurrent': case 'max_idle_conns':
      if (first === undefined) return argumentError(line);
      return wrongNumber(first, 'Atoi') ?? (Number(first) < 0 ? bare(`${name} can't be negative: ${Number(first)}`) : undefined);
    case 'health_check': case 'expire': case 'max_age': case 'read_timeout': {
      if (first === undefined) return argumentError(line);
      const wrong = durationRefusal(first);
      if (wrong !== undefined) return bare(wrong);
      return (secondsOf(first) ?? 0) < 0 ? bare(`${name} can't be negative: ${first}`) : undefined;
    }
    case 'policy':
      if (first === undefined) return argumentError(line);
      return policies.includes(first) ? undefined : atLine(line, `unknown policy '${first}'`);
    case 'doh_method':
      if (first === undefined) return argumentError(line);
      return first === 'GET' || first === 'POST' ? undefined : bare('doh_method must be either POST or GET');
    case 'source_address':
      if (first === undefined) return argumentError(line);
      return parseAddress(first) === undefined ? atLine(line, `invalid IP address: ${first}`) : undefined;
    default: return atLine(line, `unknown property '${name}'`);
  }
}

function check(directive: Directive): readonly Refusal[] {
  const [from, ...to] = directive.args;
  if (from === undefined || to.length === 0) return [argumentError(directive)];
  if (zonesOf(from).length === 0) return [bare(`unable to normalize '${from}'`)];
  const servers = to.flatMap((server) => serverRefusal(server) ?? []);
  const many = to.length > mostServers ? [bare(`more than ${mostServers} TOs configured: ${to.length}`)] : [];
  const serverName = directive.block.findLast(({ name }) => name === 'tls_servername')?.args[0];
  const twice = serverName === undefined ? [] : to.flatMap((server) => {
    const [, plain = '', own] = /^(tls:\/\/[^%]+)%([^:]+)/.exec(server) ?? [];
    return own === undefined ? [] : [bare(`both forward ('${serverName}') and proxy level ('${own}') TLS servernames are set for upstream proxy '${plain}:853'`)];
  });
  return [...directive.block.flatMap((line) => refusalOf(line) ?? []), ...servers.slice(0, 1), ...twice.slice(0, 1), ...many];
}

function handlerOf(directive: Directive, context: PluginContext, isLast: boolean): Handler {
  // A range that is several zones counts as the first.
  const from = zonesOf(directive.args[0] ?? '.')[0] ?? '.';
  const words = (name: string): readonly string[] => directive.block.filter((line) => line.name === name).flatMap(({ args }) => args);
  const except = words('except').flatMap(zonesOf);
  const next = words('next').map((rcode) => rcode.toUpperCase());
  const onNoData = directive.block.some(({ name }) => name === 'next_on_nodata');
  const servers = forwardServers(directive, context.server.resolvConf);
  return (question, pass) => {
    const excluded = matchZone(except, question.name) !== undefined && comparableName(question.name) !== from;
    if (matchZone([from], question.name) === undefined || excluded || !isAskable(question.name)) return pass(question);
    const answer = context.server.upstream(question, servers);
    if (answer.rcode === 'DROP' || answer.rcode === 'UNREACHABLE') return reply('SERVFAIL');
    // Only another forward may be asked after this one.
    const passes = next.includes(answer.rcode) || (onNoData && answer.rcode === 'NOERROR' && answer.answers.length === 0);
    return passes && !isLast ? pass(question) : answer;
  };
}

/** Each `forward` of a server block is asked in turn; one that is about another zone hands on. */
export const forward: Plugin = {
  name: 'forward',
  check,
  handle: (directives, context) => {
    const handlers = directives.map((directive, index) => handlerOf(directive, context, index === directives.length - 1));
    return (question, next) => {
      const ask = (index: number): Handler => (asked) => handlers[index]?.(asked, (passed) => ask(index + 1)(passed, next)) ?? next(asked);
      return ask(0)(question, next);
    };
  },
};
