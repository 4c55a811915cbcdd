// The options of the kubernetes plugin, read from its directive.
import type { Directive, ServerBlock } from '../corefile.ts';
import { durationRefusal } from '../go-duration.ts';
import { isReverse, zonesOf } from '../zones.ts';
import { parseSelector } from './label-selector.ts';
import type { LabelMatch } from './label-selector.ts';
import { argumentError, atLine, bare } from './plugin.ts';
import type { Refusal } from './plugin.ts';

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
  /** Zones of names across clusters. */
  readonly multicluster: readonly string[];
  readonly zonal: boolean;
}

const podModes = ['disabled', 'insecure', 'verified'] as const;
const largestTtl = 3600;

/** The zones of a directive's arguments, or those of its server block when it has none. */
export const zonesOrBlock = (args: readonly string[], block: ServerBlock): readonly string[] =>
  args.length > 0 ? args.flatMap(zonesOf) : block.zones.map(({ zone }) => zone);

/** The zones of a `fallthrough` line: the root when it names none. */
export const fallthroughZones = (args: readonly string[]): readonly string[] => (args.length > 0 ? args.flatMap(zonesOf) : ['.']);

/** Reads the options; lines that {@link checkKubernetes} complains about are left out. */
export function kubernetesOptions(directive: Directive, block: ServerBlock): KubernetesOptions {
  const zones = zonesOrBlock(directive.args, block);
  // The last line of a name counts.
  const line = (name: string): Directive | undefined => directive.block.findLast((found) => found.name === name);
  return {
    zones,
    // A reverse zone is one that lies under in-addr.arpa or ip6.arpa: these themselves count as ordinary zones.
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
    multicluster: multiclusterZones(directive),
    zonal: line('zonal') !== undefined,
  };
}

function selectorOf(line: Directive | undefined): LabelMatch | null {
  const selector = line === undefined ? undefined : parseSelector(line.args.join(' '));
  return selector?.ok === true ? selector.value : null;
}

const multiclusterZones = (directive: Directive): readonly string[] =>
  directive.block.filter(({ name }) => name === 'multicluster').slice(-1).flatMap(({ args }) => args.flatMap(zonesOf));

/** What CoreDNS refuses at start (plugin/kubernetes/setup.go). */
export function checkKubernetes(directive: Directive, block: ServerBlock): readonly Refusal[] {
  const says: Refusal[] = [];
  const has = (name: string): boolean => directive.block.some((line) => line.name === name);
  const zones = zonesOrBlock(directive.args, block);
  if (zones.length === 0 || zones.every(isReverse)) says.push(bare('non-reverse zone name must be used'));
  for (const line of directive.block) says.push(...refusalsOf(line));
  const end = { ...directive, line: directive.end };
  if (has('namespaces') && has('namespace_labels')) says.push(atLine(end, 'namespaces and namespace_labels cannot both be set'));
  const stranger = multiclusterZones(directive).find((zone) => !zones.includes(zone));
  if (stranger !== undefined) says.push(atLine(end, `is not authoritative for the multicluster zone ${stranger} (authoritative zones: [${zones.join(' ')}])`));
  if (has('zonal') && has('noendpoints')) says.push(atLine(end, 'zonal requires the endpoint cache; remove noendpoints'));
  return says;
}

function refusalsOf(line: Directive): readonly Refusal[] {
  const { name, args } = line;
  const [first] = args;
  switch (name) {
    case 'endpoint_pod_names': case 'noendpoints': case 'zonal': return args.length > 0 ? [argumentError(line)] : [];
    case 'pods':
      if (args.length !== 1) return [argumentError(line)];
      return podModes.some((mode) => mode === first) ? [] : [bare(`wrong value for pods: ${String(first)},  must be one of: disabled, verified, insecure`)];
    case 'namespaces': case 'endpoint': return first === undefined ? [argumentError(line)] : [];
    case 'tls': return args.length === 3 ? [] : [argumentError(line)];
    case 'kubeconfig': return args.length === 1 || args.length === 2 ? [] : [argumentError(line)];
    case 'labels': case 'namespace_labels': {
      if (first === undefined) return [argumentError(line)];
      const selector = parseSelector(args.join(' '));
      return selector.ok ? [] : [bare(`unable to parse ${name === 'labels' ? 'label' : 'namespace_label'} selector value: '${args.join(' ')}': ${selector.failures[0] ?? ''}`)];
    }
    case 'ttl':
      if (first === undefined) return [argumentError(line)];
      if (!/^[+-]?\d+$/.test(first)) return [bare(`strconv.Atoi: parsing "${first}": invalid syntax`)];
      return Number(first) < 0 || Number(first) > largestTtl ? [atLine(line, `ttl must be in range [0, ${largestTtl}]: ${Number(first)}`)] : [];
    case 'ignore': return first === undefined || first === 'empty_service' ? [] : [bare(`unable to parse ignore value: '${first}'`)];
    case 'startup_timeout': {
      if (first === undefined) return [argumentError(line)];
      const wrong = durationRefusal(first);
      return wrong === undefined ? [] : [bare(`failed to parse startup_timeout: ${first}, ${wrong}`)];
    }
    case 'apiserver_qps': case 'apiserver_burst': case 'apiserver_max_inflight':
      if (args.length !== 1) return [argumentError(line)];
      return Number(first) < 0 ? [atLine(line, `${name} must be >= 0`)] : [];
    case 'fallthrough': case 'multicluster': return [];
    default: return [atLine({ ...line, args: [] }, `unknown property '${name}'`)];
  }
}
