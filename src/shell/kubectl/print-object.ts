// Objects as YAML and JSON, one or a list, as kubectl prints them.
import { listOf as asList, serialize } from '../../sim/cluster/serialize.ts';
import type { Stored } from '../../sim/cluster/store.ts';
import type { KubeObject } from '../../sim/model/object.ts';

/** What `-o yaml` and `-o json` show of an object. */
// Simplified: the last-applied-configuration annotation is kept beside the object and not shown.
export const shown = (stored: Stored): KubeObject => stored.object;

/** Several objects as one `List`. */
export const listOf = (items: readonly KubeObject[]): unknown => asList(items);

export const yamlText = (value: unknown): string => serialize(value, 'yaml');
export const jsonText = (value: unknown): string => serialize(value, 'json');
