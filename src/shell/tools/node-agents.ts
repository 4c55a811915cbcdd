// What runs on a node and can be asked there: the container runtime, the kubelet and kube-proxy in systemd's and the journal's words.
import { hash32 } from '../../sim/base/choose.ts';
import { byText } from '../../sim/base/order.ts';
import { timestampOf } from '../../sim/cluster/server-metadata.ts';
import type { NetworkNode, NetworkPod } from '../../sim/model/network.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { aligned } from '../layout.ts';
import { insideOf } from './inside.ts';
import { nodeAt } from './interfaces.ts';

const nodeOf = (call: Call): NetworkNode | undefined => (insideOf(call).pod === null ? nodeAt(call.lab, insideOf(call)) : undefined);

const idOf = (text: string): string => [0, 1].map((part) => hash32(`${part}\u0000${text}`).toString(16).padStart(8, '0')).join('').slice(0, 13);

const podsOn = (call: Call, node: NetworkNode): readonly NetworkPod[] => call.lab.network.pods.filter((pod) => pod.node === node.name && pod.phase !== 'Succeeded' && pod.phase !== 'Failed').sort((left, right) => byText(left.namespace, right.namespace) || byText(left.name, right.name));

/** `crictl ps|pods|images|inspectp|inspect|logs|info` */
export function crictl(call: Call): Answer {
  const node = nodeOf(call);
  if (node === undefined) return failed('crictl: not here');
  const beside = { meanings: ['exec crictl'] };
  const [verb, ...rest] = call.args.filter((word, index) => !/^(-r|--runtime-endpoint)$/.test(word) && !/^(-r|--runtime-endpoint)$/.test(call.args[index - 1] ?? ''));
  const value = (name: string): string | undefined => { const at = rest.indexOf(name); return at >= 0 ? rest[at + 1] : undefined; };
  const pods = podsOn(call, node);
  const containers = pods.flatMap((pod) => pod.containers.filter((one) => one.kind !== 'init' || one.state === 'Running').map((one) => ({ pod, one, id: idOf(`${pod.namespace}/${pod.name}/${one.name}`), sandbox: idOf(`${pod.namespace}/${pod.name}`) })));
  switch (verb) {
    case 'ps': {
      const all = rest.includes('-a') || rest.includes('--all');
      const rows = containers.filter(({ one, pod }) => (all || one.state === 'Running') && (value('--name') === undefined || one.name.includes(value('--name') ?? '')) && (value('-p') ?? value('--pod') ?? idOf(`${pod.namespace}/${pod.name}`)) === idOf(`${pod.namespace}/${pod.name}`));
      return printed(aligned([['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'], ...rows.map(({ pod, one, id, sandbox }) => [id, one.image, 'About a minute ago', one.state === 'Running' ? 'Running' : 'Exited', one.name, String(one.restarts), sandbox, pod.name, pod.namespace])], 0, 5), beside);
    }
    case 'pods': {
      const rows = pods.filter((pod) => (value('--name') === undefined || pod.name.includes(value('--name') ?? '')) && (value('--namespace') === undefined || pod.namespace === value('--namespace')));
      return printed(aligned([['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], ...rows.map((pod) => [idOf(`${pod.namespace}/${pod.name}`), 'About a minute ago', pod.addresses.length > 0 || pod.hostNetwork ? 'Ready' : 'NotReady', pod.name, pod.namespace, '0', '(default)'])], 0, 10), beside);
    }
    case 'inspectp': {
      const found = pods.find((pod) => idOf(`${pod.namespace}/${pod.name}`).startsWith(rest[0] ?? '-'));
      if (found === undefined) return failed(`time="${timestampOf(call.lab.store.now)}" level=fatal msg="getting the status of the pod sandbox \\"${rest[0] ?? ''}\\": rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found"`);
      return printed(`${JSON.stringify({ status: { id: idOf(`${found.namespace}/${found.name}`), metadata: { name: found.name, namespace: found.namespace, attempt: 0 }, state: 'SANDBOX_READY', network: { ip: found.addresses[0] ?? '', additionalIps: found.addresses.slice(1).map((ip) => ({ ip })) }, linux: { namespaces: { options: { network: found.hostNetwork ? 'NODE' : 'POD' } } }, labels: found.labels } }, null, 2)}\n`, beside);
    }
    case 'inspect': {
      const found = containers.find(({ id }) => id.startsWith(rest[0] ?? '-'));
      if (found === undefined) return failed(`time="${timestampOf(call.lab.store.now)}" level=fatal msg="getting the status of the container \\"${rest[0] ?? ''}\\": rpc error: code = NotFound desc = an error occurred when try to find container: not found"`);
      return printed(`${JSON.stringify({ status: { id: found.id, metadata: { name: found.one.name, attempt: found.one.restarts }, state: found.one.state === 'Running' ? 'CONTAINER_RUNNING' : 'CONTAINER_EXITED', image: { image: found.one.image }, labels: { 'io.kubernetes.pod.name': found.pod.name, 'io.kubernetes.pod.namespace': found.pod.namespace } } }, null, 2)}\n`, beside);
    }
    case 'logs': {
      const wanted = rest.findLast((word) => !word.startsWith('-')) ?? '-';
      const found = containers.find(({ id }) => id.startsWith(wanted));
      return found === undefined ? failed(`E1123 remote_runtime.go: "ContainerStatus from runtime service failed" err="rpc error: code = NotFound desc = an error occurred when try to find container \\"${wanted}\\": not found"`) : printed(found.one.lastWords === null ? '' : `${found.one.lastWords}\n`, beside);
    }
    case 'images': {
      const images = [...new Set(containers.map(({ one }) => one.image))].sort(byText);
      return printed(aligned([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...images.map((image) => [image.replace(/:[^:/]*$/, ''), /:([^:/]*)$/.exec(image)?.[1] ?? 'latest', idOf(image), '24MB'])], 0, 5), beside);
    }
    default: return failed('the lab\'s crictl knows: crictl ps, pods, images, inspect, inspectp, logs', verb === undefined ? 0 : 1);
  }
}

const stampOf = (call: Call): string => {
  const [day = '', time = ''] = timestampOf(call.lab.store.now).replace('Z', '').split('T');
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${months[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(8)} ${time}`;
};

/** What the kubelet has written of what is wrong on its node. */
function kubeletLines(call: Call, node: NetworkNode): readonly string[] {
  const lines: string[] = [];
  if (!node.state.cniInstalled) lines.push('E1123 kubelet.go:2916] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"');
  for (const pod of podsOn(call, node)) {
    for (const container of pod.containers) {
      if (container.reason === 'CrashLoopBackOff') lines.push(`E1123 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"${container.name}\\" with CrashLoopBackOff: \\"back-off 5m0s restarting failed container=${container.name} pod=${pod.name}_${pod.namespace}\\"" pod="${pod.namespace}/${pod.name}"`);
    }
    if (pod.unready !== null && !pod.terminating && pod.containers.every(({ state }) => state === 'Running')) lines.push(`I1123 prober.go:120] "Probe failed" probeType="Readiness" pod="${pod.namespace}/${pod.name}" containerName="${pod.unready.container ?? pod.containers[0]?.name ?? ''}"`);
  }
  return lines.length > 0 ? lines : [`I1123 kubelet_node_status.go:78] "Successfully registered node" node="${node.name}"`];
}

/** What kube-proxy has written: its mode, or nothing where it does not run. */
function proxyLines(call: Call, node: NetworkNode): readonly string[] {
  const { proxy } = call.lab.network;
  if (proxy.mode === 'none') return [];
  if (!node.state.kubeProxyRuns) return ['E1123 run.go:72] "command failed" err="kube-proxy ended"'];
  return [`I1123 server_linux.go:138] "Using ${proxy.mode} Proxier"`, 'I1123 shared_informer.go:320] Caches are synced for service config', 'I1123 shared_informer.go:320] Caches are synced for endpoint slice config'];
}

/** `journalctl -u UNIT` */
export function journalctl(call: Call): Answer {
  const node = nodeOf(call);
  if (node === undefined) return failed('No journal files were found.');
  const at = call.args.findIndex((word) => word === '-u' || word === '--unit');
  const joined = call.args.map((word) => /^(?:-u|--unit=)(.+)$/.exec(word)?.[1]).find((word) => word !== undefined);
  const unit = (joined ?? (at >= 0 ? call.args[at + 1] : undefined) ?? '').replace(/\.service$/, '');
  const kernel = call.args.includes('-k') || call.args.includes('--dmesg');
  const last = Number(/^-n(\d+)$/.exec(call.args.find((word) => /^-n\d+$/.test(word)) ?? '')?.[1] ?? (call.args.includes('-n') ? call.args[call.args.indexOf('-n') + 1] : NaN));
  const beside = { meanings: [unit === '' ? 'exec journalctl' : `exec journalctl ${unit}`] };
  const number = hash32(unit) % 3000 + 700;
  const known: Readonly<Record<string, () => readonly string[]>> = { kubelet: () => kubeletLines(call, node), 'kube-proxy': () => proxyLines(call, node), containerd: () => [node.state.cniInstalled ? 'level=info msg="Start cri plugin with config"' : 'level=error msg="failed to load cni during init, please check CRI plugin status before setting up network for pods" error="cni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config"'] };
  if (kernel) return call.find('dmesg')?.({ ...call, name: 'dmesg', args: [] }) ?? printed('');
  if (unit === '') return failed('the lab\'s journal has units: journalctl -u kubelet, -u kube-proxy, -u containerd, and -k');
  if (!Object.hasOwn(known, unit)) return printed('-- No entries --\n', beside);
  const lines = known[unit]?.() ?? [];
  const shown = Number.isFinite(last) ? lines.slice(-last) : lines;
  return printed(shown.length === 0 ? '-- No entries --\n' : shown.map((line) => `${stampOf(call)} ${node.name} ${unit}[${number}]: ${line}\n`).join(''), beside);
}

// Simplified: restarting an agent of a node changes nothing, because what it keeps is worked out anew with every change.
/** `systemctl status|is-active|restart UNIT` */
export function systemctl(call: Call): Answer {
  const node = nodeOf(call);
  if (node === undefined) return failed('System has not been booted with systemd as init system (PID 1). Can\'t operate.');
  const [verb, ...rest] = call.args.filter((word) => !word.startsWith('-'));
  const units = rest.map((name) => name.replace(/\.service$/, ''));
  const beside = { meanings: [`exec systemctl ${verb ?? ''}`.trim()] };
  const [unit] = units;
  if (unit === undefined) return failed('the lab\'s systemctl knows: systemctl status | is-active | restart | cat kubelet (containerd)');
  if (!['kubelet', 'containerd'].includes(unit)) return failed(`Unit ${unit}.service could not be found.${unit === 'kube-proxy' ? '\nkube-proxy runs as a pod: kubectl -n kube-system get pods -l k8s-app=kube-proxy' : ''}`, 4, beside);
  switch (verb) {
    case 'is-active': return printed('active\n', beside);
    case 'status': {
      const about = unit === 'kubelet' ? 'kubelet: The Kubernetes Node Agent' : 'containerd container runtime';
      const log = unit === 'kubelet' ? kubeletLines(call, node) : [];
      return printed(`● ${unit}.service - ${about}\n     Loaded: loaded (/usr/lib/systemd/system/${unit}.service; enabled; preset: enabled)\n     Active: active (running)\n   Main PID: ${hash32(unit) % 3000 + 700} (${unit})\n\n${log.map((line) => `${stampOf(call)} ${node.name} ${unit}[${hash32(unit) % 3000 + 700}]: ${line}\n`).join('')}`, beside);
    }
    case 'restart': case 'start': case 'reload': return both('', `${unit} was restarted; nothing else changed: pods go on as they were, and what a pod was given at its start (resolv.conf, addresses) stays as it is\n`, 0, beside);
    case 'stop': return failed('the lab stops no agents of a node: the Cluster document says what runs there (spec.nodes)', 1, beside);
    case 'cat': return printed(`# /usr/lib/systemd/system/${unit}.service\n[Service]\nExecStart=/usr/bin/${unit}\n`, beside);
    default: return failed(`Unknown command verb '${verb ?? ''}'.`, 1, beside);
  }
}
