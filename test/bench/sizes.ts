// Clusters of a wanted size for the bench: the same text for the same size.

const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join('');

/** So many workloads of ten pods in twenty namespaces, and one policy for two workloads. */
export const workloadsWithPolicies = (workloads: number): string =>
  many(20, (index) => `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: team-${index}, labels: { team: t${index % 5} } }\n`)
  + many(workloads, (index) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: app-${index}, namespace: team-${index % 20} }
spec:
  replicas: 10
  selector: { matchLabels: { app: app-${index} } }
  template:
    metadata: { labels: { app: app-${index}, tier: tier-${index % 3} } }
    spec: { containers: [ { name: main, image: nginx, ports: [ { containerPort: 8080 } ] } ] }
`)
  + many(workloads / 2, (index) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: for-app-${index * 2}, namespace: team-${(index * 2) % 20} }
spec:
  podSelector: { matchLabels: { app: app-${index * 2} } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [ { podSelector: { matchLabels: { tier: tier-${index % 3} } } }, { namespaceSelector: { matchLabels: { team: t${index % 5} } } } ]
      ports: [ { port: 8080 } ]
  egress:
    - to: [ { namespaceSelector: {} } ]
    - to: [ { ipBlock: { cidr: 10.${index % 200}.0.0/16, except: [ 10.${index % 200}.4.0/24 ] } } ]
      ports: [ { protocol: UDP, port: 53 } ]
`);

/** So many Services over ten pods, and a client. */
export const services = (count: number): string =>
  many(10, (index) => `---\napiVersion: v1\nkind: Pod\nmetadata: { name: pod-${index}, namespace: many, labels: { app: app-${index} } }\nspec: { containers: [ { name: main, image: nginx, ports: [ { containerPort: 8080 } ] } ] }\n`)
  + many(count, (index) => `---\napiVersion: v1\nkind: Service\nmetadata: { name: service-${index}, namespace: many }\nspec: { selector: { app: app-${index % 10} }, ports: [ { port: 80, targetPort: 8080 } ] }\n`);
