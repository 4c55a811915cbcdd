// kubectl get: tables, and objects in every form that scripts read.
import { byText } from '../../sim/base/order.ts';
import { labelsText } from '../../sim/cluster/selector.ts';
import { both } from '../command.ts';
import type { Answer } from '../command.ts';
import { table } from '../layout.ts';
import { complain, lacks } from './command.ts';
import { eventTable } from './events.ts';
import type { Verb, VerbCall } from './command.ts';
import { allFound, kindWarnings, meaningsOf, objectName, selectObjects } from './find-objects.ts';
import type { Found, Group, Selection } from './find-objects.ts';
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, isOn, outputFlag, selectorFlag, switchFlag, textFlag, textOf, textsOf } from './flags.ts';
import { jsonPath, valuesAt, valueText } from './json-path.ts';
import { jsonText, listOf, shown, yamlText } from './print-object.ts';
import { readObjects } from './read-objects.ts';

export const get: Verb = {
  name: 'get',
  about: 'Display one or many resources',
  completes: 'objects',
  flags: [
    selectorFlag, allNamespacesFlag, fieldSelectorFlag, ...fileFlags, outputFlag, switchFlag('show-labels'), switchFlag('no-headers'), switchFlag('watch', 'w'), switchFlag('watch-only'), textFlag('sort-by'), textFlag('label-columns', 'L'),
    switchFlag('ignore-not-found'), switchFlag('show-kind'), switchFlag('show-managed-fields'), textFlag('chunk-size'), switchFlag('server-print'), switchFlag('allow-missing-template-keys'), textFlag('raw'), textFlag('subresource'),
  ],
  run,
};

const formats = ['custom-columns', 'custom-columns-file', 'go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'kyaml', 'name', 'template', 'templatefile', 'wide', 'yaml'];

function run(call: VerbCall): Answer {
  if (isOn(call.flags, 'watch') || isOn(call.flags, 'watch-only')) return lacks('watch: its controllers answer at once, so ask again after a change');
  if (textOf(call.flags, 'raw') !== undefined) return lacks('raw paths');
  const output = textOf(call.flags, 'output') ?? '';
  const [format = '', ...rest] = output.split('=');
  if (output !== '' && !formats.includes(format)) return complain(`unable to match a printer suitable for the output format "${output}", allowed formats are: ${formats.join(',')}`);
  if (/template|-file|kyaml|as-json/.test(format)) return lacks(`output as ${format}; it has yaml, json, jsonpath and custom-columns`);
  const template = rest.join('=');
  if ((format === 'jsonpath' || format === 'custom-columns') && template === '') return complain(format === 'jsonpath' ? 'template format specified but no template given' : 'custom-columns format specified but no custom columns given');
  let selection: Selection;
  if (textsOf(call.flags, 'filename').length > 0) {
    const read = readObjects(call);
    if (read.kind !== 'objects') return read.answer;
    const words = read.objects.map(({ kind, object }) => `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}/${object.metadata.name}`);
    const selected = selectObjects(call, words);
    if (!selected.ok) return both('', selected.failures.join('\n'), 1);
    selection = selected.value;
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
  const sorted = sortedBy(call, selection);
  if (typeof sorted === 'string') return complain(sorted);
  const kinds = selection.groups.map((group) => group.kind);
  const missing = isOn(call.flags, 'ignore-not-found') ? [] : selection.missing;
  const printed = print(call, sorted, format, template);
  if ('problem' in printed) return complain(printed.problem);
  let errors = kindWarnings(kinds) + missing.map((line) => `${line}\n`).join('');
  const tabular = format === '' || format === 'wide' || format === 'name' || format === 'custom-columns';
  if (tabular && allFound(sorted).length === 0 && selection.missing.length === 0) {
    errors += selection.groups.every((group) => group.kind.namespaced) && !selection.everywhere ? `No resources found in ${call.target} namespace.\n` : 'No resources found\n';
  }
  // Each kind is asked for, also where it has no objects.
  return both(printed.text, errors, missing.length > 0 ? 1 : 0, { meanings: meaningsOf('get', kinds) });
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

function print(call: VerbCall, selection: Selection, format: string, template: string): { readonly text: string } | { readonly problem: string } {
  const found = allFound(selection);
  switch (format) {
    case 'yaml':
    case 'json': {
      const text = format === 'yaml' ? yamlText : jsonText;
      const [only] = found;
      if (selection.single) return { text: only === undefined ? '' : text(shown(only.stored)) };
      return selection.named && found.length === 0 ? { text: '' } : { text: text(listOf(found.map((one) => shown(one.stored)))) };
    }
    case 'jsonpath': {
      const [only] = found;
      if (selection.named && only === undefined) return { text: '' };
      const filled = jsonPath(template, selection.single && only !== undefined ? shown(only.stored) : listOf(found.map((one) => shown(one.stored))));
      return filled.ok ? { text: filled.value } : { problem: filled.failures.join('') };
    }
    case 'name': return { text: found.map((one) => `${objectName(one.kind, one.stored.object.metadata.name)}\n`).join('') };
    case 'custom-columns': return customColumns(call, found, template);
    default: return { text: tables(call, selection, format === 'wide') };
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
      row.push(values.value.length === 0 ? '<none>' : values.value.map((value) => (typeof value === 'object' && value !== null ? `map[${JSON.stringify(value)}]` : valueText(value))).join(','));
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
  return merged.map((group) => tableOf(call, group, selection.everywhere && group.kind.namespaced, several, wide)).join('\n');
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
