// YAML documents as Kubernetes' tools read them, with the place of every field: values by go-yaml's rules, anchors and merge keys followed within limits.
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, Node, Scalar, YAMLMap } from 'yaml';
import { childPath, setField } from './read.ts';
import type { Fault, Read } from './read.ts';
import { plainScalar } from './plain-scalar.ts';
import { hintFor } from './hints.ts';
import { isRecord } from '../record.ts';

// Values that aliases may copy into one document: far more than any real manifest, far less than a bomb needs.
const aliasLimit = 50_000;

/** Every document of the text, empty ones left out; a document that cannot be read does not spoil the others. */
export function readYaml(text: string): readonly (Read | Fault)[] {
  // The parser only finds the structure: the failsafe schema leaves every scalar as it is written. Repeated keys are found here, in linear time.
  const documents = parseAllDocuments(text, { schema: 'failsafe', resolveKnownTags: false, uniqueKeys: false, prettyErrors: false, logLevel: 'silent', stringKeys: false });
  const found: (Read | Fault)[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const read = readDocument(document, text);
    if (read !== undefined) found.push(read);
  }
  return found;
}

const startOf = (node: Node | null | undefined): number => node?.range?.[0] ?? 0;

function readDocument(document: Document.Parsed, text: string): Read | Fault | undefined {
  const [error] = document.errors;
  if (error !== undefined) return { ...hintFor(error.code, error.message, text, error.pos[0]), field: null };
  const contents = document.contents as Node | null;
  if (contents === null) return undefined;
  const paths: string[] = [];
  const offsets: number[] = [];
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  let copied = 0;
  let inAlias = 0;

  let fault: Fault | undefined;
  const stop = (says: string, help: string | null, offset: number, field: string | null): null => {
    fault ??= { says, help, offset, field };
    return null;
  };

  function note(path: string, offset: number): void {
    if (inAlias > 0) return;
    paths.push(path);
    offsets.push(offset);
  }

  function valueOf(node: Node | null, path: string): unknown {
    if (node === null || fault !== undefined) return null;
    if (inAlias > 0 && ++copied > aliasLimit) return stop('yaml: document contains excessive aliasing', 'Write the repeated part out, or split the document.', startOf(node), path);
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) return stop(`yaml: unknown anchor '${node.source}' referenced`, `Put &${node.source} in front of the value that is meant, above this line; a text that starts with * needs quotes.`, startOf(node), path);
      if (open.has(target)) return stop(`yaml: anchor '${node.source}' value contains itself`, null, startOf(node), path);
      inAlias++;
      const value = valueOf(target, path);
      inAlias--;
      return value;
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return scalarOf(node);
    open.add(node);
    let value: unknown;
    if (isSeq(node)) {
      value = node.items.map((item, index) => {
        const child = `${path}[${index}]`;
        note(child, startOf(item as Node));
        return valueOf(item as Node, child);
      });
    } else value = isMap(node) ? mapOf(node, path) : null;
    open.delete(node);
    return value;
  }

  function mapOf(map: YAMLMap, path: string): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const seen = new Set<string>();
    const merged: Record<string, unknown>[] = [];
    for (const pair of map.items) {
      const key = pair.key as Node;
      const value = pair.value as Node | null;
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') {
        merged.push(...mergeOf(valueOf(value, path), startOf(key), path));
        continue;
      }
      const name = keyOf(key, path);
      if (name === null) return object;
      const child = childPath(path, name);
      if (seen.has(name)) {
        stop(`yaml: key ${JSON.stringify(name)} already set in map`, 'A field may stand only once; remove one of the two, or give one of them its own "- ".', startOf(key), child);
        return object;
      }
      seen.add(name);
      note(child, startOf(key));
      setField(object, name, valueOf(value, child));
    }
    // What stands in the map itself wins over what is merged in, and an earlier merge over a later one.
    for (const source of merged) {
      for (const [name, value] of Object.entries(source)) {
        if (seen.has(name)) continue;
        seen.add(name);
        setField(object, name, value);
      }
    }
    return object;
  }

  function mergeOf(value: unknown, offset: number, path: string): Record<string, unknown>[] {
    const sources = Array.isArray(value) ? (value as unknown[]) : [value];
    const maps = sources.filter(isRecord);
    if (maps.length < sources.length) stop('yaml: map merge requires map or sequence of maps as the value', null, offset, path);
    return maps;
  }

  function keyOf(key: Node | null, path: string): string | null {
    const value = isAlias(key) || isScalar(key) ? valueOf(key, path) : undefined;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return stop('yaml: a key must be a text, a number or a boolean', 'A template that was not filled in, such as {{ .Values.name }}, needs its quotes or its values.', startOf(key), path);
    return String(value);
  }

  note('', startOf(contents));
  const value = valueOf(contents, '');
  return fault ?? (value === null ? undefined : { value, paths, offsets });
}

function scalarOf(node: Scalar): unknown {
  const source = typeof node.value === 'string' ? node.value : '';
  switch (node.tag) {
    case undefined: return node.type === 'PLAIN' ? plainScalar(node.source ?? source) : source;
    case 'tag:yaml.org,2002:int':
    case 'tag:yaml.org,2002:float':
    case 'tag:yaml.org,2002:bool':
    case 'tag:yaml.org,2002:null': return plainScalar(source);
    default: return source;
  }
}
