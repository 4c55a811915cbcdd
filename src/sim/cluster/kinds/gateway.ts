// The Gateway API in `kubectl get`, with the columns and short names of its CustomResourceDefinitions.
import type { BackendTlsPolicy, Gateway, GatewayClass, GrpcRoute, HttpRoute, ListenerSet, ReferenceGrant, StreamRoute } from '../../model/edge-objects.ts';
import type { Condition } from '../../model/object.ts';
import { ageColumn, column, nameColumn, wideColumn } from './kind.ts';
import type { Kind } from './kind.ts';

const common = { group: 'gateway.networking.k8s.io', versions: ['v1', 'v1beta1'] };
const newer = { ...common, versions: ['v1'], namespaced: true };

const conditionText = (conditions: readonly Condition[] | undefined, type: string): string => conditions?.find((condition) => condition.type === type)?.status ?? '';

/** A column of a list is printed as JSON. */
const hostnames = (names: readonly string[] | undefined): ReturnType<typeof column> => column('HOSTNAMES', names === undefined ? '' : JSON.stringify(names));

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
  columns: (stored, store) => [nameColumn(stored), hostnames(stored.object.spec?.hostnames), ageColumn(stored, store)],
};

export const grpcRoute: Kind<GrpcRoute> = {
  ...newer, kind: 'GRPCRoute', plural: 'grpcroutes', singular: 'grpcroute', shortNames: [],
  columns: (stored, store) => [nameColumn(stored), hostnames(stored.object.spec?.hostnames), ageColumn(stored, store)],
};

const streams: Kind<StreamRoute>['columns'] = (stored, store) => [nameColumn(stored), ageColumn(stored, store)];

export const tlsRoute: Kind<StreamRoute> = { ...newer, kind: 'TLSRoute', plural: 'tlsroutes', singular: 'tlsroute', shortNames: [], columns: streams };
export const tcpRoute: Kind<StreamRoute> = { ...newer, kind: 'TCPRoute', plural: 'tcproutes', singular: 'tcproute', shortNames: [], columns: streams };

export const listenerSet: Kind<ListenerSet> = {
  ...newer, kind: 'ListenerSet', plural: 'listenersets', singular: 'listenerset', shortNames: ['lset'],
  columns: (stored, store) => { const { status } = stored.object; return [nameColumn(stored), column('ACCEPTED', conditionText(status?.conditions, 'Accepted')), column('PROGRAMMED', conditionText(status?.conditions, 'Programmed')), ageColumn(stored, store)]; },
};

export const backendTlsPolicy: Kind<BackendTlsPolicy> = {
  ...newer, kind: 'BackendTLSPolicy', plural: 'backendtlspolicies', singular: 'backendtlspolicy', shortNames: ['btlspolicy'],
  columns: (stored, store) => [nameColumn(stored), ageColumn(stored, store)],
};

export const referenceGrant: Kind<ReferenceGrant> = {
  ...common, kind: 'ReferenceGrant', plural: 'referencegrants', singular: 'referencegrant', shortNames: ['refgrant'], namespaced: true,
  columns: (stored, store) => [nameColumn(stored), ageColumn(stored, store)],
};
