// kubectl explain: the fields of a kind from the schema, in kubectl's form. Descriptions stay where they are kept up to date.
import { byText } from '../../sim/base/order.ts';
import { allResources, definitionOf } from '../../sim/cluster/schema/shape.ts';
import type { Definition, Resource, Shape } from '../../sim/cluster/schema/shape.ts';
import { kindNamed } from '../../sim/cluster/kinds.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { isOn, outputFlag, switchFlag, textFlag, textOf } from './flags.ts';

export const explain: Verb = {
  name: 'explain', about: 'Get documentation for a resource', completes: 'objects',
  flags: [switchFlag('recursive'), textFlag('api-version'), outputFlag],
  run,
};

const scalars: Readonly<Record<string, string>> = { string: 'string', int32: 'integer', int64: 'integer', number: 'number', boolean: 'boolean', quantity: 'Quantity', 'int-or-string': 'IntOrString', time: 'string', bytes: 'string' };

/** A type as explain writes it: `[]ServicePort`. */
function typeOf(shape: Shape): string {
  switch (shape.is) {
    case 'scalar': return scalars[shape.type] ?? shape.type;
    case 'any': return 'Object';
    case 'list': return `[]${typeOf(shape.of)}`;
    case 'map': return `map[string]${typeOf(shape.of)}`;
    case 'struct': return definitionOf(shape.definition).goName;
  }
}

/** What a field leads to, through lists and maps; `null` for values. */
function within(shape: Shape): Definition | null {
  switch (shape.is) {
    case 'struct': return definitionOf(shape.definition);
    case 'list':
    case 'map': return within(shape.of);
    default: return null;
  }
}

const deepest = 12;

function fieldLines(definition: Definition, level: number, recursive: boolean, seen: readonly Definition[]): readonly string[] {
  return [...definition.fields].filter(([name]) => name !== '*').sort(([left], [right]) => byText(left, right)).flatMap(([name, shape]) => {
    const below = recursive && level < deepest ? within(shape) : null;
    return [`${'  '.repeat(level)}${name}\t<${typeOf(shape)}>`, ...(below === null || seen.includes(below) ? [] : fieldLines(below, level + 1, true, [...seen, below]))];
  });
}

function resourceFor(call: VerbCall, name: string): Resource | undefined {
  const kind = kindNamed(name, call.lab.store);
  const all = allResources().filter((resource) => (kind === undefined ? resource.plural === name.toLowerCase() : resource.kind === kind.kind && (resource.apiVersion.includes('/') ? resource.apiVersion.slice(0, resource.apiVersion.indexOf('/')) : '') === kind.group));
  const version = textOf(call.flags, 'api-version');
  return version === undefined ? all[0] : all.find((resource) => resource.apiVersion === version);
}

// Simplified: the lab knows names and types of fields; kubectl prints the server's descriptions beside them and marks what is required.
function run(call: VerbCall): Answer {
  const [word, ...more] = call.words;
  if (word === undefined) return complain('You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.');
  if (more.length > 0) return complain('We accept only this format: explain RESOURCE');
  const [type = '', ...path] = word.replace(/\.$/, '').split('.');
  const resource = resourceFor(call, type);
  if (resource === undefined) return failed(kindNamed(type, call.lab.store) === undefined ? `the server doesn't have a resource type "${type}"` : `error: couldn't find resource for "${textOf(call.flags, 'api-version') ?? ''}, Kind=${type}"`);
  let shape: Shape = { is: 'struct', definition: resource.definition, retainsKeys: false };
  for (const name of path) {
    const next: Shape | undefined = within(shape)?.fields.get(name);
    if (next === undefined) return both(headingOf(resource), `error: field "${path.at(-1) ?? ''}" does not exist`, 1);
    shape = next;
  }
  const field = path.length === 0 ? '' : `FIELD: ${path.at(-1) ?? ''} <${typeOf(shape)}>\n\n\n`;
  const definition = within(shape);
  const lines = definition === null ? [] : fieldLines(definition, 1, isOn(call.flags, 'recursive'), [definition]);
  return printed(`${headingOf(resource)}${field}DESCRIPTION:\n    ${reference(resource)}\n    \n${lines.length === 0 ? '' : `FIELDS:\n${lines.map((line) => `${line}\n`).join('')}`}\n`, { meanings: [`explain ${resource.plural}`] });
}

function headingOf(resource: Resource): string {
  const slash = resource.apiVersion.indexOf('/');
  return `${slash < 0 ? '' : `GROUP:      ${resource.apiVersion.slice(0, slash)}\n`}KIND:       ${resource.kind}\nVERSION:    ${resource.apiVersion.slice(slash + 1)}\n\n`;
}

const reference = (resource: Resource): string => (resource.apiVersion.startsWith('k8snet-lab/')
  ? 'The lab\'s own document about the cluster around the manifests.'
  : 'See https://kubernetes.io/docs/reference/kubernetes-api/');
