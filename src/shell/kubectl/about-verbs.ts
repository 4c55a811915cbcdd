// Verbs that say something about the cluster or the client: config, version, api-resources, cluster-info.
import { byText } from '../../sim/base/order.ts';
import { allKinds, simulatedKinds } from '../../sim/cluster/kinds.ts';
import { schemaRelease } from '../../sim/cluster/schema/fields.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { table } from '../layout.ts';
import { complain, lacks, subcommandHelp, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { isOn, outputFlag, switchFlag, textFlag, textOf } from './flags.ts';
import { objectFormats, outputLacking, outputOf, printedAs } from './print-as.ts';
import { jsonText, yamlText } from './print-object.ts';

export const version: Verb = {
  name: 'version', about: 'Print the client and server version information', completes: 'nothing', flags: [switchFlag('client'), outputFlag],
  run: (call) => {
    const output = textOf(call.flags, 'output') ?? '';
    if (call.words.length > 0) return complain(`extra arguments: [${call.words.join(' ')}]`);
    if (output !== '' && output !== 'yaml' && output !== 'json') return complain("--output must be 'yaml' or 'json'");
    const [, minor = ''] = schemaRelease.replace('v', '').split('.');
    // Simplified: of a build the lab has the release only, and neither commit nor date.
    const build = { gitVersion: schemaRelease, major: '1', minor };
    const only = isOn(call.flags, 'client');
    if (output !== '') return printed((output === 'yaml' ? yamlText : jsonText)({ clientVersion: build, kustomizeVersion: 'v5.8.1', ...(only ? {} : { serverVersion: build }) }));
    const client = `Client Version: ${schemaRelease}\nKustomize Version: v5.8.1\n`;
    return printed(only ? client : `${client}Server Version: ${schemaRelease}\n`);
  },
};

export const apiVersions: Verb = {
  name: 'api-versions', about: 'Print the supported API versions on the server, in the form of "group/version"', completes: 'nothing', flags: [],
  run: (call) => (call.words.length > 0 ? usage('api-versions', `unexpected arguments: [${call.words.join(' ')}]`)
    : printed([...new Set(allKinds().flatMap((kind) => kind.versions.map((one) => `${kind.group === '' ? '' : `${kind.group}/`}${one}`)))].sort(byText).map((line) => `${line}\n`).join(''), { meanings: ['api-versions'] })),
};

const allVerbs = 'create,delete,deletecollection,get,list,patch,update,watch';

export const apiResources: Verb = {
  name: 'api-resources', about: 'Print the supported API resources on the server', completes: 'nothing',
  flags: [textFlag('api-group'), switchFlag('namespaced'), switchFlag('no-headers'), outputFlag, textFlag('verbs'), textFlag('categories'), textFlag('sort-by'), switchFlag('cached'), switchFlag('show-managed-fields')],
  run: (call) => {
    if (call.words.length > 0) return usage('api-resources', `unexpected arguments: [${call.words.join(' ')}]`);
    const output = textOf(call.flags, 'output') ?? '';
    if (output !== '' && !['json', 'kyaml', 'name', 'wide', 'yaml'].includes(output)) return complain(`unable to match a printer suitable for the output format "${output}", allowed formats are: json,kyaml,name,wide,yaml`);
    if (!['', 'name', 'wide'].includes(output)) return lacks(`list of resources as ${output}; it has a table, wide and name`);
    const sort = textOf(call.flags, 'sort-by') ?? '';
    if (!['', 'name', 'kind'].includes(sort)) return complain('--sort-by accepts only name or kind');
    const group = textOf(call.flags, 'api-group');
    const namespaced = textOf(call.flags, 'namespaced');
    const verbsWanted = textOf(call.flags, 'verbs')?.split(',') ?? [];
    const category = textOf(call.flags, 'categories');
    const kinds = [...allKinds()].filter((kind) => (group === undefined || kind.group === group) && (namespaced === undefined || String(kind.namespaced) === namespaced) && verbsWanted.every((verb) => allVerbs.split(',').includes(verb)) && (category === undefined || (category === 'all' && kind.inAll === true)))
      .sort((left, right) => (sort === '' ? byText(left.group, right.group) : 0) || (sort === 'kind' ? byText(left.kind, right.kind) : byText(left.plural, right.plural)));
    if (output === 'name') return printed(kinds.map((kind) => `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}\n`).join(''), { meanings: ['api-resources'] });
    const wide = output === 'wide';
    const rows = kinds.map((kind) => [kind.plural, kind.shortNames.join(','), `${kind.group === '' ? '' : `${kind.group}/`}${kind.versions[0] ?? 'v1'}`, String(kind.namespaced), kind.kind, ...(wide ? [allVerbs, kind.inAll === true ? 'all' : ''] : [])]);
    return printed(table(isOn(call.flags, 'no-headers') ? null : ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])], rows), { meanings: ['api-resources'] });
  },
};

const context = 'lab';

export const config: Verb = {
  name: 'config', about: 'Modify kubeconfig files', completes: 'subcommands', subcommands: ['current-context', 'get-contexts', 'set-context', 'use-context', 'view'],
  flags: [switchFlag('current'), switchFlag('minify'), outputFlag, switchFlag('no-headers'), switchFlag('raw'), switchFlag('flatten'), switchFlag('merge'), textFlag('template')],
  run: (call) => {
    const [sub, name] = call.words;
    switch (sub) {
      case 'set-context': return setContext(call, name);
      case 'current-context': return printed(`${context}\n`);
      case 'use-context': case 'use':
        if (call.words.length !== 2) return both(useContextHelp, `error: Unexpected args: [${call.words.slice(1).join(' ')}]`, 1);
        return name === context ? printed(`Switched to context "${context}".\n`) : complain(`no context exists with the name: "${name ?? ''}"`);
      case 'get-contexts': {
        if (name !== undefined && name !== context) return both(isOn(call.flags, 'no-headers') ? '' : 'CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE\n', `error: context ${name} not found`, 1);
        if (textOf(call.flags, 'output') === 'name') return printed(`${context}\n`);
        const row = ['*', context, context, 'learner', call.namespace === 'default' ? '' : call.namespace];
        return printed(table(isOn(call.flags, 'no-headers') ? null : ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], [row]));
      }
      case 'view': return view(call);
      case 'get-clusters': return printed(`NAME\n${context}\n`);
      case 'get-users': return printed('NAME\nlearner\n');
      case 'set': return setProperty(call.words.slice(1));
      case undefined: return both('', subcommandHelp('config', configAbout, configWords, 'kubectl config SUBCOMMAND [options]'), 1);
      case 'delete-cluster': case 'delete-context': case 'delete-user': case 'rename-context': case 'set-cluster': case 'set-credentials': case 'unset': return lacks(`kubectl config ${sub}: it has one cluster and one user`);
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
  const config = {
    apiVersion: 'v1', clusters: [{ cluster: { server: 'https://lab:6443' }, name: context }], contexts: [{ context: { cluster: context, ...(call.namespace === 'default' ? {} : { namespace: call.namespace }), user: 'learner' }, name: context }],
    'current-context': context, kind: 'Config', users: [{ name: 'learner', user: {} }],
  };
  const output = outputOf(call.flags, objectFormats);
  if (!output.ok) return complain(output.failures.join(''));
  const lacking = outputLacking(output.value.format);
  if (lacking !== null) return lacks(lacking);
  const text = printedAs(output.value.format === '' ? { format: 'yaml', template: '' } : output.value, config, null);
  return text.ok ? printed(text.value) : complain(text.failures.join(''));
}

/** `kubectl config set contexts.lab.namespace NAME`: the one property that does something here. */
function setProperty(words: readonly string[]): Answer {
  const [property, value, ...more] = words;
  if (property === undefined || value === undefined || more.length > 0) return usage('config set', `Unexpected args: [${words.join(' ')}]`);
  if (property !== `contexts.${context}.namespace`) return lacks(`kubectl config set ${property}: it has one cluster and one user`);
  return { ...printed(`Property "${property}" set.\n`, { meanings: ['config set-context'] }), namespace: value === '' ? 'default' : value };
}

const configAbout = `Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".

 The loading order follows these rules:

  1.  If the --kubeconfig flag is set, then only that file is loaded. The flag may only be set once and no merging takes place.
  2.  If $KUBECONFIG environment variable is set, then it is used as a list of paths (normal path delimiting rules for your system). These paths are merged. When a value is modified, it is modified in the file that defines the stanza. When a value is created, it is created in the first file that exists. If no files in the chain exist, then it creates the last file in the list.
  3.  Otherwise, \${HOME}/.kube/config is used and no merging takes place.`;

const configWords: readonly (readonly [string, string])[] = [
  ['current-context', 'Display the current-context'], ['delete-cluster', 'Delete the specified cluster from the kubeconfig'], ['delete-context', 'Delete the specified context from the kubeconfig'], ['delete-user', 'Delete the specified user from the kubeconfig'],
  ['get-clusters', 'Display clusters defined in the kubeconfig'], ['get-contexts', 'Describe one or many contexts'], ['get-users', 'Display users defined in the kubeconfig'], ['rename-context', 'Rename a context from the kubeconfig file'], ['set', 'Set an individual value in a kubeconfig file'],
  ['set-cluster', 'Set a cluster entry in kubeconfig'], ['set-context', 'Set a context entry in kubeconfig'], ['set-credentials', 'Set a user entry in kubeconfig'], ['unset', 'Unset an individual value in a kubeconfig file'], ['use-context', 'Set the current-context in a kubeconfig file'], ['view', 'Display merged kubeconfig settings or a specified kubeconfig file'],
];

const useContextHelp = `Set the current-context in a kubeconfig file.

Aliases:
use-context, use

Examples:
  # Use the context for the minikube cluster
  kubectl config use-context minikube

Usage:
  kubectl config use-context CONTEXT_NAME [options]

Use "kubectl options" for a list of global command-line options (applies to all commands).
`;

export const clusterInfo: Verb = {
  name: 'cluster-info', about: 'Display cluster information', completes: 'nothing', flags: [],
  run: (call) => {
    if (call.words[0] === 'dump') return lacks('kubectl cluster-info dump: kubectl get all -A -o yaml shows what there is');
    const dns = call.lab.network.dns.service;
    return printed(`Kubernetes control plane is running at https://lab:6443\nCoreDNS is running at https://lab:6443/api/v1/namespaces/${dns.namespace}/services/${dns.name}:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`);
  },
};

/** For completion: every name by which a kind can be called. */
export const kindNames = (): readonly string[] => simulatedKinds().flatMap((kind) => [kind.plural, ...kind.shortNames]).sort(byText);
