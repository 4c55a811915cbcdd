// What ingress-nginx writes into its log about the objects that it reads (kubernetes/ingress-nginx, internal/ingress/controller): warnings that stand as long as their cause does.
import { timestampOf } from '../cluster/server-metadata.ts';
import { refOf, refText, type ObjectRef } from '../model/object.ts';
import { certificateOf } from './certificate.ts';
import { edgeContext, listOf, namespaceOf, type EdgeContext, type EdgeInput } from './edge-context.ts';
import { hostFits } from './host-names.ts';
import { classOf, serves } from './ingress.ts';
import type { Ingress, IngressBackend } from '../model/edge-objects.ts';

/** klog's header, with the process number that the controller has in its container. */
const line = (now: string, level: 'I' | 'W', place: string, says: string): string => `${level}${now.slice(5, 7)}${now.slice(8, 10)} ${now.slice(11, 19)}.000000       7 ${place}] ${says}`;

function backendLines(context: EdgeContext, ingress: Ingress, backend: IngressBackend, endpoints: (namespace: string, name: string) => boolean): readonly string[] {
  const named = backend.service;
  if (named === undefined) return [];
  const key = `${namespaceOf(ingress)}/${named.name}`;
  const service = context.service(namespaceOf(ingress), named.name);
  if (service === undefined) return [`Error obtaining Endpoints for Service "${key}": no object matching key "${key}" in local store`];
  const wanted = String(named.port?.name ?? named.port?.number ?? '');
  const port = listOf(service.spec.ports).some((one) => String(one.port) === wanted || String(one.targetPort ?? one.port) === wanted || one.name === wanted);
  return port && !endpoints(namespaceOf(ingress), named.name) ? [`Service "${key}" does not have any active Endpoint.`] : [];
}

function certificateLines(context: EdgeContext, ingress: Ingress): readonly string[] {
  const namespace = namespaceOf(ingress);
  return listOf(ingress.spec?.tls).flatMap(({ hosts, secretName }) => listOf(hosts).flatMap((host): readonly string[] => {
    if (secretName === undefined || secretName === '') return [];
    const secret = context.secret(namespace, secretName);
    const found = secret === undefined ? null : certificateOf(secret, context.now);
    if (found === null || found.kind === 'none') return [`Error getting SSL certificate "${namespace}/${secretName}": local SSL certificate ${namespace}/${secretName} was not found. Using default certificate`];
    if (found.kind === 'assumed') return [];
    if (!found.names.some((name) => hostFits(name, host, true))) return [`Unexpected error validating SSL certificate "${namespace}/${secretName}" for server "${host}": x509: certificate is valid for ${found.names.join(', ')}, not ${host}`, 'Validating certificate against DNS names. This will be deprecated in a future version', `SSL certificate "${namespace}/${secretName}" does not contain a Common Name or Subject Alternative Name for server "${host}": x509: certificate is valid for ${found.names.join(', ')}, not ${host}`, 'Using default certificate'];
    return found.trust === 'expired' ? [`SSL certificate for server "${host}" expired (${(found.until ?? '').replace('T', ' ').replace('Z', ' +0000 UTC')})`] : [];
  }));
}

/** The log of a controller's pods, a line an entry; `null` for a workload of whose log nothing is known. */
export function controllerLog(input: EdgeInput, workload: ObjectRef): readonly string[] | null {
  const context = edgeContext(input);
  const own = context.workloads.find(({ ref }) => refText(ref) === refText(workload));
  if (own?.controller?.name !== 'ingress-nginx') return null;
  const now = timestampOf(input.now);
  const ready = new Set<string>();
  for (const { object } of input.objects.values()) {
    if (object.kind !== 'EndpointSlice' || !('endpoints' in object) || !Array.isArray(object.endpoints)) continue;
    const endpoints: readonly { readonly conditions?: { readonly ready?: boolean } }[] = object.endpoints;
    if (endpoints.some(({ conditions }) => conditions?.ready !== false)) ready.add(`${object.metadata.namespace ?? ''}/${object.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`);
  }
  return context.ingresses.flatMap((ingress): readonly string[] => {
    const found = classOf(context, ingress);
    const { namespace, name } = refOf(ingress);
    if (!serves(own, found)) {
      // Another controller's class is passed over in silence.
      if (found.name !== null && found.object !== null) return [];
      const error = found.name === null ? 'ingress does not contain a valid IngressClass' : `no object matching key \\"${found.name}\\" in local store`;
      return [line(now, 'I', 'store.go:440', `"Ignoring ingress because of error while validating ingress class" ingress="${namespace}/${name}" error="${error}"`)];
    }
    const backends = [...listOf(ingress.spec?.rules).flatMap(({ http }) => listOf(http?.paths).map(({ backend }) => backend)), ...(ingress.spec?.defaultBackend === undefined ? [] : [ingress.spec.defaultBackend])];
    const says = [...backends.flatMap((backend) => backendLines(context, ingress, backend, (space, service) => ready.has(`${space}/${service}`))), ...certificateLines(context, ingress)];
    return [...new Set(says)].map((one) => line(now, 'W', one.startsWith('Service') ? 'controller.go:1216' : one.startsWith('Error obtaining') ? 'controller.go:1110' : 'controller.go:1438', one));
  });
}
