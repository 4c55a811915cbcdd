// SOURCE and TARGET as they are typed (cli.md): read, checked against the network, and written again.
import { parseAddress } from '../base/address.ts';
import { byText } from '../base/order.ts';
import { outsideClient } from '../controlplane/compile/outside.ts';
import { fail, succeed, type Result } from '../base/result.ts';
import { printable } from './printable.ts';
import type { Network, NetworkPod } from '../model/network.ts';
import type { Problem } from '../model/problem.ts';
import type { Source, Target } from '../model/request.ts';

const problem = (code: string, says: string, help: string | null = null): { readonly ok: false; readonly failures: readonly Problem[] } =>
  fail({ code, severity: 'error', says, where: null, help });

const forms = 'A SOURCE is NAMESPACE/POD[:CONTAINER], NAMESPACE/WORKLOAD, NAMESPACE/KIND/NAME, node/NAME or external[/IP][@NODE].';

const aliases: Readonly<Record<string, string>> = {
  deployment: 'Deployment', deployments: 'Deployment', deploy: 'Deployment', replicaset: 'ReplicaSet', replicasets: 'ReplicaSet', rs: 'ReplicaSet', statefulset: 'StatefulSet', statefulsets: 'StatefulSet', sts: 'StatefulSet',
  daemonset: 'DaemonSet', daemonsets: 'DaemonSet', ds: 'DaemonSet', job: 'Job', jobs: 'Job', cronjob: 'CronJob', cronjobs: 'CronJob', cj: 'CronJob', replicationcontroller: 'ReplicationController', replicationcontrollers: 'ReplicationController', rc: 'ReplicationController', pod: 'Pod', pods: 'Pod', po: 'Pod',
};

function external(text: string, network: Network): Result<Source, Problem> {
  const match = /^external(?:\/([^@]*))?(?:@(.+))?$/.exec(text);
  const ip = match?.[1] ?? network.outside.client;
  const atNode = match?.[2] ?? null;
  if (match === null || parseAddress(ip) === undefined) return problem('invalid-source', `"${printable(text)}" is no source: external/IP needs an IP address.`, forms);
  if (atNode !== null && !network.nodes.some(({ name }) => name === atNode)) return problem('unknown-source', `there is no node "${printable(atNode)}"`, `Nodes: ${network.nodes.map(({ name }) => name).join(', ')}.`);
  return succeed({ kind: 'external', ip, atNode });
}

function ofPod(pod: NetworkPod, container: string | null): Result<Source, Problem> {
  const name = `${pod.namespace}/${pod.name}`;
  if (!pod.running) return problem('source-not-running', `pod ${name} is not running (${pod.status})`);
  if (container !== null && !pod.containers.some((one) => one.name === container)) return problem('unknown-source', `pod ${name} has no container "${printable(container)}"`, `Its containers: ${pod.containers.map((one) => one.name).join(', ')}.`);
  return succeed({ kind: 'pod', namespace: pod.namespace, name: pod.name, container });
}

/** A workload is its first running pod by name. */
function ofWorkload(network: Network, namespace: string, kind: string | null, name: string, text: string): Result<Source, Problem> {
  const found = network.workloads.filter(({ ref }) => ref.namespace === namespace && ref.name === name && (kind === null || ref.kind === kind));
  const [workload, second] = found;
  if (workload === undefined) return problem('unknown-source', `nothing in the cluster is called "${printable(text)}"`, known(network, namespace));
  if (second !== undefined) return problem('ambiguous-source', `"${text}" is a ${found.map(({ ref }) => ref.kind).sort(byText).join(' and a ')}`, `Write ${found.map(({ ref }) => `${namespace}/${ref.kind}/${name}`).sort(byText).join(' or ')}.`);
  const pod = network.pods.find((candidate) => candidate.running && candidate.namespace === namespace && candidate.owner.kind === workload.ref.kind && candidate.owner.name === name);
  return pod === undefined ? problem('source-not-running', `${workload.ref.kind} ${namespace}/${name} has no running pod`) : succeed({ kind: 'pod', namespace, name: pod.name, container: null });
}

function known(network: Network, namespace: string): string {
  const own = network.workloads.filter(({ ref }) => ref.namespace === namespace).map(({ ref }) => ref);
  // Two of one name are told apart by their kinds.
  const names = own.map(({ kind, name }) => (own.some((other) => other.name === name && other.kind !== kind) ? `${namespace}/${kind}/${name}` : `${namespace}/${name}`));
  if (names.length > 0) return `There are: ${names.join(', ')}.`;
  return network.namespaces.some(({ name }) => name === namespace) ? forms : `There is no namespace "${printable(namespace)}". ${forms}`;
}

export function parseSource(text: string, network: Network): Result<Source, Problem> {
  if (/^external([/@]|$)/.test(text)) return external(text, network);
  const parts = text.split('/');
  const [first = '', second = '', third] = parts;
  if (first === 'node' && third === undefined && second !== '') return network.nodes.some(({ name }) => name === second) ? succeed({ kind: 'node', name: second }) : problem('unknown-source', `there is no node "${printable(second)}"`, `Nodes: ${network.nodes.map(({ name }) => name).join(', ')}.`);
  if (parts.length < 2 || parts.length > 3 || parts.some((part) => part === '')) return problem('invalid-source', `"${printable(text)}" is no source`, forms);
  if (third !== undefined) {
    const kind = aliases[second.toLowerCase()];
    if (kind === undefined) return problem('invalid-source', `"${printable(second)}" is no kind of workload`, forms);
    if (kind !== 'Pod') return ofWorkload(network, first, kind, third, text);
  }
  const [name = '', container = null] = (third ?? second).split(':');
  const pod = network.pods.find((candidate) => candidate.namespace === first && candidate.name === name);
  if (pod !== undefined) return ofPod(pod, container);
  if (third !== undefined || container !== null) return problem('unknown-source', `there is no pod "${printable(`${first}/${name}`)}"`, known(network, first));
  return ofWorkload(network, first, null, name, text);
}

/** As {@link parseSource} reads it. */
export function sourceText(source: Source): string {
  if (source.kind === 'node') return `node/${source.name}`;
  if (source.kind === 'external') return `external${source.ip === outsideClient ? '' : `/${source.ip}`}${source.atNode === null ? '' : `@${source.atNode}`}`;
  return `${source.namespace}/${source.name}${source.container === null ? '' : `:${source.container}`}`;
}

const targetForms = 'A TARGET is [PROTOCOL://]HOST[:PORT][/PATH] with http, https, tcp, udp, sctp or icmp.';
const schemes = { http: { protocol: 'TCP', port: 80 }, https: { protocol: 'TCP', port: 443 }, tcp: { protocol: 'TCP', port: null }, udp: { protocol: 'UDP', port: null }, sctp: { protocol: 'SCTP', port: null }, icmp: { protocol: 'ICMP', port: null } } as const;

const isScheme = (text: string): text is keyof typeof schemes => Object.hasOwn(schemes, text);

export function parseTarget(text: string): Result<Target, Problem> {
  const shown = printable(text);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*@/.test(text)) return problem('invalid-target', `"${shown}": a TARGET takes no user and password`, targetForms);
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^:/[\]]*)(?::([^/]*))?(\/.*)?$/s.exec(text);
  const scheme = (match?.[1] ?? 'tcp').toLowerCase();
  if (match === null || !isScheme(scheme)) return problem('invalid-target', match === null ? `"${shown}" is no target` : `"${printable(scheme)}" is no protocol of a target`, targetForms);
  const bracketed = match[2] ?? '';
  const host = bracketed.replace(/^\[|\]$/g, '');
  if (host === '' || /[\s\u0000-\u001f\u007f]/.test(host)) return problem('invalid-target', `"${shown}" names no host`, targetForms);
  if (bracketed.startsWith('[') && !(parseAddress(host)?.family === 'IPv6')) return problem('invalid-target', `"${shown}": what stands in brackets is no IPv6 address`, targetForms);
  if (/^[\d.]+$/.test(host) && parseAddress(host) === undefined) return problem('invalid-target', `"${shown}": ${host} is no IPv4 address`, targetForms);
  const { protocol, port: usual } = schemes[scheme];
  const typed = match[3];
  if (typed !== undefined && (!/^\d{1,5}$/.test(typed) || Number(typed) < 1 || Number(typed) > 65535)) return problem('invalid-target', `"${shown}": a port is a number from 1 to 65535`, targetForms);
  if (protocol === 'ICMP' && typed !== undefined) return problem('invalid-target', `"${shown}": icmp takes no port`, targetForms);
  const port = typed === undefined ? usual : Number(typed);
  if (port === null && protocol !== 'ICMP') return problem('invalid-target', `"${shown}": ${scheme} needs a port`, targetForms);
  return succeed({ scheme, protocol, host, port, path: match[4] ?? '', text });
}
