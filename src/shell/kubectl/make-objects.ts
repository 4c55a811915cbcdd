// Verbs that write an object from flags: create deployment | service | namespace | configmap, run, expose.
import { find } from '../../sim/cluster/store.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import type { KubeObject, Labels } from '../../sim/model/object.ts';
import { change } from '../../sim/lab.ts';
import { both, failed, insideContainer } from '../command.ts';
import type { Answer, Piece } from '../command.ts';
import { toolsOf } from '../tools/tools.ts';
import { at, listAt, textAt } from '../describe/writer.ts';
import { fromFiles } from './apply.ts';
import { complain, lacks, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { createCronJob, createJob } from './create-batch.ts';
import { createConfigMap, createSecret, labelsIn } from './create-data.ts';
import { createIngress } from './create-ingress.ts';
import { oneName, sendObject } from './send-object.ts';
import type { Made } from './send-object.ts';
import { runAt } from './exec.ts';
import { allFound, selectObjects } from './find-objects.ts';
import { dryRunFlag, fileFlags, isOn, numberFlag, numberOf, outputFlag, selectorFlag, switchFlag, textFlag, textOf, textsOf } from './flags.ts';

export const create: Verb = {
  name: 'create', about: 'Create a resource from a file or from stdin', completes: 'subcommands', subcommands: ['configmap', 'cronjob', 'deployment', 'ingress', 'job', 'namespace', 'secret', 'service', 'serviceaccount'],
  flags: [...fileFlags, dryRunFlag, outputFlag, selectorFlag, switchFlag('save-config'), textFlag('validate'), textFlag('image'), numberFlag('replicas', 'r'), numberFlag('port'), textFlag('tcp'), textFlag('clusterip'), numberFlag('node-port'), textFlag('external-name'), textFlag('from-literal'), textFlag('from-file'), textFlag('from-env-file'), switchFlag('append-hash'), textFlag('type'), textFlag('cert'), textFlag('key'), textFlag('docker-server'), textFlag('docker-username'), textFlag('docker-password'), textFlag('docker-email'), textFlag('from'), textFlag('schedule'), textFlag('restart'), textFlag('class'), textFlag('rule'), textFlag('default-backend'), textFlag('annotation'), textFlag('field-manager'), textFlag('template'), textFlag('verb'), textFlag('resource'), textFlag('resource-name'), textFlag('role'), textFlag('clusterrole'), textFlag('serviceaccount'), textFlag('user'), textFlag('group'), textFlag('hard'), textFlag('min-available'), textFlag('max-unavailable'), textFlag('value'), textFlag('duration'), textFlag('audience'), switchFlag('edit'), switchFlag('windows-line-endings'), textFlag('raw')],
  run: (call) => {
    const [sub, ...rest] = call.words;
    if (sub === undefined) return fromFiles(call, 'create');
    const inner = { ...call, verb: `create ${sub}` };
    switch (sub) {
      case 'deployment': case 'deploy': return createDeployment(inner, rest);
      case 'namespace': case 'ns': return oneName('create namespace', rest) ?? sendObject(inner, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: rest[0] ?? '' } });
      case 'service': case 'svc': return createService(inner, rest);
      case 'configmap': case 'cm': return createConfigMap(inner, rest);
      case 'secret': return createSecret(inner, rest);
      case 'job': return createJob(inner, rest);
      case 'cronjob': case 'cj': return createCronJob(inner, rest);
      case 'ingress': case 'ing': return createIngress(inner, rest);
      case 'serviceaccount': case 'sa': return oneName('create serviceaccount', rest) ?? sendObject(inner, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: rest[0] ?? '' } }, { wraps: 'failed to create serviceaccount' });
      case 'clusterrole': case 'clusterrolebinding': case 'poddisruptionbudget': case 'pdb': case 'priorityclass': case 'pc': case 'quota': case 'resourcequota': case 'role': case 'rolebinding': case 'token':
        return lacks(`kubectl create ${sub}; write a manifest and apply it`);
      default: return usage('create', `Unexpected args: [${call.words.join(' ')}]`);
    }
  },
};

function createDeployment(call: VerbCall, words: readonly string[]): Answer {
  const images = textsOf(call.flags, 'image').flatMap((text) => text.split(','));
  if (images.length === 0) return complain('required flag(s) "image" not set');
  const wrong = oneName('create deployment', words.slice(0, call.flags.dash === null ? undefined : call.flags.dash - 1));
  if (wrong !== null) return wrong;
  const [name = '', ...command] = words;
  const labels = { app: name };
  const port = numberOf(call.flags, 'port');
  const containers = images.map((image) => ({ name: containerName(image), image, ...(port === undefined ? {} : { ports: [{ containerPort: port }] }), ...(command.length > 0 && images.length === 1 ? { command } : {}) }));
  return sendObject(call, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels }, spec: { replicas: numberOf(call.flags, 'replicas') ?? 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } } }, { wraps: 'failed to create deployment' });
}

/** The last part of an image without tag and digest, as kubectl names the container. */
const containerName = (image: string): string => image.replace(/@.*$/, '').replace(/^.*\//, '').replace(/:.*$/, '').replace(/[^a-z0-9-]/g, '-');

function createService(call: VerbCall, words: readonly string[]): Answer {
  const [type, ...rest] = words;
  const kinds: Readonly<Record<string, string>> = { clusterip: 'ClusterIP', nodeport: 'NodePort', loadbalancer: 'LoadBalancer', externalname: 'ExternalName' };
  if (type === undefined) return both('', 'Create a service using a specified subcommand.\n\nAliases:\nservice, svc\n\nAvailable Commands:\n  clusterip      Create a ClusterIP service\n  externalname   Create an ExternalName service\n  loadbalancer   Create a LoadBalancer service\n  nodeport       Create a NodePort service\n\nUsage:\n  kubectl create service [flags] [options]\n\nUse "kubectl create service <command> --help" for more information about a given command.\nUse "kubectl options" for a list of global command-line options (applies to all commands).\n', 1);
  const real = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (real === undefined) return usage('create service', `unknown command "${type}"`);
  const wrong = oneName(`create service ${type}`, rest);
  if (wrong !== null) return wrong;
  const [name = ''] = rest;
  const clusterIP = textOf(call.flags, 'clusterip');
  const pairs = textsOf(call.flags, 'tcp').flatMap((text) => text.split(','));
  if (pairs.length === 0 && clusterIP !== 'None' && real !== 'ExternalName') return complain('at least one tcp port specifier must be provided');
  const externalName = textOf(call.flags, 'external-name');
  if (real === 'ExternalName' && externalName === undefined) return complain('required flag(s) "external-name" not set');
  const nodePort = numberOf(call.flags, 'node-port');
  const ports = pairs.map((pair) => {
    const [port = '', target = port] = pair.split(':');
    return { name: pair.replace(':', '-'), port: Number(port), protocol: 'TCP', targetPort: /^\d+$/.test(target) ? Number(target) : target, ...(nodePort === undefined ? {} : { nodePort }) };
  });
  for (const pair of pairs) {
    const [port = '', target = port] = pair.split(':');
    if (!/^\d+$/.test(port)) return complain(`strconv.ParseUint: parsing "${port}": invalid syntax`);
    if (Number(port) > 65_535 || (/^\d+$/.test(target) && (Number(target) < 1 || Number(target) > 65_535))) return complain(Number(port) > 65_535 ? `strconv.ParseUint: parsing "${port}": value out of range` : 'must be between 1 and 65535, inclusive');
  }
  const labels = { app: name };
  return sendObject(call, { apiVersion: 'v1', kind: 'Service', metadata: { name, labels }, spec: { type: real, ...(ports.length === 0 ? {} : { ports }), ...(clusterIP === undefined ? {} : { clusterIP }), selector: labels, ...(externalName === undefined ? {} : { externalName }) } }, { wraps: `failed to create ${real} service` });
}

export const run: Verb = {
  name: 'run', about: 'Run a particular image on the cluster', completes: 'nothing',
  flags: [textFlag('image'), textFlag('labels', 'l'), textFlag('env'), numberFlag('port'), switchFlag('expose'), textFlag('restart'), switchFlag('stdin', 'i'), switchFlag('tty', 't'), switchFlag('rm'), switchFlag('command'), switchFlag('attach'), switchFlag('quiet', 'q'), textFlag('overrides'), textFlag('annotations'), textFlag('image-pull-policy'), dryRunFlag, outputFlag, switchFlag('privileged')],
  run: (call) => {
    const image = textOf(call.flags, 'image');
    if (image === undefined) return complain('required flag(s) "image" not set');
    const [name, ...rest] = call.words;
    if (name === undefined) return complain('NAME is required for run');
    const attached = isOn(call.flags, 'stdin') || isOn(call.flags, 'tty') || isOn(call.flags, 'attach');
    if (isOn(call.flags, 'rm') && !attached) return complain('--rm should only be used for attached containers');
    if (textOf(call.flags, 'overrides') !== undefined) return lacks('run --overrides; write a manifest and apply it');
    const given = textOf(call.flags, 'labels');
    const labels = given === undefined ? { run: name } : labelsIn(given);
    if (typeof labels === 'string') return complain(`unexpected label spec: ${labels}`);
    if (/\s/.test(image) || image === '') return complain(`invalid image name ${JSON.stringify(image)}: invalid reference format`);
    const badEnv = textsOf(call.flags, 'env').find((pair) => !/^[^=]+=/.test(pair));
    if (badEnv !== undefined) return complain(`invalid env: ${badEnv}`);
    const env = textsOf(call.flags, 'env').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }));
    const port = numberOf(call.flags, 'port');
    const restart = textOf(call.flags, 'restart') ?? (attached ? 'OnFailure' : 'Always');
    if (!['Always', 'OnFailure', 'Never'].includes(restart)) return complain(`invalid restart policy: ${restart}, valid values are: Always, OnFailure, Never`);
    const container = { name, image, ...(rest.length === 0 ? {} : isOn(call.flags, 'command') ? { command: rest } : { args: rest }), ...(env.length === 0 ? {} : { env }), ...(port === undefined ? {} : { ports: [{ containerPort: port }] }) };
    const dry = textOf(call.flags, 'dry-run') ?? 'none';
    const pod: Made = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: { containers: [container], restartPolicy: restart, dnsPolicy: 'ClusterFirst' } };
    if (isOn(call.flags, 'expose') && port === undefined) return complain('--port must be set when exposing a service');
    if (attached && dry === 'none') return runAttached(call, pod, name, rest);
    const made = sendObject(call, pod);
    if (!isOn(call.flags, 'expose') || made.kind !== 'done' || made.status !== 0) return made;
    const exposed = sendObject({ ...call, lab: made.lab ?? call.lab }, { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector: labels } });
    return exposed.kind === 'done' ? { ...exposed, output: [...made.output, ...exposed.output], meanings: [...(made.meanings ?? []), ...(exposed.meanings ?? [])] } : exposed;
  },
};

/** `kubectl run -i --rm … -- COMMAND`: a pod that lives as long as its command. */
// Simplified: a command that fails ends the pod, also where the restart policy would try it again; kubectl's hints about attaching are left out.
function runAttached(call: VerbCall, pod: Made, name: string, command: readonly string[]): Answer {
  const created = sendObject({ ...call, flags: { ...call.flags, values: new Map([...call.flags.values].filter(([flag]) => flag !== 'output')) } }, pod);
  if (created.kind !== 'done' || created.status !== 0 || created.lab === undefined) return created;
  const warnings = created.output.filter((piece) => piece.stream === 'err');
  const running = created.lab.network.pods.find((one) => one.namespace === call.target && one.name === name);
  const [container] = running?.containers ?? [];
  const meanings = created.meanings ?? [];
  if (running === undefined || container === undefined || !running.running) return { kind: 'done', status: 1, output: [...warnings, { stream: 'err', text: 'error: timed out waiting for the condition\n' }], lab: created.lab, meanings };
  const inside = { ...insideContainer(running, container, isOn(call.flags, 'tty')) };
  const find_ = toolsOf(container.image);
  // The image of curl puts its own name in front of what is no program.
  const words = /curlimages\/curl/.test(container.image) && find_(command[0] ?? '') === undefined ? ['curl', ...command] : command.length === 0 ? ['sh'] : command;
  const ran = runAt({ ...call, lab: created.lab }, words, inside, find_, isOn(call.flags, 'stdin') ? call.stdin : null);
  if (ran?.opens !== undefined) {
    // Simplified: a shell that stays keeps its pod; nobody deletes it when the shell ends.
    const kept = isOn(call.flags, 'rm') ? `the lab keeps pod ${name} after the shell: kubectl delete pod ${name}\n` : '';
    return { kind: 'done', status: 0, output: [...warnings, { stream: 'err', text: `If you don't see a command prompt, try pressing enter.\n${kept}` }], lab: created.lab, opens: ran.opens, meanings };
  }
  const done = ran ?? failed(`error: pod ${call.target}/${name} terminated (StartError)\nfailed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ${JSON.stringify(words[0])}: executable file not found in $PATH: unknown`, 128);
  const ended: readonly Piece[] = ran === undefined || done.status === 0 ? [] : [{ stream: 'err', text: `pod ${call.target}/${name} terminated (Error)\n` }];
  const removed = isOn(call.flags, 'rm') ? change(created.lab, [{ verb: 'delete', ref: { kind: 'Pod', namespace: call.target, name } }]) : null;
  const gone: readonly Piece[] = removed?.ok === true && !isOn(call.flags, 'quiet') ? [{ stream: 'out', text: `pod "${name}" deleted from ${call.target} namespace\n` }] : [];
  return {
    kind: 'done', status: done.status, output: [...warnings, ...done.output, ...gone, ...ended], lab: removed?.ok === true ? removed.value.lab : created.lab,
    ...(done.traces === undefined ? {} : { traces: done.traces }), ...(done.lookups === undefined ? {} : { lookups: done.lookups }), ...(done.sent === undefined ? {} : { sent: done.sent }), ...(done.seconds === undefined ? {} : { seconds: done.seconds }), meanings: [...meanings, ...(done.meanings ?? [])],
  };
}

export const expose: Verb = {
  name: 'expose', about: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service', completes: 'objects',
  flags: [...fileFlags, textFlag('port'), textFlag('target-port'), textFlag('name'), textFlag('type'), textFlag('protocol'), textFlag('selector'), textFlag('labels', 'l'), textFlag('cluster-ip'), textFlag('external-ip'), textFlag('session-affinity'), textFlag('load-balancer-ip'), dryRunFlag, outputFlag],
  run: (call) => {
    if (call.words.length === 0) return complain("You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
    // Here --selector is the new Service's own, not a choice of objects.
    const chosen = new Map([...call.flags.values].filter(([flag]) => flag !== 'selector'));
    const selected = selectObjects({ ...call, flags: { ...call.flags, values: chosen } }, call.words, false);
    if (!selected.ok) return both('', selected.failures.join('\n'), 1);
    const [missing] = selected.value.missing;
    if (missing !== undefined) return failed(missing);
    const [found] = allFound(selected.value);
    if (found === undefined) return complain('no objects passed to expose');
    const { object } = found.stored;
    const exposable = ['Pod', 'Service', 'ReplicationController', 'Deployment', 'ReplicaSet'];
    if (!exposable.includes(object.kind)) return complain(`cannot expose a ${object.kind}`);
    const named = textOf(call.flags, 'selector');
    const selector = named === undefined ? selectorOf(object) : Object.fromEntries(named.split(',').map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
    if (selector === null || Object.keys(selector).length === 0) return complain(`couldn't retrieve selectors via --selector flag or introspection: the ${object.kind.toLowerCase()} has no labels and cannot be exposed`);
    const own = object.kind === 'Service' ? listAt(object, 'spec', 'ports').map((port) => ({ port: textAt(port, 'port') ?? '', protocol: textAt(port, 'protocol') ?? 'TCP' }))
      : listAt(object, ...(object.kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec']), 'containers').flatMap((container) => listAt(container, 'ports')).map((port) => ({ port: textAt(port, 'containerPort') ?? '', protocol: textAt(port, 'protocol') ?? 'TCP' }));
    const given = textOf(call.flags, 'port')?.split(',').map((port) => ({ port, protocol: textOf(call.flags, 'protocol') ?? own.find((one) => one.port === port)?.protocol ?? 'TCP' }));
    const ports = given ?? own;
    if (ports.length === 0) return complain("couldn't find port via --port flag or introspection");
    const target = textOf(call.flags, 'target-port');
    const name = textOf(call.flags, 'name') ?? object.metadata.name;
    if (find(call.lab.store, { kind: 'Service', namespace: call.target, name }) !== undefined) return failed(`Error from server (AlreadyExists): services "${name}" already exists`);
    const type = textOf(call.flags, 'type');
    const clusterIP = textOf(call.flags, 'cluster-ip');
    const externalIP = textOf(call.flags, 'external-ip');
    const affinity = textOf(call.flags, 'session-affinity');
    const service: Made = {
      apiVersion: 'v1', kind: 'Service', metadata: { name, ...(object.metadata.labels === undefined ? {} : { labels: object.metadata.labels }) },
      spec: {
        selector, ports: ports.map((port, index) => ({ ...(ports.length > 1 ? { name: `port-${index + 1}` } : {}), port: Number(port.port), protocol: port.protocol, targetPort: target === undefined ? Number(port.port) : /^\d+$/.test(target) ? Number(target) : target })),
        ...(type === undefined ? {} : { type }), ...(clusterIP === undefined ? {} : { clusterIP }), ...(externalIP === undefined ? {} : { externalIPs: [externalIP] }), ...(affinity === undefined ? {} : { sessionAffinity: affinity }),
      },
    };
    return sendObject(call, service, { word: 'exposed' });
  },
};

function selectorOf(object: KubeObject): Labels | null {
  if (object.kind === 'Pod') return object.metadata.labels ?? null;
  const selector = at(object, 'spec', 'selector');
  const labels = object.kind === 'Service' || object.kind === 'ReplicationController' ? selector : at(selector, 'matchLabels');
  return isRecord(labels) ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])) : null;
}
