// The spec of a pod, on its own and in templates (pkg/apis/core/validation, ValidatePodSpec): what networking reads, and what every pod must have.
import type { Container, PodSpec } from '../../model/object.ts';
import { duplicate, forbidden, invalid, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { isRecord } from '../record.ts';
import { address, checked, isDns1123Label, isDns1123Subdomain, isPortName, isSearchDomain, labels, portNumber, portOrName } from './names.ts';

/** A pod's spec with its defaults; `path` is `spec` or `spec.template.spec`. */
// Simplified: volumes, security contexts, resources, affinity and the like are checked for their fields and types only.
export function podSpec(path: string, spec: PodSpec): readonly Finding[] {
  const containers = spec.containers;
  const inits = spec.initContainers ?? [];
  return [
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...containers.flatMap((container, index) => containerFindings(`${path}.containers[${index}]`, container, containers.slice(0, index), spec, false)),
    ...inits.flatMap((container, index) => containerFindings(`${path}.initContainers[${index}]`, container, [...containers, ...inits.slice(0, index)], spec, true)),
    ...(spec.restartPolicy === undefined ? [required(`${path}.restartPolicy`)] : oneOf(`${path}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never'])),
    ...oneOf(`${path}.dnsPolicy`, spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...dnsConfig(`${path}.dnsConfig`, spec),
    ...labels(`${path}.nodeSelector`, spec.nodeSelector),
    ...(spec.hostname === undefined || spec.hostname === '' ? [] : checked(`${path}.hostname`, spec.hostname, isDns1123Label)),
    ...(spec.subdomain === undefined || spec.subdomain === '' ? [] : checked(`${path}.subdomain`, spec.subdomain, isDns1123Label)),
    ...(spec.nodeName === undefined || spec.nodeName === '' ? [] : checked(`${path}.nodeName`, spec.nodeName, isDns1123Subdomain)),
    ...(spec.serviceAccountName === undefined || spec.serviceAccountName === '' ? [] : checked(`${path}.serviceAccountName`, spec.serviceAccountName, isDns1123Subdomain)),
    ...(spec.hostAliases ?? []).flatMap((alias, index) => [
      ...address(`${path}.hostAliases[${index}].ip`, alias.ip),
      ...(alias.hostnames ?? []).flatMap((name, at) => checked(`${path}.hostAliases[${index}].hostnames[${at}]`, name, isDns1123Subdomain)),
    ]),
  ];
}

const oneOf = (field: string, value: string | undefined, supported: readonly string[]): readonly Finding[] => (value === undefined || supported.includes(value) ? [] : [unsupported(field, value, supported)]);

function containerFindings(path: string, container: Container, before: readonly Container[], spec: PodSpec, isInit: boolean): readonly Finding[] {
  const name: string = container.name ?? '';
  const mounts: unknown = 'volumeMounts' in container ? container.volumeMounts : undefined;
  return [
    ...(name === '' ? [required(`${path}.name`)] : [...checked(`${path}.name`, name, isDns1123Label), ...(before.some((other) => other.name === name) ? [duplicate(`${path}.name`, name)] : [])]),
    ...((container.image ?? '') === '' ? [required(`${path}.image`)] : container.image !== container.image?.trim() ? [invalid(`${path}.image`, container.image, 'must not have leading or trailing whitespace')] : []),
    ...(container.ports ?? []).flatMap((port, index, ports): readonly Finding[] => {
      const field = `${path}.ports[${index}]`;
      const bad = port.name === undefined || port.name === '' ? [] : checked(`${field}.name`, port.name, isPortName);
      return [
        ...bad,
        ...(bad.length === 0 && port.name !== undefined && port.name !== '' && ports.slice(0, index).some((other) => other.name === port.name) ? [duplicate(`${field}.name`, port.name)] : []),
        ...((port.containerPort ?? 0) === 0 ? [required(`${field}.containerPort`)] : portNumber(`${field}.containerPort`, port.containerPort)),
        ...((port.hostPort ?? 0) === 0 ? [] : portNumber(`${field}.hostPort`, port.hostPort ?? 0)),
        ...(spec.hostNetwork === true && port.hostPort !== undefined && port.hostPort !== port.containerPort ? [invalid(`${field}.hostPort`, port.hostPort, 'must match `containerPort` when `hostNetwork` is true')] : []),
        ...oneOf(`${field}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']),
      ];
    }),
    ...(container.env ?? []).flatMap((variable, index): readonly Finding[] => {
      const field = `${path}.env[${index}]`;
      if ((variable.name ?? '') === '') return [required(`${field}.name`)];
      // Relaxed since v1.34: anything printable but the sign that ends the name.
      return variable.name.includes('=') ? [invalid(`${field}.name`, variable.name, "a valid environment variable name must consist only of printable ASCII characters other than '='")]
        : variable.valueFrom !== undefined && (variable.value ?? '') !== '' ? [invalid(`${field}.valueFrom`, '', 'may not be specified when `value` is not empty')] : [];
    }),
    ...(['readinessProbe', 'livenessProbe', 'startupProbe'] as const).flatMap((probe) => probeFindings(`${path}.${probe}`, container[probe], isInit && container.restartPolicy !== 'Always')),
    ...(Array.isArray(mounts) ? mounts.flatMap((mount: unknown, index) => mountFindings(`${path}.volumeMounts[${index}]`, mount, spec)) : []),
    ...(container.restartPolicy === undefined || !isInit ? [] : oneOf(`${path}.restartPolicy`, container.restartPolicy, ['Always', 'Never', 'OnFailure'])),
  ];
}

function mountFindings(path: string, mount: unknown, spec: PodSpec): readonly Finding[] {
  if (!isRecord(mount)) return [];
  const name = typeof mount['name'] === 'string' ? mount['name'] : '';
  const volumes: unknown = 'volumes' in spec ? spec.volumes : undefined;
  const known = Array.isArray(volumes) && volumes.some((volume: unknown) => isRecord(volume) && volume['name'] === name);
  return [
    ...(name === '' ? [required(`${path}.name`)] : known ? [] : [{ code: 'not-found', field: `${path}.name`, says: `${path}.name: Not found: ${JSON.stringify(name)}` }]),
    ...(typeof mount['mountPath'] === 'string' && mount['mountPath'] !== '' ? [] : [required(`${path}.mountPath`)]),
  ];
}

function probeFindings(path: string, probe: Container['readinessProbe'], isPlainInit: boolean): readonly Finding[] {
  if (probe === undefined) return [];
  if (isPlainInit) return [forbidden(path, 'may not be set for init containers without restartPolicy=Always')];
  // In this order the server looks at them, and says of every one after the first that it is too much.
  const given = (['exec', 'httpGet', 'tcpSocket', 'grpc'] as const).filter((handler) => probe[handler] !== undefined);
  if (given.length === 0) return [required(path, 'must specify a handler type')];
  return given.flatMap((handler, index): readonly Finding[] => {
    if (index > 0) return [forbidden(`${path}.${handler}`, 'may not specify more than 1 handler type')];
    return handler === 'exec' ? [] : portOrName(`${path}.${handler}.port`, probe[handler]?.port ?? 0);
  });
}

function dnsConfig(path: string, spec: PodSpec): readonly Finding[] {
  const config = spec.dnsConfig;
  if (spec.dnsPolicy === 'None') {
    if (config === undefined) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if ((config.nameservers?.length ?? 0) === 0) return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  }
  if (config === undefined) return [];
  const servers = config.nameservers ?? [];
  const searches = config.searches ?? [];
  return [
    ...(servers.length > 3 ? [invalid(`${path}.nameservers`, servers, 'must not have more than 3 nameservers')] : []),
    ...servers.flatMap((server, index) => address(`${path}.nameservers[${index}]`, server)),
    ...(searches.length > 32 ? [invalid(`${path}.searches`, searches, 'must not have more than 32 search paths')] : []),
    ...(searches.join(' ').length > 2048 ? [invalid(`${path}.searches`, searches, 'must not have more than 2048 characters (including spaces) in the search list')] : []),
    ...searches.flatMap((search, index) => (search === '.' ? [] : checked(`${path}.searches[${index}]`, search.replace(/\.$/, ''), isSearchDomain))),
    ...(config.options ?? []).flatMap((option, index) => ((option.name ?? '') === '' ? [required(`${path}.options[${index}]`, 'must not be empty')] : [])),
  ];
}
