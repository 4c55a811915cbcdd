// Verbs that write an object from flags: create deployment | service | namespace | configmap, run, expose.
import { find } from '../../sim/cluster/store.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import { kindOf } from '../../sim/cluster/kinds.ts';
import type { KubeObject, Labels } from '../../sim/model/object.ts';
import { change } from '../../sim/lab.ts';
import { both, failed, insideContainer, printed } from '../command.ts';
import type { Answer, Piece } from '../command.ts';
import { toolsOf } from '../tools/tools.ts';
import { at, listAt, textAt } from '../describe/writer.ts';
import { fromFiles } from './apply.ts';
import { complain, lacks, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { make, outcomeText } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { runAt } from './exec.ts';
import { allFound, meaningsOf, selectObjects } from './find-objects.ts';
import { dryRunFlag, fileFlags, isOn, numberFlag, numberOf, outputFlag, selectorFlag, switchFlag, textFlag, textOf, textsOf } from './flags.ts';
import { jsonText, yamlText } from './print-object.ts';

/** An object on its way to the server. */
type Made = KubeObject & Readonly<Record<string, unknown>>;

function send(call: VerbCall, object: Made, word = 'created'): Answer {
  const kind = kindOf(object, call.lab.store);
  const placed: Made = kind.namespaced ? { ...object, metadata: { ...object.metadata, namespace: call.target } } : object;
  const wish: Wish = { change: { verb: 'create', object: placed, origin: null }, kind, name: object.metadata.name, source: null };
  const dry = textOf(call.flags, 'dry-run');
  const output = textOf(call.flags, 'output');
  const print = (text: string): string => (output === 'yaml' ? yamlText(object) : output === 'json' ? jsonText(object) : output === 'name' ? outcomeText(wish, '').replace(/ \n$/, '\n') : text);
  if (dry !== undefined && dry !== 'none') return printed(print(outcomeText(wish, `${word} (${dry === 'server' ? 'server ' : ''}dry run)`)));
  const granted = make(call.lab, [wish]);
  if (granted.refused > 0) return failed(granted.errors.replace(/^Error from server \((AlreadyExists|NotFound)\): /, 'error: failed to create X: ').replace('failed to create X', `failed to create ${kind.kind.toLowerCase()}`));
  return both(print(outcomeText(wish, word)), granted.errors, 0, { lab: granted.lab, meanings: meaningsOf(call.verb.split(' ')[0] ?? '', [kind]) });
}

const oneName = (verb: string, words: readonly string[]): Answer | null => (words.length === 1 ? null : usage(verb, `exactly one NAME is required, got ${words.length}`));

export const create: Verb = {
  name: 'create', about: 'Create a resource from a file or from stdin', completes: 'subcommands', subcommands: ['configmap', 'deployment', 'namespace', 'service'],
  flags: [...fileFlags, dryRunFlag, outputFlag, selectorFlag, switchFlag('save-config'), textFlag('validate'), textFlag('image'), numberFlag('replicas', 'r'), numberFlag('port'), textFlag('tcp'), textFlag('clusterip'), numberFlag('node-port'), textFlag('external-name'), textFlag('from-literal'), textFlag('field-manager')],
  run: (call) => {
    const [sub, ...rest] = call.words;
    if (sub === undefined) return fromFiles(call, 'create');
    const inner = { ...call, verb: `create ${sub}` };
    switch (sub) {
      case 'deployment': case 'deploy': return createDeployment(inner, rest);
      case 'namespace': case 'ns': return oneName('create namespace', rest) ?? send(inner, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: rest[0] ?? '' } });
      case 'service': case 'svc': return createService(inner, rest);
      case 'configmap': case 'cm': return createConfigMap(inner, rest);
      case 'clusterrole': case 'clusterrolebinding': case 'cronjob': case 'ingress': case 'job': case 'poddisruptionbudget': case 'priorityclass': case 'quota': case 'role': case 'rolebinding': case 'secret': case 'serviceaccount': case 'token':
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
  return send(call, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels }, spec: { replicas: numberOf(call.flags, 'replicas') ?? 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } } });
}

/** The last part of an image without tag and digest, as kubectl names the container. */
const containerName = (image: string): string => image.replace(/@.*$/, '').replace(/^.*\//, '').replace(/:.*$/, '').replace(/[^a-z0-9-]/g, '-');

function createService(call: VerbCall, words: readonly string[]): Answer {
  const [type, ...rest] = words;
  const kinds: Readonly<Record<string, string>> = { clusterip: 'ClusterIP', nodeport: 'NodePort', loadbalancer: 'LoadBalancer', externalname: 'ExternalName' };
  if (type === undefined) return printed('Create a service using a specified subcommand.\n\nAliases:\nservice, svc\n\nAvailable Commands:\n  clusterip      Create a ClusterIP service\n  externalname   Create an ExternalName service\n  loadbalancer   Create a LoadBalancer service\n  nodeport       Create a NodePort service\n\nUsage:\n  kubectl create service [flags] [options]\n');
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
  const bad = ports.find((port) => !Number.isInteger(port.port) || port.port < 1 || port.port > 65535);
  if (bad !== undefined) return complain(`failed to create ${real} service: invalid port format: ${bad.name}`);
  const labels = { app: name };
  return send(call, { apiVersion: 'v1', kind: 'Service', metadata: { name, labels }, spec: { type: real, ...(ports.length === 0 ? {} : { ports }), ...(clusterIP === undefined ? {} : { clusterIP }), selector: labels, ...(externalName === undefined ? {} : { externalName }) } });
}

function createConfigMap(call: VerbCall, words: readonly string[]): Answer {
  const wrong = oneName('create configmap', words);
  if (wrong !== null) return wrong;
  const pairs = textsOf(call.flags, 'from-literal');
  const bad = pairs.find((pair) => !pair.includes('='));
  if (bad !== undefined) return complain(`invalid literal source ${bad}, expected key=value`);
  return send(call, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: words[0] ?? '' }, data: Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])) });
}

export const run: Verb = {
  name: 'run', about: 'Run a particular image on the cluster', completes: 'nothing',
  flags: [textFlag('image'), textFlag('labels', 'l'), textFlag('env'), numberFlag('port'), switchFlag('expose'), textFlag('restart'), switchFlag('stdin', 'i'), switchFlag('tty', 't'), switchFlag('rm'), switchFlag('command'), switchFlag('attach'), switchFlag('quiet', 'q'), textFlag('overrides'), textFlag('annotations'), textFlag('image-pull-policy'), dryRunFlag, outputFlag, switchFlag('privileged')],
  run: (call) => {
    const image = textOf(call.flags, 'image');
    if (image === undefined) return complain('required flag(s) "image" not set');
    const [name, ...rest] = call.words;
    if (name === undefined) return usage('run', 'NAME is required for run');
    const attached = isOn(call.flags, 'stdin') || isOn(call.flags, 'tty') || isOn(call.flags, 'attach');
    if (isOn(call.flags, 'rm') && !attached) return complain('--rm should only be used for attached containers');
    if (attached && rest.length === 0 && !/curlimages\/curl/.test(image)) return lacks('shell that stays: give the new pod a command behind --');
    if (textOf(call.flags, 'overrides') !== undefined) return lacks('run --overrides; write a manifest and apply it');
    const given = textsOf(call.flags, 'labels').flatMap((text) => text.split(','));
    const labels: Labels = given.length === 0 ? { run: name } : Object.fromEntries(given.map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
    const env = textsOf(call.flags, 'env').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }));
    const port = numberOf(call.flags, 'port');
    const restart = textOf(call.flags, 'restart') ?? (attached ? 'OnFailure' : 'Always');
    if (!['Always', 'OnFailure', 'Never'].includes(restart)) return complain(`invalid restart policy: ${restart}, valid values are: Always, OnFailure, Never`);
    const container = { name, image, ...(rest.length === 0 ? {} : isOn(call.flags, 'command') ? { command: rest } : { args: rest }), ...(env.length === 0 ? {} : { env }), ...(port === undefined ? {} : { ports: [{ containerPort: port }] }) };
    const dry = textOf(call.flags, 'dry-run') ?? 'none';
    const pod: Made = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: { containers: [container], restartPolicy: restart, dnsPolicy: 'ClusterFirst' } };
    return attached && dry === 'none' ? runAttached(call, pod, name, rest) : send(call, pod);
  },
};

/** `kubectl run -i --rm … -- COMMAND`: a pod that lives as long as its command. */
// Simplified: a command that fails ends the pod, also where the restart policy would try it again; kubectl's hints about attaching are left out.
function runAttached(call: VerbCall, pod: Made, name: string, command: readonly string[]): Answer {
  const created = send({ ...call, flags: { ...call.flags, values: new Map([...call.flags.values].filter(([flag]) => flag !== 'output')) } }, pod);
  if (created.kind !== 'done' || created.status !== 0 || created.lab === undefined) return created;
  const warnings = created.output.filter((piece) => piece.stream === 'err');
  const running = created.lab.network.pods.find((one) => one.namespace === call.target && one.name === name);
  const [container] = running?.containers ?? [];
  const meanings = created.meanings ?? [];
  if (running === undefined || container === undefined || !running.running) return { kind: 'done', status: 1, output: [...warnings, { stream: 'err', text: 'error: timed out waiting for the condition\n' }], lab: created.lab, meanings };
  const inside = { ...insideContainer(running, container, isOn(call.flags, 'tty')) };
  const find_ = toolsOf(container.image);
  // The image of curl puts its own name in front of what is no program.
  const words = /curlimages\/curl/.test(container.image) && find_(command[0] ?? '') === undefined ? ['curl', ...command] : command;
  const ran = runAt({ ...call, lab: created.lab }, words, inside, find_, isOn(call.flags, 'stdin') ? call.stdin : null);
  const done = ran ?? failed(`error: pod ${call.target}/${name} terminated (StartError)\nfailed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ${JSON.stringify(words[0])}: executable file not found in $PATH: unknown`, 128);
  const ended: readonly Piece[] = ran === undefined || done.status === 0 ? [] : [{ stream: 'err', text: `pod ${call.target}/${name} terminated (Error)\n` }];
  const removed = isOn(call.flags, 'rm') ? change(created.lab, [{ verb: 'delete', ref: { kind: 'Pod', namespace: call.target, name } }]) : null;
  const gone: readonly Piece[] = removed?.ok === true && !isOn(call.flags, 'quiet') ? [{ stream: 'out', text: `pod "${name}" deleted from ${call.target} namespace\n` }] : [];
  return {
    kind: 'done', status: done.status, output: [...warnings, ...done.output, ...gone, ...ended], lab: removed?.ok === true ? removed.value.lab : created.lab,
    ...(done.traces === undefined ? {} : { traces: done.traces }), ...(done.lookups === undefined ? {} : { lookups: done.lookups }), meanings: [...meanings, ...(done.meanings ?? [])],
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
    return send(call, service, 'exposed');
  },
};

function selectorOf(object: KubeObject): Labels | null {
  if (object.kind === 'Pod') return object.metadata.labels ?? null;
  const selector = at(object, 'spec', 'selector');
  const labels = object.kind === 'Service' || object.kind === 'ReplicationController' ? selector : at(selector, 'matchLabels');
  return isRecord(labels) ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])) : null;
}
