// What a process sees of its own container: files that the kubelet wrote, environment, sockets, names and addresses.
import { byText, sortedEntries } from '../../sim/base/order.ts';
import { find } from '../../sim/cluster/store.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { at } from '../describe/writer.ts';
import { filters } from '../filters/filters.ts';
import { aligned } from '../layout.ts';
import { insideOf } from './inside.ts';

/** `cat`: the two files of the network, and standard input. */
export function cat(call: Call): Answer {
  const inside = insideOf(call);
  const files: Readonly<Record<string, string>> = {
    '/etc/resolv.conf': inside.resolvConf,
    '/etc/hosts': inside.hostsFile,
    '/etc/hostname': `${inside.hostname}\n`,
    ...(inside.pod === null ? {} : { '/var/run/secrets/kubernetes.io/serviceaccount/namespace': inside.pod.namespace }),
  };
  const names = call.args.filter((word) => !word.startsWith('-'));
  const text = Object.fromEntries(names.map((name) => [name, Object.hasOwn(files, name) ? files[name] ?? '' : undefined]));
  const read = Object.fromEntries(Object.entries(text).flatMap(([name, content]) => (content === undefined ? [] : [[name, content] as const])));
  const answer = filters['cat']?.({ ...call, inputs: { files: read, missing: names.filter((name) => text[name] === undefined), stdin: null } });
  if (answer === undefined || answer.kind !== 'done') return failed('cat: no such file');
  const file = names.find((name) => Object.hasOwn(files, name));
  return { ...answer, meanings: [file === undefined ? 'exec cat' : `exec cat ${file}`] };
}

/** `env` and `printenv [NAME]`. */
export function env(call: Call): Answer {
  const inside = insideOf(call);
  const own: Record<string, string> = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOSTNAME: inside.hostname, HOME: '/root', ...serviceLinks(call), ...inside.env };
  const [name] = call.args;
  if (name !== undefined && call.name === 'printenv') {
    const value = Object.hasOwn(own, name) ? own[name] : undefined;
    return value === undefined ? failed('', 1, { meanings: ['exec env'] }) : printed(`${value}\n`, { meanings: ['exec env'] });
  }
  return printed(sortedEntries(own).map(([key, value]) => `${key}=${value}\n`).join(''), { meanings: ['exec env'] });
}

/** The variables for Services that were there when the pod started (docker links, `enableServiceLinks`), and for the API server's. */
function serviceLinks(call: Call): Readonly<Record<string, string>> {
  const { pod } = insideOf(call);
  if (pod === null) return {};
  const { store, network } = call.lab;
  const stored = find(store, pod.ref);
  const wanted = stored !== undefined && at(stored.object, 'spec', 'enableServiceLinks') !== false;
  const variables: Record<string, string> = {};
  for (const service of network.services) {
    const { namespace, name } = service.ref;
    const [ip] = service.clusterAddresses;
    const [first] = service.ports;
    const apiServer = namespace === 'default' && name === 'kubernetes';
    if (ip === undefined || first === undefined || service.headless || !(apiServer || (wanted && namespace === pod.namespace))) continue;
    if (!apiServer && (find(store, service.ref)?.created ?? 0) > (stored?.created ?? 0)) continue;
    const prefix = name.toUpperCase().replaceAll('-', '_');
    const host = ip.includes(':') ? `[${ip}]` : ip;
    const url = (port: { readonly protocol: string; readonly port: number }): string => `${port.protocol.toLowerCase()}://${host}:${port.port}`;
    variables[`${prefix}_SERVICE_HOST`] = ip;
    variables[`${prefix}_SERVICE_PORT`] = String(first.port);
    variables[`${prefix}_PORT`] = url(first);
    for (const port of service.ports) {
      if (port.name !== '') variables[`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port);
      const each = `${prefix}_PORT_${port.port}_${port.protocol}`;
      variables[each] = url(port);
      variables[`${each}_PROTO`] = port.protocol.toLowerCase();
      variables[`${each}_PORT`] = String(port.port);
      variables[`${each}_ADDR`] = ip;
    }
  }
  return variables;
}

/** `ss -lnt` and `netstat -lnt`: who listens where. Simplified: connections are not kept, so only listening sockets are shown. */
export function ss(call: Call): Answer {
  const inside = insideOf(call);
  const letters = call.args.filter((word) => word.startsWith('-')).join('');
  const [tcp, udp] = [letters.includes('t'), letters.includes('u')];
  const sockets = inside.sockets.filter((socket) => (socket.protocol === 'TCP' ? tcp || !udp : socket.protocol === 'UDP' && (udp || !tcp)));
  const lines = [...sockets].sort((left, right) => byText(left.protocol, right.protocol) || left.port - right.port || byText(left.ip, right.ip));
  const local = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);
  const peer = (ip: string): string => (ip.includes(':') ? '[::]:*' : '0.0.0.0:*');
  const process = (container: string): string => (letters.includes('p') ? `users:(("${container}",pid=1,fd=3))` : '');
  if (call.name === 'netstat') {
    const rows = lines.map((socket) => [socket.ip.includes(':') ? `${socket.protocol.toLowerCase()}6` : socket.protocol.toLowerCase(), '0', '0', `${socket.ip}:${socket.port}`, socket.ip.includes(':') ? ':::*' : '0.0.0.0:*', socket.protocol === 'TCP' ? 'LISTEN' : ''] as const);
    const body = rows.map(([proto, receive, send, local, foreign, state]) => `${proto.padEnd(5)} ${receive.padStart(6)} ${send.padStart(6)} ${local.padEnd(23)} ${foreign.padEnd(23)} ${state.padEnd(11)} \n`).join('');
    return printed(`Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State      \n${body}`, { meanings: ['exec ss'] });
  }
  const both = tcp === udp;
  const heading = [...(both ? ['Netid'] : []), 'State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', 'Process'];
  const rows = lines.map((socket) => [...(both ? [socket.protocol.toLowerCase()] : []), socket.protocol === 'TCP' ? 'LISTEN' : 'UNCONN', '0', socket.protocol === 'TCP' ? '4096' : '0', `${local(socket.ip)}:${socket.port}`, peer(socket.ip), process(socket.container)]);
  return printed(aligned([heading, ...rows], 0, 1), { meanings: ['exec ss'] });
}

/** `hostname [-i]`. */
export function hostname(call: Call): Answer {
  const { pod, ...inside } = insideOf(call);
  if (call.args.includes('-i') || call.args.includes('-I')) return printed(`${inside.addresses.join(' ')}\n`);
  if (call.args.includes('-f')) return printed(`${pod === null ? inside.hostname : pod.subdomain === null ? pod.hostname : `${pod.hostname}.${pod.subdomain}.${pod.namespace}.svc.${call.lab.network.domain}`}\n`);
  return printed(`${inside.hostname}\n`);
}
