// Verbs that say something about the cluster or the client: config, version, api-resources, cluster-info.
import { byText } from '../../sim/base/order.ts';
import { allKinds, simulatedKinds } from '../../sim/cluster/kinds.ts';
import { schemaRelease } from '../../sim/cluster/schema/fields.ts';
import { failed, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { table } from '../layout.ts';
import { complain, lacks, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { isOn, outputFlag, switchFlag, textFlag, textOf } from './flags.ts';

export const version: Verb = {
  name: 'version', about: 'Print the client and server version information', completes: 'nothing', flags: [switchFlag('client'), outputFlag, switchFlag('short')],
  run: (call) => {
    const client = `Client Version: ${schemaRelease}\nKustomize Version: v5.8.1\n`;
    return printed(isOn(call.flags, 'client') ? client : `${client}Server Version: ${schemaRelease}\n`);
  },
};

export const apiResources: Verb = {
  name: 'api-resources', about: 'Print the supported API resources on the server', completes: 'nothing',
  flags: [textFlag('api-group'), switchFlag('namespaced'), switchFlag('no-headers'), outputFlag, textFlag('verbs'), textFlag('sort-by'), switchFlag('cached')],
  run: (call) => {
    const group = textOf(call.flags, 'api-group');
    const namespaced = textOf(call.flags, 'namespaced');
    const kinds = [...allKinds()].filter((kind) => (group === undefined || kind.group === group) && (namespaced === undefined || String(kind.namespaced) === namespaced))
      .sort((left, right) => byText(left.group, right.group) || byText(left.plural, right.plural));
    if (textOf(call.flags, 'output') === 'name') return printed(kinds.map((kind) => `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}\n`).join(''), { meanings: ['api-resources'] });
    const rows = kinds.map((kind) => [kind.plural, kind.shortNames.join(','), `${kind.group === '' ? '' : `${kind.group}/`}${kind.versions[0] ?? 'v1'}`, String(kind.namespaced), kind.kind]);
    return printed(table(isOn(call.flags, 'no-headers') ? null : ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], rows), { meanings: ['api-resources'] });
  },
};

const context = 'lab';

export const config: Verb = {
  name: 'config', about: 'Modify kubeconfig files', completes: 'subcommands', subcommands: ['current-context', 'get-contexts', 'set-context', 'use-context', 'view'],
  flags: [switchFlag('current'), switchFlag('minify'), outputFlag, switchFlag('no-headers'), switchFlag('raw')],
  run: (call) => {
    const [sub, name] = call.words;
    switch (sub) {
      case 'set-context': return setContext(call, name);
      case 'current-context': return printed(`${context}\n`);
      case 'use-context': return name === context ? printed(`Switched to context "${context}".\n`) : complain(`no context exists with the name: "${name ?? ''}"`);
      case 'get-contexts': {
        if (textOf(call.flags, 'output') === 'name') return printed(`${context}\n`);
        const row = ['*', context, context, 'learner', call.namespace === 'default' ? '' : call.namespace];
        return printed(table(isOn(call.flags, 'no-headers') ? null : ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], [row]));
      }
      case 'view': return view(call);
      case undefined: return printed('Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".\n\nAvailable Commands:\n  current-context   Display the current-context\n  get-contexts      Describe one or many contexts\n  set-context       Set a context entry in kubeconfig\n  use-context       Set the current-context in a kubeconfig file\n  view              Display merged kubeconfig settings or a specified kubeconfig file\n');
      case 'delete-cluster': case 'delete-context': case 'delete-user': case 'get-clusters': case 'get-users': case 'rename-context': case 'set': case 'set-cluster': case 'set-credentials': case 'unset': return lacks(`kubectl config ${sub}: it has one cluster and one user`);
      default: return usage('config', `unknown command "${sub}"`);
    }
  },
};

function setContext(call: VerbCall, name: string | undefined): Answer {
  if (!isOn(call.flags, 'current') && name === undefined) return complain('you must specify a non-empty context name or --current');
  if (name !== undefined && name !== context) return failed(`the lab has one context, "${context}"`);
  const namespace = textOf(call.flags, 'namespace');
  return { ...printed(`Context "${context}" modified.\n`, { meanings: ['config set-context'] }), ...(namespace === undefined ? {} : { namespace: namespace === '' ? 'default' : namespace }) };
}

function view(call: VerbCall): Answer {
  const output = textOf(call.flags, 'output') ?? 'yaml';
  if (/^jsonpath=/.test(output)) {
    // The one path that people ask for: the namespace of the context.
    return /namespace/.test(output) ? printed(call.namespace === 'default' ? '' : call.namespace) : lacks('other jsonpaths of its kubeconfig');
  }
  const namespace = call.namespace === 'default' ? '' : `    namespace: ${call.namespace}\n`;
  return printed(`apiVersion: v1\nclusters:\n- cluster:\n    server: https://lab:6443\n  name: ${context}\ncontexts:\n- context:\n    cluster: ${context}\n${namespace}    user: learner\n  name: ${context}\ncurrent-context: ${context}\nkind: Config\nusers:\n- name: learner\n  user: {}\n`);
}

export const clusterInfo: Verb = {
  name: 'cluster-info', about: 'Display cluster information', completes: 'nothing', flags: [],
  run: (call) => {
    const dns = call.lab.network.dns.service;
    return printed(`Kubernetes control plane is running at https://lab:6443\nCoreDNS is running at https://lab:6443/api/v1/namespaces/${dns.namespace}/services/${dns.name}:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`);
  },
};

/** For completion: every name by which a kind can be called. */
export const kindNames = (): readonly string[] => simulatedKinds().flatMap((kind) => [kind.plural, ...kind.shortNames]).sort(byText);
