// An object against the fields of its kind: what the API server's strict decoder refuses, and the object as it reads it (nulls are as good as absent).
import { closest, distance } from 'fastest-levenshtein';
import type { KubeObject } from '../model/object.ts';
import { childPath, setField } from './decode/read.ts';
import { isRecord } from './record.ts';
import { quoted } from './problem-at.ts';
import type { Finding } from './problem-at.ts';
import { definitionOf, goTypeOf, resourceOf, shapeOf } from './schema/shape.ts';
import type { Definition, Scalar, Shape } from './schema/shape.ts';

export interface Conformed {
  /** Every field has the type that its kind says; unknown fields are kept as they are. */
  readonly object: KubeObject;
  /** `unknown-field` and `wrong-type`. */
  readonly findings: readonly Finding[];
}

/** Reads an object as the API server would. Of a kind that the schema does not have only the metadata is checked. With `drop`, fields that the kind does not have are left out. */
export function conform(object: KubeObject, unknown: 'keep' | 'drop' = 'keep'): Conformed {
  const findings: Finding[] = [];
  const known = shapeOf(object.apiVersion, object.kind);
  // Of a custom resource only what every object has is known: metadata, for which any kind will do.
  const definition = structOf(known ?? shapeOf('v1', 'ConfigMap'));
  const read = definition === undefined ? { ...object } : readStruct({ ...object }, definition, '', '', { findings, unknown, custom: resourceOf(object.apiVersion, object.kind)?.custom === true }, known === undefined);
  const metadata = isRecord(read['metadata']) ? read['metadata'] : {};
  return { object: { ...read, apiVersion: object.apiVersion, kind: object.kind, metadata: { ...metadata, name: object.metadata.name } }, findings };
}

const structOf = (shape: Shape | undefined): Definition | undefined => (shape?.is === 'struct' ? definitionOf(shape.definition) : undefined);

interface Notes {
  readonly findings: Finding[];
  readonly unknown: 'keep' | 'drop';
  /** Wrong types are told as the schema of a CustomResourceDefinition tells them. */
  readonly custom: boolean;
}

function readStruct(value: Readonly<Record<string, unknown>>, definition: Definition, path: string, goPath: string, notes: Notes, lenient: boolean): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const field = value[name];
    const shape = definition.fields.get(name) ?? definition.fields.get('*');
    const child = childPath(path, name);
    if (shape === undefined || (lenient && name !== 'metadata')) {
      if (!lenient) notes.findings.push(unknownField(child, name, definition));
      if (lenient || notes.unknown === 'keep') setField(read, name, field);
      continue;
    }
    if (field === null) continue;
    const fitted = fit(field, shape, { definition, goPath: goPath === '' ? name : `${goPath}.${name}` }, child, notes);
    if (fitted !== undefined) setField(read, name, fitted);
  }
  return read;
}

interface Context {
  readonly definition: Definition;
  /** Names of fields without places in lists, as Go's decoder keeps them. */
  readonly goPath: string;
}

/** The value as the type has it; `undefined`, with a finding, where it does not fit. */
function fit(value: unknown, shape: Shape, context: Context, path: string, notes: Notes): unknown {
  switch (shape.is) {
    case 'any': return value;
    case 'scalar': return fitScalar(value, shape, context, path, notes);
    case 'struct':
      if (!isRecord(value)) return misfit(value, shape, context, path, notes);
      return readStruct(value, definitionOf(shape.definition), path, context.goPath, notes, false);
    case 'list': {
      if (!Array.isArray(value)) return misfit(value, shape, context, path, notes);
      const items: unknown[] = [];
      for (const [index, item] of value.entries()) {
        // An empty item ("- " and nothing) is the zero value of its type: an empty rule allows everything.
        const fitted = item === null ? zeroOf(shape.of) : fit(item, shape.of, context, `${path}[${index}]`, notes);
        if (fitted !== undefined) items.push(fitted);
      }
      return items;
    }
    case 'map': {
      if (!isRecord(value)) return misfit(value, shape, context, path, notes);
      const read: Record<string, unknown> = {};
      for (const name of Object.keys(value)) {
        const item = value[name];
        const fitted = item === null ? zeroOf(shape.of) : fit(item, shape.of, context, childPath(path, name), notes);
        if (fitted !== undefined) setField(read, name, fitted);
      }
      return read;
    }
  }
}

function zeroOf(shape: Shape): unknown {
  switch (shape.is) {
    case 'struct':
    case 'map': return {};
    case 'list': return [];
    case 'any': return undefined;
    case 'scalar': return shape.type === 'boolean' ? false : shape.type === 'int32' || shape.type === 'int64' || shape.type === 'number' || shape.type === 'int-or-string' ? 0 : '';
  }
}

const quantity = /^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

function fitScalar(value: unknown, shape: { readonly is: 'scalar'; readonly type: Scalar }, context: Context, path: string, notes: Notes): unknown {
  switch (shape.type) {
    case 'string':
    case 'time':
    case 'bytes':
      if (typeof value === 'string') return value;
      misfit(value, shape, context, path, notes);
      // What was meant is plain, and without validation it is taken so.
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
    case 'boolean': return typeof value === 'boolean' ? value : misfit(value, shape, context, path, notes);
    case 'number': return typeof value === 'number' ? value : misfit(value, shape, context, path, notes);
    case 'int32':
    case 'int64': return isInteger(value, shape.type) ? value : misfit(value, shape, context, path, notes);
    case 'int-or-string': return typeof value === 'string' || isInteger(value, 'int32') ? value : misfit(value, { is: 'scalar', type: 'int32' }, context, path, notes);
    case 'quantity': {
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text === 'string' && quantity.test(text)) return text;
      notes.findings.push({ code: 'wrong-type', field: path, says: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", help: 'For example 500m, 64Mi or 2.' });
      return undefined;
    }
  }
}

const isInteger = (value: unknown, type: 'int32' | 'int64'): value is number =>
  typeof value === 'number' && Number.isInteger(value) && (type === 'int64' || (value >= -2_147_483_648 && value <= 2_147_483_647));

/** Notes that a value has the wrong type, in the words of Go's JSON decoder. */
function misfit(value: unknown, shape: Shape, context: Context, path: string, { findings, custom }: Notes): undefined {
  if (custom && !path.startsWith('metadata')) {
    const given = schemaTypeOf(value);
    findings.push({ code: 'wrong-type', field: path, says: `${path}: Invalid value: "${given}": ${path} in body must be of type ${wantedType(shape)}: "${given}"`, help: helpFor(value, shape) });
    return undefined;
  }
  const wanted = goTypeOf(shape);
  const word = typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? 'array' : typeof value === 'number' ? (/^int/.test(wanted) ? `number ${value}` : 'number') : 'object';
  findings.push({
    code: 'wrong-type', field: path,
    says: `json: cannot unmarshal ${word} into Go struct field ${context.definition.goName}.${context.goPath} of type ${wanted}`,
    help: helpFor(value, shape),
  });
  return undefined;
}

const schemaTypeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value);

/** The word of OpenAPI for what a field takes. */
function wantedType(shape: Shape): string {
  if (shape.is === 'list') return 'array';
  if (shape.is !== 'scalar') return 'object';
  return shape.type === 'int32' || shape.type === 'int64' ? 'integer' : shape.type === 'boolean' || shape.type === 'number' ? shape.type : 'string';
}

function helpFor(value: unknown, shape: Shape): string {
  switch (shape.is) {
    case 'list': return isRecord(value) ? 'A list is wanted: start each item with "- ".' : 'A list is wanted.';
    case 'map':
    case 'struct': return Array.isArray(value) ? 'One object is wanted, not a list: leave the "- " out.' : 'Fields with values are wanted here, on lines of their own and indented.';
    case 'any': return '';
    case 'scalar': {
      if (shape.type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return `A text is wanted: write "${String(value)}" with quotes.`;
      if (shape.type === 'string') return 'A text is wanted.';
      if (shape.type === 'boolean') return 'true or false is wanted, without quotes.';
      return typeof value === 'string' && /^\d+$/.test(value) ? 'A number is wanted: leave the quotes out.' : 'A whole number is wanted.';
    }
  }
}

function unknownField(path: string, name: string, definition: Definition): Finding {
  const says = `strict decoding error: unknown field ${quoted(path)}`;
  const known = [...definition.fields.keys()];
  const near = known.length === 0 ? undefined : closest(name, known);
  if (near !== undefined && distance(name.toLowerCase(), near.toLowerCase()) <= Math.max(1, Math.floor(name.length / 3))) return { code: 'unknown-field', field: path, says, help: `Did you mean ${quoted(near)}?` };
  return { code: 'unknown-field', field: path, says, help: `${definition.goName} has no such field; it may be indented too far, or not far enough.` };
}
