// Ingress and IngressClass in `kubectl get` (pkg/printers/internalversion, printIngress).
import type { Ingress, IngressClass } from '../../model/edge-objects.ts';
import { ageColumn, column, firstThree, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

const group = 'networking.k8s.io';

/** What stands under ADDRESS; without `-o wide` sixteen characters of it. */
function addressText(ingress: Ingress): string {
  const text = [...new Set((ingress.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => (ip === undefined || ip === '' ? hostname ?? '' : ip)))].sort().join(',');
  return text.length > 16 ? `${text.slice(0, 13)}...` : text;
}

export const ingress: Kind<Ingress> = {
  kind: 'Ingress', plural: 'ingresses', singular: 'ingress', shortNames: ['ing'], group, versions: ['v1'], namespaced: true,
  columns: (stored, store) => {
    const { spec } = stored.object;
    const hosts = (spec?.rules ?? []).flatMap(({ host }) => (host === undefined || host === '' ? [] : [host]));
    return [
      nameColumn(stored), column('CLASS', spec?.ingressClassName ?? '<none>'), column('HOSTS', firstThree(hosts) || '*'), column('ADDRESS', addressText(stored.object)),
      column('PORTS', (spec?.tls ?? []).length > 0 ? '80, 443' : '80'), ageColumn(stored, store),
    ];
  },
};

export const ingressClass: Kind<IngressClass> = {
  kind: 'IngressClass', plural: 'ingressclasses', singular: 'ingressclass', shortNames: [], group, versions: ['v1'], namespaced: false,
  columns: (stored, store) => {
    const standard = stored.object.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';
    return [standard ? column('NAME', `${stored.object.metadata.name} (default)`) : nameColumn(stored), column('CONTROLLER', stored.object.spec?.controller ?? ''), column('PARAMETERS', '<none>'), ageColumn(stored, store)];
  },
};
