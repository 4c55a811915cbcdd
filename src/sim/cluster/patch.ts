// Patches as the API server takes them, and the three-way merge of `kubectl apply`.
import { applyPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';
import { fail, succeed } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { KubeObject } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { mergePatch } from './patch/merge.ts';
import { strategicPatch } from './patch/strategic.ts';
import { mergeThreeWay } from './patch/three-way.ts';
import { isRecord } from './record.ts';
import { objectText } from './problem-at.ts';
import { resourceOf, shapeOf } from './schema/shape.ts';
import type { Shape } from './schema/shape.ts';

/** What says how lists are merged; nothing does for a custom resource, whose lists are replaced whole. */
const mergedBy = (object: KubeObject): Shape | undefined => (resourceOf(object.apiVersion, object.kind)?.custom === true ? undefined : shapeOf(object.apiVersion, object.kind));

export type PatchType = 'strategic' | 'merge' | 'json';

/**
 * The object with the patch laid over it. Fails with `bad-patch`: a patch that is none, an operation that does not fit, a strategic patch of a custom resource. The outcome is not judged here.
 * Kind, apiVersion, name and namespace cannot be patched away.
 */
export function patchObject(object: KubeObject, type: PatchType, patch: unknown): Result<KubeObject, Problem> {
  const bad = (says: string, help: string | null = null): { readonly ok: false; readonly failures: readonly Problem[] } =>
    fail<Problem>({ code: 'bad-patch', severity: 'error', says, where: { file: '', line: null, column: null, object: objectText(object), field: null }, help });
  switch (type) {
    case 'json': {
      const operations = operationsOf(patch);
      if (operations === undefined) return bad('error decoding patch: a JSON patch is a list of operations', 'For example [{"op": "replace", "path": "/spec/replicas", "value": 3}]');
      const copy = structuredClone(object);
      // Cut short before the library sees it: it would reach into an object's prototype.
      if (operations.some((operation) => /(^|\/)(__proto__|constructor|prototype)(\/|$)/.test(operation.path))) return bad('the server rejected our request due to an error in our request');
      for (const [index, error] of applyPatch(copy, operations).entries()) {
        if (error === null) continue;
        const operation = operations[index];
        return bad(error.name === 'TestError' ? `testing value ${operation?.path ?? ''} failed: test failed` : `the server rejected our request due to an error in our request: ${operation?.op ?? ''} operation does not apply: doc is missing path: ${JSON.stringify(operation?.path ?? '')}: missing value`);
      }
      return named(object, copy);
    }
    case 'merge':
      if (!isRecord(patch)) return bad('error decoding patch: an object was expected');
      return named(object, mergePatch(object, patch));
    case 'strategic': {
      if (!isRecord(patch)) return bad('error decoding patch: an object was expected');
      const shape = mergedBy(object);
      if (shape === undefined) return bad(`application/strategic-merge-patch+json is not supported by ${object.apiVersion}, Kind=${object.kind}: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml`, 'Custom resources take no strategic merge patch: --type merge.');
      const patched = strategicPatch({ ...object }, patch, shape);
      return patched.ok ? named(object, patched.value) : bad(patched.failures[0] ?? '');
    }
  }

  function named(before: KubeObject, after: unknown): Result<KubeObject, Problem> {
    if (!isRecord(after)) return bad('the patch leaves no object');
    const metadata = isRecord(after['metadata']) ? after['metadata'] : {};
    const changed = (['apiVersion', 'kind'] as const).find((field) => after[field] !== before[field]);
    if (changed !== undefined) return bad(`the ${changed} of an object cannot be changed by a patch`);
    if (metadata['name'] !== before.metadata.name) return bad(`the name of the object (${typeof metadata['name'] === 'string' ? metadata['name'] : ''}) does not match the name on the URL (${before.metadata.name})`);
    if (metadata['namespace'] !== before.metadata.namespace) return bad('the namespace of the provided object does not match the namespace sent on the request');
    return succeed({ ...after, apiVersion: before.apiVersion, kind: before.kind, metadata: { ...metadata, name: before.metadata.name } });
  }
}

const operationNames: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function operationsOf(patch: unknown): Operation[] | undefined {
  if (!Array.isArray(patch)) return undefined;
  const fits = (operation: unknown): operation is Operation =>
    isRecord(operation) && operationNames.has(operation['op']) && typeof operation['path'] === 'string' && (operation['op'] !== 'move' && operation['op'] !== 'copy' || typeof operation['from'] === 'string');
  return patch.every(fits) ? patch : undefined;
}

/** What `kubectl apply` makes of the live object: strategic by the schema's merge keys, plain merge for kinds that the schema does not have. */
export function threeWay(live: KubeObject, lastApplied: KubeObject | null, applied: KubeObject): KubeObject {
  const merged = mergeThreeWay(live, lastApplied, applied, mergedBy(applied));
  return isRecord(merged) ? { ...merged, apiVersion: applied.apiVersion, kind: applied.kind, metadata: { ...(isRecord(merged['metadata']) ? merged['metadata'] : {}), name: applied.metadata.name } } : applied;
}
