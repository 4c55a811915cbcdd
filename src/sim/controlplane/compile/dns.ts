// The cluster's DNS as kubelet and CoreDNS are configured.
import { formatAddress, nthAddress, parseRange } from '../../base/address.ts';
import { find, list, type Store } from '../../cluster/store.ts';
import type { DnsFacts } from '../../model/network.ts';
import type { ConfigMap, Service } from '../../model/object.ts';
import { kubeadmCorefile } from '../../dns/corefile.ts';
import { corefileObject, dnsService } from '../dns-server.ts';
import type { Settings } from '../settings.ts';

const configMap = corefileObject;
const service = dnsService;

/** Without a Service kube-dns the kubelet still writes the tenth address of the Services' range, as kubeadm configures it. */
export function compileDns(store: Store, settings: Settings): DnsFacts {
  const declared = find(store, service)?.object as Service | undefined;
  const range = parseRange(settings.serviceRanges[0] ?? '');
  const tenth = range === undefined ? undefined : nthAddress(range, 10);
  const addresses = declared?.spec.clusterIPs ?? (declared?.spec.clusterIP === undefined ? [] : [declared.spec.clusterIP]);
  const given = addresses.filter((ip) => ip !== 'None' && ip !== '');
  const config = find(store, configMap)?.object as ConfigMap | undefined;
  return {
    clusterDns: given.length > 0 ? given : tenth === undefined ? [] : [formatAddress(tenth)],
    corefile: config?.data?.['Corefile'] ?? kubeadmCorefile(settings.domain), configMap, service,
    records: {
      namespaces: list(store, 'Namespace').map(({ object }) => object), services: list(store, 'Service').map(({ object }) => object),
      slices: list(store, 'EndpointSlice').map(({ object }) => object), pods: list(store, 'Pod').map(({ object }) => object),
    },
  };
}
