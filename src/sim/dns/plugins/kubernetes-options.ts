// The options of the kubernetes plugin, read from its directive.
import type { Directive, ServerBlock } from '../corefile.ts';
import { isReverse, zonesOf } from '../zones.ts';

export interface KubernetesOptions {
  readonly zones: readonly string[];
  /** The first zone that is not reverse: PTR records point into it. */
  readonly primary: string;
  readonly pods: 'disabled' | 'insecure' | 'verified';
  readonly endpointPodNames: boolean;
  readonly ttl: number;
  readonly noEndpoints: boolean;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly labels: LabelMatch | null;
  readonly namespaceLabels: LabelMatch | null;
  readonly ignoreEmptyService: boolean;
  /** Zones in which an unknown name is handed on; `null` for none. */
  readonly fallthrough: readonly string[] | null;
  readonly multicluster: boolean;
  readonly zonal: boolean;
}

export type LabelMatch = (labels: Readonly<Record<string, string>>) => boolean;

const podModes = ['disabled', 'insecure', 'verified'] as const;
const largestTtl = 3600;
const longestSelector = 4096;

/** The zones of a directive's arguments, or those of its server block when it has none. */
export const zonesOrBlock = (args: readonly string[], block: ServerBlock): readonly string[] =>
  args.length > 0 ? args.flatMap(zonesOf) : block.zones.map(({ zone }) => zone);

/** The zones of a `fallthrough` line: the root when it names none. */
export const fallthroughZones = (args: readonly string[]): readonly string[] => (args.length > 0 ? args.flatMap(zonesOf) : ['.']);

/** Reads the options; lines that {@link checkKubernetes} complains about are left out. */
export function kubernetesOptions(directive: Directive, block: ServerBlock): KubernetesOptions {
  const zones = zonesOrBlock(directive.args, block);
  const line = (name: string): Directive | undefined => directive.block.find((found) => found.name === name);
  return {
    zones,
    primary: zones.find((zone) => !isReverse(zone)) ?? '.',
    pods: podModes.find((mode) => mode === line('pods')?.args[0]) ?? 'disabled',
    endpointPodNames: line('endpoint_pod_names') !== undefined,
    ttl: Number(line('ttl')?.args[0] ?? 5),
    noEndpoints: line('noendpoints') !== undefined,
    namespaces: directive.block.filter((found) => found.name === 'namespaces').flatMap(({ args }) => args),
    labels: selectorOf(line('labels')),
    namespaceLabels: selectorOf(line('namespace_labels')),
    ignoreEmptyService: line('ignore')?.args[0] === 'empty_service',
    fallthrough: line('fallthrough') === undefined ? null : fallthroughZones(line('fallthrough')?.args ?? []),
    multicluster: line('multicluster') !== undefined,
    zonal: line('zonal') !== undefined,
  };
}

const selectorOf = (line: Directive | undefined): LabelMatch | null => (line === undefined ? null : parseSelector(line.args.join(' ')) ?? null);

/** The text form of a label selector: `app=web,tier in (a, b),!canary`; `undefined` when it is none. */
export function parseSelector(text: string): LabelMatch | undefined {
  if (text.length > longestSelector) return undefined;
  const parts: LabelMatch[] = [];
  for (const part of text.match(/(?:[^,(]|\([^)]*\))+/g) ?? []) {
    const match = requirement(part.trim());
    if (match === undefined) return undefined;
    parts.push(match);
  }
  return (labels) => parts.every((part) => part(labels));
}

function requirement(text: string): LabelMatch | undefined {
  const has = (labels: Readonly<Record<string, string>>, key: string): boolean => Object.hasOwn(labels, key);
  const [, key = '', operator, list] = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text) ?? [];
  if (list !== undefined) {
    const values = list.split(',').map((value) => value.trim());
    return operator === 'in' ? (labels) => has(labels, key) && values.includes(labels[key] ?? '') : (labels) => !has(labels, key) || !values.includes(labels[key] ?? '');
  }
  const [, name = '', sign, value = ''] = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(text) ?? [];
  if (sign !== undefined) return sign === '!=' ? (labels) => labels[name] !== value : (labels) => has(labels, name) && labels[name] === value;
  const [, not = '', wanted] = /^(!?)\s*([\w./-]+)$/.exec(text) ?? [];
  if (wanted === undefined) return undefined;
  return not === '!' ? (labels) => !has(labels, wanted) : (labels) => has(labels, wanted);
}

/** What CoreDNS refuses at start (plugin/kubernetes/setup.go). */
export function checkKubernetes(directive: Directive, block: ServerBlock): readonly string[] {
  const says: string[] = [];
  const wrongCount = (name: string): void => {
    says.push(`Wrong argument count or unexpected line ending after '${name}'`);
  };
  for (const arg of directive.args) if (zonesOf(arg).length === 0) says.push(`unable to normalize '${arg}'`);
  if (says.length === 0 && zonesOrBlock(directive.args, block).every(isReverse)) says.push('non-reverse zone name must be used');
  for (const { name, args } of directive.block) {
    const [first] = args;
    switch (name) {
      case 'endpoint_pod_names': case 'noendpoints': case 'zonal':
        if (args.length > 0) wrongCount(name);
        break;
      case 'pods':
        if (args.length !== 1) wrongCount(name);
        else if (!podModes.some((mode) => mode === first)) says.push(`wrong value for pods: ${String(first)},  must be one of: disabled, verified, insecure`);
        break;
      case 'namespaces': case 'endpoint': case 'kubeconfig': case 'apiserver_qps': case 'apiserver_burst': case 'apiserver_max_inflight': case 'startup_timeout':
        if (first === undefined) wrongCount(name);
        break;
      case 'tls':
        if (args.length !== 3) wrongCount(name);
        break;
      case 'labels': case 'namespace_labels':
        if (first === undefined) wrongCount(name);
        else if (parseSelector(args.join(' ')) === undefined) says.push(`unable to parse label selector value: '${args.join(' ')}'`);
        break;
      case 'ttl':
        if (first === undefined) wrongCount(name);
        else if (!/^-?\d+$/.test(first)) says.push(`strconv.Atoi: parsing "${first}": invalid syntax`);
        else if (Number(first) < 0 || Number(first) > largestTtl) says.push(`ttl must be in range [0, ${largestTtl}]: ${first}`);
        break;
      case 'ignore':
        if (first !== undefined && first !== 'empty_service') says.push(`unable to parse ignore value: '${first}'`);
        break;
      case 'fallthrough': case 'multicluster': break;
      default: says.push(`unknown property '${name}'`);
    }
  }
  const has = (name: string): boolean => directive.block.some((line) => line.name === name);
  if (has('namespaces') && has('namespace_labels')) says.push('namespaces and namespace_labels cannot both be set');
  return says;
}
