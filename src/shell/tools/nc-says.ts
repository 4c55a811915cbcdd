// What `nc -zv` says of a port: netcat of OpenBSD, as Debian and Ubuntu have it.
import { parseAddress } from '../../sim/base/address.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import type { Inside } from '../command.ts';
import { errnoOf, errnoText, kernelGivesUp, triedBefore, went } from './ask-network.ts';

export interface NcEnd {
  readonly status: number;
  /** Lines on standard error, each with its end. */
  readonly text: string;
}

/** Names of ports that Debian's /etc/services has and that people meet in clusters. */
const portNames: Readonly<Record<string, string>> = {
  '22/tcp': 'ssh', '25/tcp': 'smtp', '53/tcp': 'domain', '53/udp': 'domain', '67/udp': 'bootps', '80/tcp': 'http', '110/tcp': 'pop3', '123/udp': 'ntp', '143/tcp': 'imap2', '161/udp': 'snmp', '389/tcp': 'ldap',
  '443/tcp': 'https', '443/udp': 'https', '514/udp': 'syslog', '636/tcp': 'ldaps', '993/tcp': 'imaps', '1433/tcp': 'ms-sql-s', '1883/tcp': 'mqtt', '2049/tcp': 'nfs', '3128/tcp': 'squid', '3306/tcp': 'mysql', '4369/tcp': 'epmd', '4789/udp': 'vxlan',
  '5432/tcp': 'postgresql', '5672/tcp': 'amqp', '6379/tcp': 'redis', '8080/tcp': 'http-alt', '8125/udp': 'statsd', '9418/tcp': 'git', '10050/tcp': 'zabbix-agent', '11211/tcp': 'memcache',
};

/** Ports by the names that people type. */
export const portNumbers: Readonly<Record<string, number>> = Object.fromEntries(Object.entries(portNames).map(([key, name]) => [name, Number(key.replace(/\/.*$/, ''))]));

/** What comes of `nc -zv [-w N] HOST PORT` (with `-u` for UDP). `limit` in seconds. */
export function ncSays(trace: Trace, walk: Walk, limit: number | null, inside: Inside | null = null): NcEnd {
  const end = lastSays(trace, walk, limit, inside);
  const { host, port, protocol } = trace.request.to;
  // One line for every address of the name, in the order of /etc/hosts: ::1 before 127.0.0.1.
  const lines = protocol === 'UDP' ? [] : triedBefore(trace, walk).map((ip) => `nc: connect to ${host} (${ip}) port ${port ?? 0} (${protocol === 'SCTP' ? 'sctp' : 'tcp'}) failed: Connection refused\n`);
  return { ...end, text: lines.join('') + end.text };
}

function lastSays(trace: Trace, walk: Walk, limit: number | null, inside: Inside | null): NcEnd {
  const { host, protocol } = trace.request.to;
  const port = trace.request.to.port ?? 0;
  const proto = protocol === 'UDP' ? 'udp' : protocol === 'SCTP' ? 'sctp' : 'tcp';
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') {
    const why = walk.verdict === 'name-not-found' ? 'Name or service not known' : 'Temporary failure in name resolution';
    return { status: 1, text: `nc: getaddrinfo for host "${host}" port ${port}: ${why}\n` };
  }
  // An address that is not what was typed stands behind the name.
  const shown = parseAddress(host) === undefined ? ` (${went(trace, walk)})` : '';
  const errno = errnoOf(walk);
  const words = errno === null || inside === null ? errno : errnoText(errno, inside);
  if (proto === 'udp') {
    // Nothing tells a datagram that arrived from one that was dropped: nc believes in both. Only ICMP makes it fail, and then it says nothing.
    if (errno === 'Connection refused') return { status: 1, text: '' };
    if (errno === 'No route to host' || errno === 'Network is unreachable') return { status: 1, text: `nc: connect to ${host}${shown} port ${port} (udp) failed: ${words}\n` };
  } else if (errno === 'Connection timed out' && limit !== null && limit < kernelGivesUp) {
    return { status: 1, text: `nc: connect to ${host}${shown} port ${port} (${proto}) timed out: Operation now in progress\n` };
  } else if (errno === 'No route to host' && limit !== null && limit < (walk.elapsed ?? 0)) {
    return { status: 1, text: `nc: connect to ${host}${shown} port ${port} (${proto}) timed out: Operation now in progress\n` };
  } else if (errno !== null) {
    return { status: 1, text: `nc: connect to ${host}${shown} port ${port} (${proto}) failed: ${words}\n` };
  }
  return { status: 0, text: `Connection to ${host}${shown} ${port} port [${proto}/${portNames[`${port}/${proto}`] ?? '*'}] succeeded!\n` };
}
