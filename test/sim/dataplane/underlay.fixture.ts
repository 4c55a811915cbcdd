// Three nodes, a pod on each of the first two and one more beside the first, a Service: what each test then says of the underlay.
import assert from 'node:assert/strict';
import { openLab, parseSource, parseTarget, send, type Lab, type Request, type Trace } from '../../../src/sim/lab.ts';
import { refText } from '../../../src/sim/model/object.ts';

export const clusterDocument = (spec: string): string => `apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: ${spec}\n---\n`;

export const node = (number: number, range = `10.244.${number}.0/24`): string =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: n${number} }\nspec: { podCIDR: ${range} }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.1${number} }] }\n---\n`;

/** Listens on 80, with TLS on 443; `/export` answers 100 kB. */
export const pod = (name: string, on: number, more = ''): string => `apiVersion: v1
kind: Pod
metadata:
  { name: ${name}, namespace: shop, labels: { app: ${name} }, annotations: { k8snet-lab/listen: "0.0.0.0:80/TCP,0.0.0.0:443/TCP,0.0.0.0:53/UDP", k8snet-lab/tls: "443", k8snet-lab/http: "/export=200 100000B" } }
spec: { nodeName: n${on}, containers: [{ name: main, image: main }] }
${more}---
`;

export const service = (name: string, ip: string, app = name, more = ''): string => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { clusterIP: ${ip}, selector: { app: ${app} }, ports: [{ port: 80${more} }]${more === '' ? '' : ', type: NodePort'} }\n---\n`;

/** web and web2 on n1, api on n2, the Services api (node port 30080) and web. */
export const things = node(1) + node(2) + node(3) + pod('web', 1) + pod('web2', 1) + pod('api', 2) + service('api', '10.96.1.1', 'api', ', nodePort: 30080') + service('web', '10.96.1.2');

export function open(text: string): Lab {
  const lab = openLab([{ path: 'a.yaml', text }]);
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures, null, 1));
  return lab.value;
}

/** The usual things under this `spec` of the Cluster document. */
export const under = (spec: string, more = ''): Lab => open(clusterDocument(spec) + things + more);

export const addressOf = (lab: Lab, name: string): string => lab.network.pods.find((one) => one.namespace === 'shop' && one.name === name)?.addresses[0] ?? '';

/** `POD` in a target is that pod's address. */
export function ask(lab: Lab, from: string, to: string, more: Partial<Request> = {}): Trace {
  const source = parseSource(from, lab.network);
  const target = parseTarget(to.replace(/\b(web2|web|api|other)\b(?!\.)/g, (name) => addressOf(lab, name) || name));
  assert.ok(source.ok && target.ok, JSON.stringify([from, to, source, target]));
  return send(lab, { from: source.value, to: target.value, ...more });
}

/** `VERDICT REASON OBJECT FIELD`; `delivered` alone when nothing failed. */
export function ended({ verdict, shown }: Trace): string {
  return verdict === 'delivered' ? 'delivered' : `${verdict} ${shown.reason} ${shown.object === null ? '-' : refText(shown.object)} ${shown.field ?? '-'}`;
}

export const asked = (lab: Lab, from: string, to: string, more: Partial<Request> = {}): string => ended(ask(lab, from, to, more));

/** Whether the packet gets there, from pod to pod on one node, to another node, through the Service, from node to pod, from outside, and out. */
export function ways(lab: Lab): Readonly<Record<'beside' | 'across' | 'back' | 'service' | 'node' | 'outside' | 'leaving', string>> {
  return {
    beside: asked(lab, 'shop/web', 'tcp://web2:80'), across: asked(lab, 'shop/web', 'tcp://api:80'), back: asked(lab, 'shop/api', 'tcp://web:80'), service: asked(lab, 'shop/web', 'tcp://10.96.1.1:80'),
    node: asked(lab, 'node/n1', 'tcp://api:80'), outside: asked(lab, 'external', 'tcp://192.168.0.11:30080'), leaving: asked(lab, 'shop/web', 'tcp://198.18.0.1:80'),
  };
}

export const healthy = { beside: 'delivered', across: 'delivered', back: 'delivered', service: 'delivered', node: 'delivered', outside: 'delivered', leaving: 'delivered' } as const;
