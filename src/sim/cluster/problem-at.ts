// Problems of one object: the API server's kinds of refusal, its sentences, and the place in the file where each belongs.
import { refText } from '../model/object.ts';
import type { KubeObject } from '../model/object.ts';
import type { Problem, Where } from '../model/problem.ts';
import type { Origin } from './store.ts';
import { resourceOf } from './schema/shape.ts';

/** A refusal before it has a place: `says` is complete, with the field path in front as the API server writes it. */
export interface Finding {
  readonly code: string;
  /** `null` where the whole object is meant. */
  readonly field: string | null;
  readonly says: string;
  readonly help?: string;
}

/** Go's `%q`: the text in double quotes, control characters escaped so that they never reach a terminal. */
export function quoted(text: string): string {
  let out = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') out += `\\${character}`;
    else if (character === '\n') out += '\\n';
    else if (character === '\t') out += '\\t';
    else if (character === '\r') out += '\\r';
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code >= 0x80 && code < 0xa0) out += `\\u${code.toString(16).padStart(4, '0')}`;
    else out += character;
  }
  return `${out}"`;
}

/** A bad value as the API server prints it: texts quoted, numbers bare, the rest as JSON. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? quoted(value) : typeof value === 'number' || typeof value === 'boolean' ? String(value) : value === undefined || value === null ? 'null' : JSON.stringify(value);

const tail = (detail: string): string => (detail === '' ? '' : `: ${detail}`);

// The forms of k8s.io/apimachinery/pkg/util/validation/field/errors.go.
export const required = (field: string, detail = ''): Finding => ({ code: 'required-value', field, says: `${field}: Required value${tail(detail)}` });
export const invalid = (field: string, value: unknown, detail: string): Finding => ({ code: 'invalid-value', field, says: `${field}: Invalid value: ${valueText(value)}${tail(detail)}` });
export const duplicate = (field: string, value: unknown): Finding => ({ code: 'duplicate-value', field, says: `${field}: Duplicate value: ${valueText(value)}` });
export const forbidden = (field: string, detail: string): Finding => ({ code: 'forbidden', field, says: `${field}: Forbidden: ${detail}` });
export const tooLong = (field: string, limit: number): Finding => ({ code: 'too-long', field, says: `${field}: Too long: may not be more than ${limit} bytes` });
export const tooMany = (field: string, actual: number, limit: number): Finding => ({ code: 'too-many', field, says: `${field}: Too many: ${actual}: must have at most ${limit} items` });
export const unsupported = (field: string, value: unknown, supported: readonly string[]): Finding => ({
  code: 'unsupported-value', field, says: `${field}: Unsupported value: ${valueText(value)}: supported values: ${supported.map(quoted).join(', ')}`,
});

/** Where a field stands in the file: its own place, or that of the nearest thing around it that has one; `null` when nothing does. */
export function placeOf(origin: Origin | null, field: string | null): readonly [line: number, column: number] | null {
  if (origin === null) return null;
  for (let path = asWritten(field ?? '', origin); ; path = parentOf(path)) {
    // The API server writes the key of a map in brackets, a position may have it behind a dot, and the other way round.
    const place = origin.positions[path] ?? origin.positions[path.replace(/\[([\w-]+)\]$/, '.$1')] ?? origin.positions[path.replace(/\.([\w-]+)$/, '[$1]')];
    if (place !== undefined) return place;
    if (path === '') return null;
  }
}

// Fields that the API server calls otherwise than they are written.
function asWritten(field: string, origin: Origin): string {
  if ((field === 'spec.clusterIPs[0]' || field === 'spec.clusterIPs') && origin.positions[field] === undefined) return 'spec.clusterIP';
  return field.replace('spec.LoadBalancerSourceRanges', 'spec.loadBalancerSourceRanges');
}

function parentOf(path: string): string {
  if (path.endsWith(']')) return path.slice(0, Math.max(0, path.lastIndexOf('[')));
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

/** How an object is named in problems: the namespace that it will have is part of the name, also where it was not written. */
export function objectText(object: KubeObject): string {
  const namespaced = resourceOf(object.apiVersion, object.kind)?.namespaced ?? object.metadata.namespace !== undefined;
  const name = object.metadata.name === undefined || object.metadata.name === '' ? '?' : object.metadata.name;
  return refText({ kind: object.kind, namespace: namespaced ? (object.metadata.namespace ?? 'default') : '', name });
}

export function whereOf(object: KubeObject, origin: Origin | null, field: string | null): Where | null {
  if (origin === null) return { file: '', line: null, column: null, object: objectText(object), field };
  const place = placeOf(origin, field);
  return { file: origin.file, line: place?.[0] ?? null, column: place?.[1] ?? null, object: objectText(object), field };
}

/** A finding as a problem of an object. */
export const problemAt = (object: KubeObject, origin: Origin | null, finding: Finding): Problem => ({
  code: finding.code, severity: 'error', says: finding.says, where: whereOf(object, origin, finding.field), help: finding.help ?? null,
});
