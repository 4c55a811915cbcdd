// kubectl port-forward: a way into one pod over its own localhost. It passes no Service, no proxy and no policy, and so proves none of them.
import { find } from '../../sim/cluster/store.ts';
import { send } from '../../sim/lab.ts';
import type { NetworkPod } from '../../sim/model/network.ts';
import { both, failed } from '../command.ts';
import type { Answer } from '../command.ts';
import { listAt, textAt } from '../describe/writer.ts';
import { complain, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { podOf } from './exec.ts';
import { switchFlag, textFlag } from './flags.ts';

export const portForward: Verb = {
  name: 'port-forward', about: 'Forward one or more local ports to a pod', completes: 'pods', flags: [textFlag('address'), textFlag('pod-running-timeout'), switchFlag('disable-websockets')],
  run,
};

const isPort = (text: string): boolean => /^\d+$/.test(text) && Number(text) > 0 && Number(text) <= 65_535;

/** The pod's port that a Service's port means; a text is kubectl's complaint. */
function targetPort(call: VerbCall, name: string, pod: NetworkPod, port: string): number | string {
  const service = find(call.lab.store, { kind: 'Service', namespace: call.target, name })?.object;
  const ports = listAt(service, 'spec', 'ports');
  const found = ports.find((one) => textAt(one, 'port') === port || textAt(one, 'name') === port);
  if (found === undefined) return `Service ${name} does not have a service port ${port}`;
  if (textAt(service, 'spec', 'clusterIP') === 'None') return Number(textAt(found, 'port') ?? port);
  const target = textAt(found, 'targetPort') ?? textAt(found, 'port') ?? port;
  if (/^\d+$/.test(target)) return Number(target);
  const named = pod.containers.flatMap((container) => container.ports).find((one) => one.name === target);
  return named?.port ?? `Pod '${pod.name}' does not have a named port '${target}'`;
}

// Simplified: nothing stays in the background, so that kubectl tries the way once, as if somebody had connected, and ends.
function run(call: VerbCall): Answer {
  const [who, ...pairs] = call.words;
  if (who === undefined || pairs.length === 0) return usage('port-forward', 'TYPE/NAME and list of ports are required for port-forward');
  const pod = podOf(call, who);
  if (typeof pod === 'string') return failed(pod);
  if (pod.phase !== 'Running') return complain(`unable to forward port because pod is not running. Current status=${pod.phase}`);
  let out = '';
  let err = '';
  const traces = [];
  for (const pair of pairs) {
    const [first = '', second = first, ...more] = pair.split(':');
    if (more.length > 0) return complain(`invalid port format '${pair}'`);
    const isService = /^(svc|services?)\//.test(who);
    const remote = isService ? targetPort(call, who.slice(who.indexOf('/') + 1), pod, second) : isPort(second) ? Number(second) : pod.containers.flatMap((container) => container.ports).find((one) => one.name === second)?.port ?? `Pod '${pod.name}' does not have a named port '${second}'`;
    if (typeof remote === 'string') return complain(remote);
    const local = first === '' ? 40_000 + remote % 10_000 : /^\d+$/.test(first) ? Number(first) : remote;
    if (!isPort(String(local))) return complain(`error parsing local port "${first}": local port must be > 0`);
    out += `Forwarding from 127.0.0.1:${local} -> ${remote}\nForwarding from [::1]:${local} -> ${remote}\nHandling connection for ${local}\n`;
    const trace = send(call.lab, { from: { kind: 'pod', namespace: pod.namespace, name: pod.name, container: null }, to: { scheme: 'tcp', protocol: 'TCP', host: '127.0.0.1', port: remote, path: '', text: `tcp://127.0.0.1:${remote}` } });
    traces.push(trace);
    if (trace.verdict !== 'delivered') err += `error: lost connection to pod: an error occurred forwarding ${local} -> ${remote}: error forwarding port ${remote} to pod ${pod.name}: failed to connect to localhost:${remote} inside namespace, IPv4: dial tcp4 127.0.0.1:${remote}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found\n`;
  }
  const truth = `The lab ends it here. It reached ${pod.namespace}/${pod.name} over the pod's own localhost: no Service, no proxy and no policy was on the way.\n`;
  return both(out, err + truth, err === '' ? 0 : 1, { traces, meanings: ['port-forward'] });
}
