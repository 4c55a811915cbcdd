// The cluster that stands where the real tools were recorded: the same names, addresses and answers as in the network namespaces.
import { startSession } from '../../../src/shell/shell.ts';
import type { Session } from '../../../src/shell/shell.ts';
import { openShop } from '../shop.ts';

const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: shop, labels: { app: client }, annotations: { k8snet-lab/listen: "" } }
spec:
  nodeName: worker-1
  containers: [{ name: all, image: "example/tools:1" }, { name: busybox, image: "busybox:1.35" }]
status: { podIP: 10.244.1.7, podIPs: [{ ip: 10.244.1.7 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: shop, labels: { app: api }, annotations: { k8snet-lab/listen: "0.0.0.0:8080/TCP", k8snet-lab/http: "/404=404, /503=503" } }
spec: { nodeName: worker-2, containers: [{ name: api, image: "example/api:1", ports: [{ containerPort: 8080 }] }] }
status: { podIP: 10.244.2.20, podIPs: [{ ip: 10.244.2.20 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: twin, namespace: shop, labels: { app: twin }, annotations: { k8snet-lab/listen: "0.0.0.0:8080/TCP" } }
spec: { nodeName: worker-2, containers: [{ name: api, image: "example/api:1", ports: [{ containerPort: 8080 }] }] }
status: { podIP: 10.244.2.21, podIPs: [{ ip: 10.244.2.21 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: closed, namespace: shop, labels: { app: closed }, annotations: { k8snet-lab/listen: "0.0.0.0:8080/TCP" } }
spec: { nodeName: worker-2, containers: [{ name: api, image: "example/api:1", ports: [{ containerPort: 8080 }] }] }
---
{ apiVersion: v1, kind: Service, metadata: { name: api, namespace: shop }, spec: { clusterIP: 10.96.42.7, selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] } }
---
{ apiVersion: v1, kind: Service, metadata: { name: none, namespace: shop }, spec: { clusterIP: 10.96.42.8, selector: { app: nobody }, ports: [{ name: http, port: 80 }, { name: dns, port: 53, protocol: UDP }] } }
---
{ apiVersion: v1, kind: Service, metadata: { name: drop, namespace: shop }, spec: { clusterIP: 10.96.42.9, selector: { app: closed }, ports: [{ name: http, port: 80, targetPort: 8080 }, { name: dns, port: 53, protocol: UDP, targetPort: 8080 }, { name: dns-tcp, port: 53, targetPort: 8080 }] } }
---
{ apiVersion: v1, kind: Service, metadata: { name: alias, namespace: shop }, spec: { type: ExternalName, externalName: api.shop.svc.cluster.local } }
---
{ apiVersion: v1, kind: Service, metadata: { name: two, namespace: shop }, spec: { clusterIP: None, selector: { pair: "yes" }, ports: [{ port: 8080 }] } }
---
{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: closed, namespace: shop }, spec: { podSelector: { matchLabels: { app: closed } }, policyTypes: [Ingress] } }
`.replace('labels: { app: api }, annotations', 'labels: { app: api, pair: "yes" }, annotations').replace('labels: { app: twin }', 'labels: { app: twin, pair: "yes" }');

export const bench = (): Session => startSession(openShop(manifests), 'shop');
