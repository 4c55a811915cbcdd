// An object that a verb wrote from flags, on its way to the server: created, or only shown.
import { isRecord } from '../../sim/cluster/record.ts';
import { kindOf } from '../../sim/cluster/kinds.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import { both, failed } from '../command.ts';
import type { Answer } from '../command.ts';
import { usage } from './command.ts';
import type { VerbCall } from './command.ts';
import { attempt, dryRunOf, outcomeText, said } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { meaningsOf } from './find-objects.ts';
import { textOf } from './flags.ts';
import { objectFormats, outputOf, printedAs } from './print-as.ts';

export type Made = KubeObject & Readonly<Record<string, unknown>>;

/** `wraps`: what kubectl puts in front of the server's words; absent where it prints them as they are. */
export function sendObject(call: VerbCall, object: Made, { word = 'created', wraps = null }: { readonly word?: string; readonly wraps?: string | null } = {}): Answer {
  const kind = kindOf(object, call.lab.store);
  const placed: Made = kind.namespaced ? { ...object, metadata: { ...object.metadata, namespace: call.target } } : object;
  const wish: Wish = { change: { verb: 'create', object: placed, origin: null }, kind, name: object.metadata.name, source: null };
  const meanings = meaningsOf(call.verb.split(' ')[0] ?? '', [kind]);
  if (dryRunOf(call.flags) === 'client') {
    const output = outputOf(call.flags, objectFormats);
    const own = textOf(call.flags, 'namespace') === undefined ? object : placed;
    const printed = output.ok && output.value.format !== '' ? printedAs(output.value, asGoWrites(own), kind) : null;
    return printed?.ok === false ? failed(`error: ${printed.failures.join('')}`) : both(printed?.value ?? outcomeText(wish, `${word} (dry run)`), '', 0, { meanings });
  }
  const granted = attempt(call, [wish]);
  if (granted.refused > 0) return failed(wraps === null ? granted.errors : granted.errors.replace(/^(Warning: .*\n)*/, (warnings) => warnings).replace(/^(?:Error from server(?: \(\w+\))?: |The request is invalid: )/m, `error: ${wraps}: `).replace(/^The (\S+) "([^"]*)" is invalid: (\n[\s\S]*)?/m, (_whole, name: string, own: string, list: string | undefined) => `error: ${wraps}: ${name}${kind.group === '' ? '' : `.${kind.group}`} "${own}" is invalid: ${list === undefined ? '' : `[${list.trim().split('\n').map((line) => line.replace(/^\* /, '')).join(', ')}]`}`));
  return both(said(call, wish, word, granted.seen), granted.errors, 0, { lab: granted.lab, meanings });
}

export const oneName = (verb: string, words: readonly string[]): Answer | null => (words.length === 1 ? null : usage(verb, `exactly one NAME is required, got ${words.length}`));

/** Fields that Go's structs write also when nobody set them. */
export function asGoWrites(object: Made): Made {
  const withResources = (spec: unknown): unknown => {
    if (!isRecord(spec) || !Array.isArray(spec['containers'])) return spec;
    return { ...spec, containers: spec['containers'].map((container: unknown) => (isRecord(container) ? { ...container, resources: container['resources'] ?? {} } : container)) };
  };
  const withTemplate = (spec: unknown): unknown => {
    if (!isRecord(spec) || !isRecord(spec['template'])) return spec;
    const { template } = spec;
    return { ...spec, template: { ...template, metadata: template['metadata'] ?? {}, spec: withResources(template['spec']) } };
  };
  const spec = object['spec'];
  switch (object.kind) {
    case 'Pod': return { ...object, spec: withResources(spec), status: {} };
    case 'Deployment': return { ...object, spec: { strategy: {}, ...(withTemplate(spec) as object) }, status: {} };
    case 'Job': return { ...object, spec: withTemplate(spec), status: {} };
    case 'CronJob': return { ...object, spec: isRecord(spec) && isRecord(spec['jobTemplate']) ? { ...spec, jobTemplate: { ...spec['jobTemplate'], metadata: spec['jobTemplate']['metadata'] ?? {}, spec: withTemplate(spec['jobTemplate']['spec']) } } : spec, status: {} };
    case 'Service':
    case 'Ingress': return { ...object, status: { loadBalancer: {} } };
    case 'Namespace': return { ...object, spec: {}, status: {} };
    default: return object;
  }
}

/** The text of a file that a flag names; an answer instead where it is wanted first, or missing. */
export function fileText(call: VerbCall, path: string, missing: (path: string) => string): { readonly text: string } | { readonly answer: Answer } {
  const { inputs } = call;
  const read = Object.hasOwn(inputs.files, path) ? inputs.files[path] : undefined;
  if (read !== undefined) return { text: read };
  return { answer: (inputs.missing ?? []).includes(path) ? failed(`error: ${missing(path)}`) : { kind: 'files', paths: [path] } };
}
