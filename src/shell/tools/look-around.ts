// What a process sees of its own place: files that the kubelet wrote, environment, names and users.
import { sortedEntries } from '../../sim/base/order.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { filters } from '../filters/filters.ts';
import { insideOf } from './inside.ts';

/** `cat`: the files of the place, what was written there, and standard input. */
export function cat(call: Call): Answer {
  const answer = filters['cat']?.(call);
  if (answer === undefined || answer.kind !== 'done') return failed('cat: no such file');
  const file = call.args.find((word) => !word.startsWith('-'));
  return { ...answer, meanings: [file === undefined || answer.status !== 0 ? 'exec cat' : `exec cat ${file}`] };
}

/** The environment of the place: what the kubelet put in, Services' variables among it. */
export function environmentOf(call: Call): Readonly<Record<string, string>> {
  const inside = insideOf(call);
  const links = inside.pod?.serviceLinks ?? {};
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOSTNAME: inside.hostname, HOME: '/root', ...links, ...inside.env };
}

/** `env` and `printenv [NAME]`. */
export function env(call: Call): Answer {
  const own = environmentOf(call);
  const beside = { meanings: ['exec env'] };
  const [name] = call.args;
  if (name !== undefined && call.name === 'printenv') {
    const value = Object.hasOwn(own, name) ? own[name] : undefined;
    return value === undefined ? failed('', 1, beside) : printed(`${value}\n`, beside);
  }
  // `env NAME=VALUE … COMMAND` runs the command.
  const at = call.args.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word) && !word.startsWith('-'));
  if (at >= 0) {
    const command = call.args[at] ?? '';
    const program = call.find(command);
    if (program === undefined) return failed(`env: '${command}': No such file or directory`, 127);
    return program({ ...call, name: command, args: call.args.slice(at + 1) });
  }
  const set = Object.fromEntries(call.args.filter((word) => word.includes('=')).map((word) => [word.replace(/=[\s\S]*$/, ''), word.replace(/^[^=]*=/, '')]));
  return printed(sortedEntries({ ...own, ...set }).map(([key, value]) => `${key}=${value}\n`).join(''), beside);
}

/** `hostname [-i|-I|-f|-s]`. */
export function hostname(call: Call): Answer {
  const { pod, ...inside } = insideOf(call);
  if (call.args.includes('-I')) return printed(`${inside.addresses.join(' ')} \n`);
  if (call.args.includes('-i') || call.args.includes('--ip-address')) return printed(`${inside.addresses.join(' ')}\n`);
  if (call.args.includes('-f') || call.args.includes('--fqdn')) return printed(`${pod === null ? inside.hostname : pod.subdomain === null ? pod.hostname : `${pod.hostname}.${pod.subdomain}.${pod.namespace}.svc.${call.lab.network.domain}`}\n`);
  return printed(`${inside.hostname}\n`);
}

export const whoami = (): Answer => printed('root\n');
export const id = (call: Call): Answer => printed(call.args.includes('-u') || call.args.includes('-g') ? '0\n' : 'uid=0(root) gid=0(root) groups=0(root)\n');
export const uname = (call: Call): Answer => printed(call.args.some((word) => /^-\w*a/.test(word)) ? `Linux ${insideOf(call).hostname} 6.12.0 #1 SMP x86_64 GNU/Linux\n` : call.args.includes('-r') ? '6.12.0\n' : call.args.includes('-n') ? `${insideOf(call).hostname}\n` : 'Linux\n');

/** `which NAME…` at a place. */
export function which(call: Call): Answer {
  const names = call.args.filter((word) => !word.startsWith('-'));
  const found = names.filter((name) => call.find(name) !== undefined);
  return { kind: 'done', status: found.length === names.length && names.length > 0 ? 0 : 1, output: found.map((name) => ({ stream: 'out', text: `/usr/bin/${name}\n` })) };
}

/** `ps`: the container's process, or the node's agents. */
export function ps(call: Call): Answer {
  const inside = insideOf(call);
  const processes = inside.from.kind === 'pod' ? [inside.from.container ?? 'app', call.name] : ['systemd', 'containerd', 'kubelet', ...(call.lab.network.nodes.find((node) => inside.from.kind === 'node' && node.name === inside.from.name)?.state.kubeProxyRuns === true && call.lab.network.proxy.mode !== 'none' ? ['kube-proxy'] : []), call.name];
  return printed(`PID   USER     TIME  COMMAND\n${processes.map((name, index) => `${String(index === 0 ? 1 : index * 7 + 1).padStart(5)} root      0:00 ${name}\n`).join('')}`);
}
