// Which objects a command line means: `pods`, `pods,svc`, `pod a b`, `pod/a svc/b`, `-l`, `-A`, `all`, in kubectl's order and with its errors.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import { byText } from '../../sim/base/order.ts';
import { allKinds, kindNamed, simulatedKinds } from '../../sim/cluster/kinds.ts';
import type { Kind } from '../../sim/cluster/kinds.ts';
import { matchesFields, matchesRequirements, parseFieldSelector, parseSelector } from '../../sim/cluster/selector.ts';
import { find, list } from '../../sim/cluster/store.ts';
import type { Store, Stored } from '../../sim/cluster/store.ts';
import { isOn, textOf } from './flags.ts';
import type { VerbCall } from './command.ts';

export interface Found {
  readonly kind: Kind;
  readonly stored: Stored;
}

/** What was found of one kind, or by one name. */
export interface Group {
  readonly kind: Kind;
  readonly found: readonly Found[];
}

export interface Selection {
  readonly groups: readonly Group[];
  /** Objects were asked for by name, so that a missing one is an error and not an empty list. */
  readonly named: boolean;
  /** Exactly one object was asked for by name: it is printed alone. */
  readonly single: boolean;
  /** `Error from server (NotFound): …`, one for each object that is not there. */
  readonly missing: readonly string[];
  /** Every namespace. */
  readonly everywhere: boolean;
}

/** `deployments.apps`, `services`: how the server writes a kind in messages. */
export const resourceName = (kind: Kind): string => (kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`);
/** `deployment.apps/web`, `service/web`: how kubectl writes an object in messages. */
export const objectName = (kind: Kind, name: string): string => `${kind.group === '' ? kind.kind.toLowerCase() : `${kind.kind.toLowerCase()}.${kind.group}`}/${name}`;
export const notFound = (kind: Kind, name: string): string => `Error from server (NotFound): ${resourceName(kind)} "${name}" not found`;
export const allFound = (selection: Selection): readonly Found[] => selection.groups.flatMap((group) => group.found);

/** The kinds of `pods,svc` or `all`. The failure is a line as kubectl prints it. */
export function kindsNamed(word: string, store: Store): Result<readonly Kind[], string> {
  const kinds: Kind[] = [];
  for (const name of word.split(',')) {
    if (name === 'all') {
      kinds.push(...simulatedKinds().filter((kind) => kind.inAll === true));
      continue;
    }
    const kind = kindNamed(name, store);
    if (kind === undefined) {
      const dot = name.indexOf('.');
      const known = dot > 0 && kindNamed(name.slice(0, dot), store) !== undefined;
      return fail(`error: the server doesn't have a resource type "${known ? name.slice(0, dot) : name}"${known ? ` in group "${name.slice(dot + 1)}"` : ''}`);
    }
    kinds.push(kind);
  }
  return succeed(kinds);
}

/** Reads the words and the choosing flags of a verb. Failures are whole lines. `implicitAll` is for verbs where a kind alone means all of it. */
export function selectObjects(call: VerbCall, words: readonly string[], implicitAll = true): Result<Selection, string> {
  const { store } = call.lab;
  const everywhere = isOn(call.flags, 'all-namespaces');
  const labelText = textOf(call.flags, 'selector');
  const fieldText = textOf(call.flags, 'field-selector');
  const labels = labelText === undefined ? null : parseSelector(labelText);
  const fields = fieldText === undefined ? null : parseFieldSelector(fieldText);
  const slashed = words.filter((word) => word.includes('/'));
  const groups: Group[] = [];
  const missing: string[] = [];
  const byName = (kind: Kind, name: string): void => {
    const stored = find(store, { kind: kind.kind, namespace: kind.namespaced ? call.target : '', name });
    if (stored === undefined) missing.push(notFound(kind, name));
    else groups.push({ kind, found: [{ kind, stored }] });
  };
  if (slashed.length > 0) {
    if (slashed.length !== words.length) {
      const [first = ''] = words;
      if (!first.includes('/')) return fail("error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'");
      return fail(`error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`);
    }
    if (labels !== null) return fail('error: name cannot be provided when a selector is specified');
    for (const word of words) {
      const parts = word.split('/');
      const [type = '', name = ''] = parts;
      if (parts.length !== 2) return fail(`error: arguments in resource/name form may not have more than one slash`);
      if (type === '' || name === '') return fail(`error: arguments in resource/name form must have a single resource and name`);
      const kinds = kindsNamed(type, store);
      if (!kinds.ok) return fail(...kinds.failures);
      for (const kind of kinds.value) {
        if (everywhere) return fail('error: a resource cannot be retrieved by name across all namespaces');
        byName(kind, name);
      }
    }
    return succeed({ groups, named: true, single: words.length === 1 && !(words[0] ?? '').includes(','), missing, everywhere: false });
  }
  const [types = '', ...names] = words;
  const kinds = kindsNamed(types, store);
  if (!kinds.ok) return fail(...kinds.failures);
  if (names.length > 0) {
    if (labels !== null) return fail('error: name cannot be provided when a selector is specified');
    if (fields !== null) return fail('error: name cannot be provided when a selector is specified');
    for (const kind of kinds.value) {
      if (everywhere && kind.namespaced) return fail('error: a resource cannot be retrieved by name across all namespaces');
      for (const name of names) byName(kind, name);
    }
    return succeed({ groups, named: true, single: kinds.value.length === 1 && names.length === 1, missing, everywhere });
  }
  if (!implicitAll && labels === null && fields === null && !isOn(call.flags, 'all')) return fail('error: resource(s) were provided, but no name was specified');
  // The server reads selectors, and kubectl says what it had asked for.
  const unread = [labels, fields].flatMap((one) => (one === null || one.ok ? [] : one.failures));
  const [unreadable] = unread;
  if (unreadable !== undefined || labels?.ok === false || fields?.ok === false) {
    return fail(...kinds.value.map((kind) => `Error from server (BadRequest): Unable to find "${kind.group}/${kind.versions[0] ?? 'v1'}, Resource=${kind.plural}" that match label selector "${labelText ?? ''}", field selector "${fieldText ?? ''}": ${(unreadable?.says ?? '').replace(/^unable to parse requirement: (?=found '.*', expected: !, identifier)/, '')}`));
  }
  // Which fields can be asked for is the kind's; the server knows no others.
  const strange = kinds.value.flatMap((kind) => (fields === null ? [] : unsupportedFields(kind, fields.value).map((field) => ({ kind, field }))));
  if (strange.length > 0) return fail(...strange.map(({ kind, field }) => `Error from server (BadRequest): Unable to find "${kind.group}/${kind.versions[0] ?? 'v1'}, Resource=${kind.plural}" that match label selector "${labelText ?? ''}", field selector "${fieldText ?? ''}": field label not supported: ${field}`));
  for (const kind of kinds.value) {
    const within = kind.namespaced && !everywhere ? call.target : undefined;
    const found = list(store, kind.kind, within)
      .filter((stored) => groupOf(stored.object.apiVersion) === kind.group)
      .filter((stored) => labels === null || matchesRequirements(labels.value, stored.object.metadata.labels))
      .filter((stored) => fields === null || matchesFields(fields.value, stored.object))
      .map((stored) => ({ kind, stored }));
    groups.push({ kind, found });
  }
  return succeed({ groups, named: false, single: false, missing, everywhere });
}

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');

/** What a lesson's `ran:` step knows a command by: the verb with each kind, in the plural. */
export const meaningsOf = (verb: string, kinds: readonly Kind[]): readonly string[] => [...new Set(kinds.map((kind) => `${verb} ${kind.plural}`))].sort(byText);

/** What the server says beside its answer about kinds on their way out. */
export const kindWarnings = (kinds: readonly Kind[]): string =>
  kinds.some((kind) => kind.kind === 'Endpoints' && kind.group === '') ? 'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n' : '';

/** The fields that a selector may ask for beside name and namespace (pkg/apis/*, AddFieldLabelConversionFunc). */
const askable: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP', 'status.podIPs', 'status.nominatedNodeName'],
  Node: ['spec.unschedulable'], Namespace: ['status.phase'], Secret: ['type'], Service: ['spec.clusterIP', 'spec.type'], Job: ['status.successful'], ReplicaSet: ['status.replicas'], ReplicationController: ['status.replicas'],
};

const unsupportedFields = (kind: Kind, fields: readonly { readonly field: string }[]): readonly string[] =>
  fields.map(({ field }) => field).filter((field) => field !== 'metadata.name' && field !== 'metadata.namespace' && !(askable[kind.kind] ?? []).includes(field));

/** Namesakes of one short name: which of them was taken, as kubectl tells. */
export function ambiguous(words: readonly string[], kinds: readonly Kind[], store: Store): string {
  const [types = ''] = words;
  return types.split(',').map((word) => word.split('/')[0] ?? '').flatMap((word) => {
    const taken = kinds.find((kind) => kind.shortNames.includes(word));
    const other = taken === undefined ? undefined : allKinds().find((kind) => kind !== taken && kind.shortNames.includes(word) && kind.group !== taken.group && list(store, kind.kind).length > 0);
    return taken === undefined || other === undefined ? [] : [`Warning: short name "${word}" could also match lower priority resource ${resourceName(other)}\n`];
  }).join('');
}
