// Both APIs compiled from text, and short questions to an edge.
import assert from 'node:assert/strict';
import { decode } from '../../../src/sim/cluster/decode.ts';
import { loadDocuments } from '../../../src/sim/cluster/load.ts';
import { emptyStore } from '../../../src/sim/cluster/store.ts';
import { answerAtEdge, type EdgeAnswer } from '../../../src/sim/edge/answer-at-edge.ts';
import { compileEdge, type CompiledEdge } from '../../../src/sim/edge/compile-edge.ts';
import type { EdgeRules } from '../../../src/sim/model/edge.ts';
import { refText } from '../../../src/sim/model/object.ts';

export function compiled(...texts: readonly string[]): CompiledEdge {
  const decoded = decode(texts.map((text, index) => ({ path: `edge-${index}.yaml`, text })));
  assert.ok(decoded.ok, decoded.ok ? '' : JSON.stringify(decoded.failures, null, 1));
  const loaded = loadDocuments(emptyStore, decoded.value.documents);
  assert.ok(loaded.ok, loaded.ok ? '' : JSON.stringify(loaded.failures, null, 1));
  return compileEdge(loaded.value.store);
}

export function rulesIn(edge: CompiledEdge, index = 0): EdgeRules {
  const proxy = edge.facts.proxies[index];
  assert.ok(proxy !== undefined, `no edge: ${JSON.stringify(edge.facts.unserved)}`);
  return proxy.rules;
}

/** A request by URL, as curl would make it; `-k` for a client that verifies nothing. */
export function ask(rules: EdgeRules, url: string, more: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly insecure?: boolean; readonly client?: string } = {}): EdgeAnswer {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  return answerAtEdge(rules, {
    host: more.headers?.['host'] ?? hostname, path: /^\w+:\/\/[^/]+\//.test(url) ? pathname + search : '', method: more.method ?? 'GET', headers: more.headers ?? {}, tls: protocol === 'https:' ? { serverName: hostname, verify: more.insecure !== true } : null,
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port), ...(more.client === undefined ? {} : { client: more.client }),
  });
}

/** In a word: `web:80`, `404`, `308 https://…`, `tls name`, and several backends with their weights. */
export function said(answer: EdgeAnswer): string {
  switch (answer.kind) {
    case 'answer': return `${answer.status}${answer.location === null ? '' : ` ${answer.location}`}`;
    case 'tls': return `tls ${answer.fault}`;
    case 'forward': return answer.backends.map((backend) => `${backend.reply === null ? `${backend.service?.name ?? ''}:${backend.port ?? ''}` : String(backend.reply.status)}${answer.backends.length > 1 ? `*${backend.weight}` : ''}`).join(' ') + (answer.rewritten ? ` as ${answer.host}${answer.path}` : '');
  }
}

export const blamed = (answer: EdgeAnswer): string => {
  if (answer.kind === 'forward') {
    const reply = answer.backends.find(({ reply: one }) => one !== null)?.reply;
    return reply == null ? '' : `${refText(reply.object)} ${reply.field ?? ''}`;
  }
  return `${refText(answer.object)} ${answer.field ?? ''}`;
};

export const codes = (edge: CompiledEdge): string[] => edge.problems.map(({ code }) => code).sort();

/** ingress-nginx with its class and its Service. */
export const nginx = `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
spec:
  selector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
  template:
    metadata: { labels: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller } }
    spec:
      containers:
        - name: controller
          image: registry.k8s.io/ingress-nginx/controller:v1.12.1
          args: [/nginx-ingress-controller, --controller-class=k8s.io/ingress-nginx]
          ports: [{ name: http, containerPort: 80 }, { name: https, containerPort: 443 }, { name: webhook, containerPort: 8443 }]
---
apiVersion: v1
kind: Service
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
spec:
  type: LoadBalancer
  selector: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller }
  ports: [{ name: http, port: 80, targetPort: http }, { name: https, port: 443, targetPort: https }]
---
apiVersion: v1
kind: Service
metadata: { name: ingress-nginx-controller-admission, namespace: ingress-nginx }
spec:
  selector: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller }
  ports: [{ name: https-webhook, port: 443, targetPort: webhook }]
`;

export const service = (name: string, namespace = 'shop', port = 80, targetPort: number | string = 8080): string => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: ${port}, targetPort: ${targetPort} }] }
`;

export const ingress = (spec: string, name = 'web', namespace = 'shop', annotations = ''): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: ${namespace}, annotations: { ${annotations} } }
spec: ${spec}
`;

/** A path of an Ingress. */
export const path = (value: string, to = 'web', type = 'Prefix', port: number | string = 80): string =>
  `{ path: '${value}', pathType: ${type}, backend: { service: { name: ${to}, port: { ${typeof port === 'number' ? 'number' : 'name'}: ${port} } } } }`;

/** A class and pods that serve it, with the port 80 and 443 of a load balancer. */
export const gatewayClass = (controller = 'example.net/gateway', name = 'public'): string => `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: ${name} }
spec: { controllerName: ${controller} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: edge, namespace: edge-system, annotations: { k8snet-lab/serves: gateway-class/${name} } }
spec:
  selector: { matchLabels: { app: edge } }
  template:
    metadata: { labels: { app: edge } }
    spec: { containers: [{ name: proxy, image: example.net/proxy:1, ports: [{ name: web, containerPort: 10080 }, { name: websecure, containerPort: 10443 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: edge, namespace: edge-system }
spec: { type: LoadBalancer, selector: { app: edge }, ports: [{ name: web, port: 80, targetPort: web }, { name: websecure, port: 443, targetPort: websecure }] }
`;

export const gateway = (listeners: string, name = 'gw', namespace = 'edge', cls = 'public'): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${namespace} }
spec: { gatewayClassName: ${cls}, listeners: [${listeners}] }
`;

export const route = (spec: string, name = 'web', namespace = 'edge', created = ''): string => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${namespace}${created === '' ? '' : `, creationTimestamp: '${created}'`} }
spec: ${spec}
`;

/** A Secret of the right type, its certificate as the annotation says. */
export const secret = (name: string, certificate: string, namespace = 'shop', type = 'kubernetes.io/tls'): string => `apiVersion: v1
kind: Secret
metadata: { name: ${name}, namespace: ${namespace}, annotations: { k8snet-lab/certificate: '${certificate}' } }
type: ${type}
data: { tls.crt: '', tls.key: '' }
`;
