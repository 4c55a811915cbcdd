// JSON merge patch (RFC 7396).
import { setField } from '../decode/read.ts';
import { isRecord } from '../record.ts';

/** The target with the patch laid over it: null removes, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const out: Record<string, unknown> = {};
  if (isRecord(target)) for (const name of Object.keys(target)) setField(out, name, target[name]);
  for (const name of Object.keys(patch)) {
    const value = patch[name];
    if (value === null) delete out[name];
    else setField(out, name, mergePatch(Object.hasOwn(out, name) ? out[name] : undefined, value));
  }
  return out;
}
