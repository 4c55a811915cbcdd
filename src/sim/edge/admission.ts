// What stands between `kubectl apply` and the store: validating webhooks whose server cannot be asked, and the one of ingress-nginx, which refuses what another Ingress has already.
import { byText } from '../base/order.ts';
import { kindOf } from '../cluster/kinds.ts';
import { splitVersion } from '../cluster/kinds/not-simulated.ts';
import { whereOf } from '../cluster/problem-at.ts';
import { isRecord } from '../cluster/record.ts';
import { matchesLabels, matchesSet } from '../cluster/selector.ts';
import { find, list, type Origin, type Store } from '../cluster/store.ts';
import type { Ingress } from '../model/edge-objects.ts';
import { refOf, type KubeObject, type Labels, type LabelSelector } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { edgeContext, listOf, namespaceOf, type EdgeContext } from './edge-context.ts';
import { classOf, serves } from './ingress.ts';
import { isCanary } from './ingress-nginx.ts';

interface Webhook {
  readonly name: string;
  readonly failurePolicy: string;
  readonly timeout: number;
  readonly service: { readonly namespace: string; readonly name: string; readonly path: string; readonly port: number } | null;
  readonly rules: readonly { readonly groups: readonly string[]; readonly versions: readonly string[]; readonly operations: readonly string[]; readonly resources: readonly string[] }[];
  readonly namespaces: LabelSelector | undefined;
  readonly objects: LabelSelector | undefined;
}

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

/** Nobody checked these objects beyond their fields. */
function webhooksOf(object: KubeObject): readonly Webhook[] {
  const list: unknown = 'webhooks' in object ? object.webhooks : [];
  return (Array.isArray(list) ? list : []).filter(isRecord).map((one): Webhook => {
    const config = isRecord(one['clientConfig']) && isRecord(one['clientConfig']['service']) ? one['clientConfig']['service'] : null;
    const rules = (Array.isArray(one['rules']) ? one['rules'] : []).filter(isRecord);
    const selector = (value: unknown): LabelSelector | undefined => (isRecord(value) && Object.keys(value).length > 0 ? value : undefined);
    return {
      name: textOf(one['name'], ''), failurePolicy: textOf(one['failurePolicy'], 'Fail'), timeout: typeof one['timeoutSeconds'] === 'number' ? one['timeoutSeconds'] : 10,
      service: config === null ? null : { namespace: textOf(config['namespace'], ''), name: textOf(config['name'], ''), path: textOf(config['path'], ''), port: typeof config['port'] === 'number' ? config['port'] : 443 },
      rules: rules.map((rule) => ({ groups: texts(rule['apiGroups']), versions: texts(rule['apiVersions']), operations: texts(rule['operations']), resources: texts(rule['resources']) })),
      namespaces: selector(one['namespaceSelector']), objects: selector(one['objectSelector']),
    };
  });
}

const among = (list: readonly string[], word: string): boolean => list.includes('*') || list.includes(word);

function asked(webhook: Webhook, object: KubeObject, plural: string, operation: 'CREATE' | 'UPDATE', labels: Labels): boolean {
  const [group, version] = splitVersion(object.apiVersion);
  const ruled = webhook.rules.some((rule) => among(rule.groups, group) && among(rule.versions, version) && among(rule.operations, operation) && (rule.resources.includes('*/*') || among(rule.resources, plural)));
  return ruled && (webhook.namespaces === undefined || object.metadata.namespace === undefined || matchesLabels(webhook.namespaces, labels)) && (webhook.objects === undefined || matchesLabels(webhook.objects, object.metadata.labels ?? {}));
}

/** Why its server cannot be asked; `null`: it can. The words are the API server's (apiserver, util/proxy). */
function unreachable(store: Store, service: NonNullable<Webhook['service']>): string | null {
  if (find(store, { kind: 'Service', namespace: service.namespace, name: service.name }) === undefined) return `service "${service.name}" not found`;
  const slices = list(store, 'EndpointSlice', service.namespace).filter(({ object }) => object.metadata.labels?.['kubernetes.io/service-name'] === service.name);
  return slices.some(({ object: { endpoints } }) => listOf(endpoints).some(({ conditions }) => conditions?.ready !== false)) ? null : `no endpoints available for service "${service.name}"`;
}

/** Whether a Service leads to pods of ingress-nginx. */
const isIngressNginx = (context: EdgeContext, service: NonNullable<Webhook['service']>): boolean => {
  const selector = context.service(service.namespace, service.name)?.spec.selector;
  return selector !== undefined && context.workloads.some(({ controller, ref, labels }) => controller?.name === 'ingress-nginx' && ref.namespace === service.namespace && matchesSet(selector, labels));
};

/** What ingress-nginx says no to (controller.go, CheckIngress): a host and path that another Ingress of it has. */
function overlap(context: EdgeContext, given: Ingress): string | null {
  const mine = (one: Ingress): boolean => { const found = classOf(context, one); return context.workloads.some((workload) => workload.controller?.name === 'ingress-nginx' && serves(workload, found)); };
  if (!mine(given)) return null;
  const others = context.ingresses.filter((one) => !(one.metadata.name === given.metadata.name && namespaceOf(one) === namespaceOf(given)) && mine(one));
  for (const { host = '', http } of listOf(given.spec?.rules)) {
    for (const { path, backend } of listOf(http?.paths)) {
      if (backend.service === undefined) continue;
      const wanted = path === undefined || path === '' ? '/' : path;
      const existing = others.find((one) => listOf(one.spec?.rules).some((rule) => (rule.host ?? '') === host && listOf(rule.http?.paths).some((other) => other.backend.service !== undefined && (other.path === undefined || other.path === '' ? '/' : other.path) === wanted)));
      if (existing === undefined) continue;
      if (isCanary(given) === isCanary(existing)) return `host "${host === '' ? '_' : host}" and path "${wanted}" is already defined in ingress ${namespaceOf(existing)}/${existing.metadata.name}`;
      return null;
    }
  }
  return null;
}

/** Why the API server does not take an object, as its webhooks have it; `null`: they do. `store` is as it was before. */
export function webhookRefusal(store: Store, object: KubeObject, origin: Origin | null): Problem | null {
  const configurations = list(store, 'ValidatingWebhookConfiguration').map((stored) => stored.object).sort((left, right) => byText(left.metadata.name, right.metadata.name));
  if (configurations.length === 0) return null;
  const context = edgeContext(store);
  const { plural } = kindOf(object, store);
  const operation = find(store, refOf(object)) === undefined ? 'CREATE' : 'UPDATE';
  const refuse = (code: string, says: string): Problem => ({ code, severity: 'error', says, where: whereOf(object, origin, null), help: null });
  for (const webhook of configurations.flatMap(webhooksOf)) {
    const { service } = webhook;
    if (service === null || !asked(webhook, object, plural, operation, context.namespaceLabels(object.metadata.namespace ?? ''))) continue;
    const gone = unreachable(store, service);
    if (gone !== null) {
      if (webhook.failurePolicy === 'Ignore') continue;
      return refuse('internal-error', `Internal error occurred: failed calling webhook "${webhook.name}": failed to call webhook: Post "https://${service.name}.${service.namespace}.svc:${service.port}${service.path}?timeout=${webhook.timeout}s": ${gone}`);
    }
    const says = object.kind === 'Ingress' && isIngressNginx(context, service) ? overlap(context, object as Ingress) : null;
    if (says !== null) return refuse('bad-request', `admission webhook "${webhook.name}" denied the request: ${says}`);
  }
  return null;
}
