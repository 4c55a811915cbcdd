// kubectl get: tables, and objects in every form that scripts read.
import { byText } from '../../sim/base/order.ts';
import { labelsText } from '../../sim/cluster/selector.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import { ageColumn, column, nameColumn } from '../../sim/cluster/kinds/kind.ts';
import type { Column } from '../../sim/cluster/kinds/kind.ts';
import type { Store, Stored } from '../../sim/cluster/store.ts';
import { both, failed } from '../command.ts';
import { at, numberAt } from '../describe/writer.ts';
import type { Answer } from '../command.ts';
import { table } from '../layout.ts';
import { complain, lacks } from './command.ts';
import { eventTable } from './events.ts';
import type { Verb, VerbCall } from './command.ts';
import { allFound, ambiguous, kindWarnings, meaningsOf, objectName, selectObjects } from './find-objects.ts';
import type { Found, Group, Selection } from './find-objects.ts';
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, isOn, outputFlag, selectorFlag, switchFlag, textFlag, textOf, textsOf } from './flags.ts';
import { valuesAt, valueText } from './json-path.ts';
import { goText } from './go-value.ts';
import { outputLacking, outputOf, printedAs } from './print-as.ts';
import type { Output } from './print-as.ts';
import { listOf, shown } from './print-object.ts';
import { readObjects } from './read-objects.ts';

export const get: Verb = {
  name: 'get',
  about: 'Display one or many resources',
  completes: 'objects',
  flags: [
    selectorFlag, allNamespacesFlag, fieldSelectorFlag, ...fileFlags, outputFlag, switchFlag('show-labels'), switchFlag('no-headers'), switchFlag('watch', 'w'), switchFlag('watch-only'), textFlag('sort-by'), textFlag('label-columns', 'L'),
    switchFlag('ignore-not-found'), switchFlag('show-kind'), switchFlag('show-managed-fields'), textFlag('chunk-size'), switchFlag('server-print'), switchFlag('allow-missing-template-keys'), textFlag('raw'), textFlag('subresource'), textFlag('template'), switchFlag('output-watch-events'),
  ],
  run,
};

const formats = ['custom-columns', 'custom-columns-file', 'go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'kyaml', 'name', 'template', 'templatefile', 'wide', 'yaml'];

function run(call: VerbCall): Answer {
  if (isOn(call.flags, 'watch') || isOn(call.flags, 'watch-only')) return lacks('watch: its controllers answer at once, so ask again after a change');
  if (textOf(call.flags, 'raw') !== undefined) return lacks('raw paths');
  const output = outputOf(call.flags, formats);
  if (!output.ok) return complain(output.failures.join(''));
  const { format } = output.value;
  const lacking = outputLacking(format);
  if (lacking !== null) return lacks(lacking);
  if (isOn(call.flags, 'show-labels') && format !== '' && format !== 'wide') return complain(`--show-labels option cannot be used with ${format} printer`);
  let selection: Selection;
  let unread = '';
  if (textsOf(call.flags, 'filename').length > 0) {
    const read = readObjects(call);
    if (read.kind !== 'objects') return read.answer;
    const words = read.objects.map(({ kind, object }) => `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}/${object.metadata.name}`);
    const selected = selectObjects(call, words);
    if (!selected.ok) return both('', selected.failures.join('\n'), 1);
    selection = selected.value;
    unread = read.errors;
  } else {
    if (call.words.length === 0) {
      return both('', `You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.

error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples`, 1);
    }
    // Events are no objects here: they are worked out when somebody asks.
    if (call.words.length === 1 && /^(events?|ev)(\.events\.k8s\.io)?$/.test(call.words[0] ?? '')) return format === '' || format === 'wide' ? eventTable(call) : lacks('Events as objects: they are printed as a table only');
    const selected = selectObjects(call, call.words);
    if (!selected.ok) return both('', selected.failures.join('\n'), 1);
    selection = selected.value;
  }
  const subresource = textOf(call.flags, 'subresource');
  if (subresource !== undefined) {
    const seen = throughSubresource(selection, subresource, format);
    if (typeof seen === 'string') return failed(seen);
    selection = seen;
  }
  const sorted = sortedBy(call, selection);
  if (typeof sorted === 'string') return complain(sorted);
  const kinds = selection.groups.map((group) => group.kind);
  const missing = isOn(call.flags, 'ignore-not-found') ? [] : selection.missing;
  const printed = print(call, sorted, output.value);
  if ('problem' in printed) return complain(printed.problem);
  let errors = ambiguous(call.words, kinds, call.lab.store) + kindWarnings(kinds) + missing.map((line) => `${line}\n`).join('');
  const tabular = format === '' || format === 'wide' || format === 'name' || format === 'custom-columns';
  if (tabular && allFound(sorted).length === 0 && selection.missing.length === 0) {
    errors += selection.groups.every((group) => group.kind.namespaced) && !selection.everywhere ? `No resources found in ${call.target} namespace.\n` : 'No resources found\n';
  }
  // Each kind is asked for, also where it has no objects.
  return both(printed.text, errors + unread, missing.length > 0 || unread !== '' ? 1 : 0, { meanings: meaningsOf('get', kinds) });
}

const scalable: readonly string[] = ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'];

/** `--subresource`: the object itself for its status; a Scale for its size. A text is the server's complaint. */
function throughSubresource(selection: Selection, subresource: string, format: string): Selection | string {
  const found = allFound(selection);
  if (subresource === 'status' && found.every(({ stored }) => 'status' in stored.object)) return selection;
  if (subresource !== 'scale' || found.some(({ kind }) => !scalable.includes(kind.kind))) return 'Error from server (NotFound): the server could not find the requested resource';
  const scaled = ({ kind, stored }: Found): Found => {
    const { metadata } = stored.object;
    const replicas = numberAt(stored.object, 'spec', 'replicas');
    const selector = at(stored.object, 'spec', 'selector', 'matchLabels');
    const object = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }), ...(metadata.uid === undefined ? {} : { uid: metadata.uid }), ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }), ...(metadata.creationTimestamp === undefined ? {} : { creationTimestamp: metadata.creationTimestamp }) }, spec: { replicas }, status: { replicas: numberAt(stored.object, 'status', 'replicas'), selector: labelsText(isRecord(selector) ? Object.fromEntries(Object.entries(selector).map(([key, value]) => [key, String(value)])) : undefined) } };
    const columns = (own: Stored, store: Store): readonly Column[] => [nameColumn(own), column('DESIRED', replicas), column('AVAILABLE', object.status.replicas), ageColumn(own, store)];
    return { kind: { ...kind, columns }, stored: format === '' || format === 'wide' ? stored : { ...stored, object } };
  };
  return { ...selection, groups: selection.groups.map((group) => { const all = group.found.map(scaled); return { kind: all[0]?.kind ?? group.kind, found: all }; }) };
}

function sortedBy(call: VerbCall, selection: Selection): Selection | string {
  const path = textOf(call.flags, 'sort-by');
  if (path === undefined) return selection;
  const key = (found: Found): unknown => {
    const values = valuesAt(path, found.stored.object);
    return values.ok ? values.value[0] : undefined;
  };
  const probe = valuesAt(path, {});
  if (!probe.ok) return probe.failures.join('');
  const compare = (left: unknown, right: unknown): number => (typeof left === 'number' && typeof right === 'number' ? left - right : byText(valueText(left), valueText(right)));
  return { ...selection, groups: selection.groups.map((group) => ({ ...group, found: [...group.found].sort((left, right) => compare(key(left), key(right))) })) };
}

function print(call: VerbCall, selection: Selection, output: Output): { readonly text: string } | { readonly problem: string } {
  const found = allFound(selection);
  switch (output.format) {
    case 'name': return { text: found.map((one) => `${objectName(one.kind, one.stored.object.metadata.name)}\n`).join('') };
    case 'custom-columns': return customColumns(call, found, output.template);
    case '':
    case 'wide': return { text: tables(call, selection, output.format === 'wide') };
    default: {
      const [only] = found;
      if (selection.named && only === undefined) return { text: '' };
      const filled = printedAs(output, selection.single && only !== undefined ? shown(only.stored) : listOf(found.map((one) => shown(one.stored))), null);
      return filled.ok ? { text: filled.value } : { problem: filled.failures.join('') };
    }
  }
}

function customColumns(call: VerbCall, found: readonly Found[], template: string): { readonly text: string } | { readonly problem: string } {
  const columns = template.split(',').map((column) => ({ heading: column.split(':')[0] ?? '', path: column.split(':').slice(1).join(':') }));
  const bad = columns.find((column) => column.path === '');
  if (bad !== undefined) return { problem: `unexpected custom-columns spec: ${bad.heading}, expected <header>:<json-path-expr>` };
  const rows: string[][] = [];
  for (const one of found) {
    const row: string[] = [];
    for (const column of columns) {
      const values = valuesAt(column.path, shown(one.stored));
      if (!values.ok) return { problem: values.failures.join('') };
      row.push(values.value.length === 0 ? '<none>' : values.value.map((value) => goText(value)).join(','));
    }
    rows.push(row);
  }
  return { text: table(isOn(call.flags, 'no-headers') ? null : columns.map((column) => column.heading), rows) };
}

/** One table a kind, an empty line between them; objects that were named one by one stand in the table of their kind. */
function tables(call: VerbCall, selection: Selection, wide: boolean): string {
  const merged: { kind: Group['kind']; found: Found[] }[] = [];
  for (const group of selection.groups) {
    if (group.found.length === 0) continue;
    const last = merged.at(-1);
    if (last?.kind === group.kind) last.found.push(...group.found);
    else merged.push({ kind: group.kind, found: [...group.found] });
  }
  const several = new Set(selection.groups.map((group) => group.kind)).size > 1 || isOn(call.flags, 'show-kind');
  // The column of namespaces stays once a table had it.
  const from = selection.everywhere ? merged.findIndex((group) => group.kind.namespaced) : -1;
  return merged.map((group, index) => tableOf(call, group, from >= 0 && index >= from, several, wide)).join('\n');
}

function tableOf(call: VerbCall, group: Group, everywhere: boolean, several: boolean, wide: boolean): string {
  const labelColumns = textsOf(call.flags, 'label-columns').flatMap((text) => text.split(','));
  const heads = ['NAMESPACE', ...labelColumns.map((key) => key.slice(key.lastIndexOf('/') + 1).toUpperCase()), 'LABELS'];
  let headings: readonly string[] = [];
  const rows = group.found.map(({ kind, stored }) => {
    const cells = kind.columns(stored, call.lab.store).filter((column) => wide || column.wide !== true);
    const { labels, namespace = '' } = stored.object.metadata;
    headings = [...(everywhere ? heads.slice(0, 1) : []), ...cells.map((cell) => cell.header), ...heads.slice(1, -1), ...(isOn(call.flags, 'show-labels') ? heads.slice(-1) : [])];
    return [
      ...(everywhere ? [namespace] : []),
      ...cells.map((cell) => (cell.header === 'NAME' && several ? objectName(kind, cell.value) : cell.value)),
      ...labelColumns.map((key) => labels?.[key] ?? ''),
      ...(isOn(call.flags, 'show-labels') ? [labelsText(labels)] : []),
    ];
  });
  return table(isOn(call.flags, 'no-headers') ? null : headings, rows);
}
