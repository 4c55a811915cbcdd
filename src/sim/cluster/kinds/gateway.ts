// The Gateway API in `kubectl get`, with the columns and short names of its CustomResourceDefinitions.
import type { Gateway, GatewayClass, HttpRoute, ReferenceGrant } from '../../model/edge-objects.ts';
import type { Condition } from '../../model/object.ts';
import { ageColumn, column, nameColumn, wideColumn } from './kind.ts';
import type { Kind } from './kind.ts';

const common = { group: 'gateway.networking.k8s.io', versions: ['v1', 'v1beta1'] };

const conditionText = (conditions: readonly Condition[] | undefined, type: string): string => conditions?.find((condition) => condition.type === type)?.status ?? '';

export const gatewayClass: Kind<GatewayClass> = {
  ...common, kind: 'GatewayClass', plural: 'gatewayclasses', singular: 'gatewayclass', shortNames: ['gc'], namespaced: false,
  columns: (stored, store) => {
    const { spec, status } = stored.object;
    return [nameColumn(stored), column('CONTROLLER', spec?.controllerName ?? ''), column('ACCEPTED', conditionText(status?.conditions, 'Accepted')), ageColumn(stored, store), wideColumn('DESCRIPTION', spec?.description ?? '')];
  },
};

export const gateway: Kind<Gateway> = {
  ...common, kind: 'Gateway', plural: 'gateways', singular: 'gateway', shortNames: ['gtw'], namespaced: true,
  columns: (stored, store) => {
    const { spec, status } = stored.object;
    return [nameColumn(stored), column('CLASS', spec?.gatewayClassName ?? ''), column('ADDRESS', status?.addresses?.[0]?.value ?? ''), column('PROGRAMMED', conditionText(status?.conditions, 'Programmed')), ageColumn(stored, store)];
  },
};

export const httpRoute: Kind<HttpRoute> = {
  ...common, kind: 'HTTPRoute', plural: 'httproutes', singular: 'httproute', shortNames: [], namespaced: true,
  // A column of a list is printed as JSON.
  columns: (stored, store) => [nameColumn(stored), column('HOSTNAMES', stored.object.spec?.hostnames === undefined ? '' : JSON.stringify(stored.object.spec.hostnames)), ageColumn(stored, store)],
};

export const referenceGrant: Kind<ReferenceGrant> = {
  ...common, kind: 'ReferenceGrant', plural: 'referencegrants', singular: 'referencegrant', shortNames: ['refgrant'], namespaced: true,
  columns: (stored, store) => [nameColumn(stored), ageColumn(stored, store)],
};
