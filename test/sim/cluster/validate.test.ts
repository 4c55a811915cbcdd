import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deployment, problems, refusals, serviceWith } from './manifest.ts';

/** Text of a manifest → everything that the API server says, exactly. */
const cases: readonly (readonly [fact: string, text: string, says: readonly (string | RegExp)[]])[] = [
  // fields and types
  ['a field that Kubernetes does not know is named with its path', serviceWith('  ports:\n  - port: 80\n    foo: 1\n'), ['strict decoding error: unknown field "spec.ports[0].foo"']],
  ['a typing error deep in a template is found', deployment.replace('containerPort', 'containrPort'), ['strict decoding error: unknown field "spec.template.spec.containers[0].ports[0].containrPort"', 'spec.template.spec.containers[0].ports[0].containerPort: Required value']],
  ['a text where a list is wanted is named as Go names it', serviceWith('  ports: http\n'), ['json: cannot unmarshal string into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort']],
  ['a text where a number is wanted is named', serviceWith('  ports:\n  - port: "80"\n'), ['json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32']],
  ['a number where a label wants a text is named', deployment.replace('        app: web', '        app: 1'), ['json: cannot unmarshal number into Go struct field ObjectMeta.spec.template.metadata.labels of type string']],
  ['a boolean where a text is wanted is named: yes is no text', serviceWith('  selector:\n    app: yes\n  ports:\n  - port: 80\n'), ['json: cannot unmarshal bool into Go struct field ServiceSpec.spec.selector of type string']],
  ['an object where a list is wanted is named', serviceWith('  ports:\n    port: 80\n'), ['json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort']],
  ['a port is a whole number', serviceWith('  ports:\n  - port: 80.5\n'), ['json: cannot unmarshal number 80.5 into Go struct field ServicePort.spec.ports.port of type int32']],
  ['nulls are as good as absent', serviceWith('  selector:\n  externalName: null\n  ports:\n  - port: 80\n    name:\n'), []],
  ['fields that the simulation has no use for are accepted in silence', deployment.replace('    spec:\n', '    spec:\n      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a}]}}\n      priorityClassName: high\n'), []],
  ['a kind that the simulation does not model is checked for its fields', 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{hots: b}]}\n', ['strict decoding error: unknown field "spec.rules[0].hots"']],
  ['a custom resource may have any field', 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nspec: {anything: [1]}\n', []],
  ['a kind that a group of Kubernetes does not have is refused', 'apiVersion: v1\nkind: Servce\nmetadata: {name: a}\n', ['no matches for kind "Servce" in version "v1"']],
  ['a kind that moved is refused in its old group', deployment.replace('apps/v1', 'extensions/v1beta1'), ['no matches for kind "Deployment" in version "extensions/v1beta1"']],
  ['a Cluster document of a version that does not exist is refused', 'apiVersion: k8snet-lab/v2\nkind: Cluster\nmetadata: {name: lab}\n', ['no matches for kind "Cluster" in version "k8snet-lab/v2"']],
  ['a kind in a wrong version is refused', 'apiVersion: apps/v9\nkind: Service\nmetadata: {name: a}\n', ['no matches for kind "Service" in version "apps/v9"']],
  ['a kind in the wrong group is refused', deployment.replace('apps/v1', 'v1'), ['no matches for kind "Deployment" in version "v1"']],
  // metadata
  ['a Service is named as a DNS label', serviceWith('  ports:\n  - port: 80\n').replace('name: api', 'name: 1_api'), [/^metadata\.name: Invalid value: "1_api": a lowercase RFC 1123 label must consist of lower case .* \(e\.g\. 'my-name', {2}or '123-abc', regex used for validation is '\[a-z0-9\]\(\[-a-z0-9\]\*\[a-z0-9\]\)\?'\)$/]],
  ['the name of a Service may start with a digit', serviceWith('  ports:\n  - port: 80\n').replace('name: api', 'name: 1api'), []],
  ['the key of a label has its form', deployment.replace('  name: web\n', '  name: web\n  labels: {-a: b}\n'), [/^metadata\.labels: Invalid value: "-a": name part must consist of alphanumeric characters/]],
  ['the value of a label has its form', deployment.replace('  name: web\n', '  name: web\n  labels: {a: b c}\n'), [/^metadata\.labels: Invalid value: "b c": a valid label must be an empty string or consist of/]],
  ['what belongs to no namespace must not name one', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n', ['metadata.namespace: Forbidden: not allowed on this type']],
  // Service
  ['a nodePort of 80 is out of range', serviceWith('  type: NodePort\n  ports:\n  - port: 80\n    nodePort: 80\n'), ['spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767']],
  ['a ClusterIP Service has no nodePort', serviceWith('  ports:\n  - port: 80\n    nodePort: 30080\n'), ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]],
  ['a Service has ports', serviceWith('  selector: {app: a}\n'), ['spec.ports: Required value']],
  ['a headless Service may have none', serviceWith('  clusterIP: None\n'), []],
  ['several ports need names', serviceWith('  ports:\n  - port: 80\n  - {port: 81, name: b}\n'), ['spec.ports[0].name: Required value']],
  ['names of ports are unique', serviceWith('  ports:\n  - {port: 80, name: b}\n  - {port: 81, name: b}\n'), ['spec.ports[1].name: Duplicate value: "b"']],
  ['a port with its protocol stands once', serviceWith('  ports:\n  - {port: 53, name: a}\n  - {port: 53, name: b}\n'), ['spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":53,"TargetPort":0,"NodePort":0}']],
  ['one port for two protocols is fine', serviceWith('  ports:\n  - {port: 53, name: a}\n  - {port: 53, name: b, protocol: UDP}\n'), []],
  ['a port is at most 65535', serviceWith('  ports:\n  - port: 70000\n'), ['spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive', 'spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive']],
  ['a targetPort by name has a letter', serviceWith('  ports:\n  - port: 80\n    targetPort: "8080"\n'), ['spec.ports[0].targetPort: Invalid value: "8080": must contain at least one letter (a-z)']],
  ['a targetPort by name has at most 15 characters', serviceWith('  ports:\n  - port: 80\n    targetPort: a-very-long-port-name\n'), ['spec.ports[0].targetPort: Invalid value: "a-very-long-port-name": must be no more than 15 characters']],
  ['a protocol is one of three', serviceWith('  ports:\n  - port: 80\n    protocol: HTTP\n'), ['spec.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"']],
  ['a type is one of four', serviceWith('  type: Cluster\n  ports:\n  - port: 80\n'), ['spec.type: Unsupported value: "Cluster": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"']],
  ['a headless Service is no LoadBalancer', serviceWith('  type: LoadBalancer\n  clusterIP: None\n  ports:\n  - port: 80\n'), ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services"]],
  ['a headless Service is no NodePort', serviceWith('  type: NodePort\n  clusterIP: None\n  ports:\n  - port: 80\n'), ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"]],
  ['an ExternalName Service has a name', serviceWith('  type: ExternalName\n'), ['spec.externalName: Required value']],
  ['an ExternalName Service has no address', serviceWith('  type: ExternalName\n  externalName: a.example\n  clusterIP: 10.96.0.9\n'), ['spec.clusterIPs: Forbidden: may not be set for ExternalName services']],
  ['an address as external name is accepted, although it never resolves', serviceWith('  type: ExternalName\n  externalName: 192.0.2.1\n'), []],
  ['an external traffic policy is for what is reached from outside', serviceWith('  externalTrafficPolicy: Local\n  ports:\n  - port: 80\n'), ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services']],
  ['a health check port is for Local load balancers', serviceWith('  type: LoadBalancer\n  healthCheckNodePort: 30500\n  ports:\n  - port: 80\n'), ["spec.healthCheckNodePort: Invalid value: 30500: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"]],
  ['source ranges are for load balancers', serviceWith('  loadBalancerSourceRanges: [10.0.0.0/8]\n  ports:\n  - port: 80\n'), ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"]],
  ["a load balancer may have kubelet's port", serviceWith('  type: LoadBalancer\n  ports:\n  - port: 10250\n'), []],
  ['source ranges have no bits beyond their prefix', serviceWith('  type: LoadBalancer\n  loadBalancerSourceRanges: [10.0.0.1/16]\n  ports:\n  - port: 80\n'), ['spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.1/16": must not have bits set beyond the prefix length']],
  ['two families need a policy that wants two', serviceWith('  ipFamilies: [IPv4, IPv6]\n  ports:\n  - port: 80\n'), ['spec.ipFamilyPolicy: Invalid value: "SingleStack": must be \'RequireDualStack\' or \'PreferDualStack\' when multiple IP families are specified']],
  ['session affinity lasts at most a day', serviceWith('  sessionAffinity: ClientIP\n  sessionAffinityConfig: {clientIP: {timeoutSeconds: 90000}}\n  ports:\n  - port: 80\n'), ['spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be greater than 0 and less than 86400']],
  ['a cluster address is an address', serviceWith('  clusterIP: 10.96.0.300\n  ports:\n  - port: 80\n'), ['spec.clusterIPs[0]: Invalid value: "10.96.0.300": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
  ['a Service has one address of a family', serviceWith('  clusterIP: 10.96.0.9\n  clusterIPs: [10.96.0.9, 10.96.0.8]\n  ports:\n  - port: 80\n'), ['spec.clusterIPs: Invalid value: ["10.96.0.9","10.96.0.8"]: may specify no more than one IP for each IP family']],
  ['an external address is none of the loopback', serviceWith('  externalIPs: [127.0.0.1]\n  ports:\n  - port: 80\n'), ['spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)']],
  ['a distribution of traffic is one of three', serviceWith('  trafficDistribution: Near\n  ports:\n  - port: 80\n'), ['spec.trafficDistribution: Unsupported value: "Near": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"']],
  // workloads and pods
  ["a Deployment's selector picks its own template", deployment.replace('        app: web', '        app: other'), ['spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match template `labels`']],
  ['a Deployment has a selector', deployment.replace('  selector:\n    matchLabels:\n      app: web\n', ''), ['spec.selector: Required value', 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`']],
  ['a Deployment has one of two strategies', deployment.replace('  template:', '  strategy: {type: Foo, rollingUpdate: {maxSurge: 1}}\n  template:'), ['spec.strategy: Unsupported value: {"Type":"Foo","RollingUpdate":{"MaxUnavailable":0,"MaxSurge":1}}: supported values: "Recreate", "RollingUpdate"']],
  ['what recreates rolls nothing', deployment.replace('  template:', '  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}\n  template:'), ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"]],
  ['a rollout that may neither add nor take away a pod never ends', deployment.replace('  template:', '  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}\n  template:'), ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0']],
  ['a probe asks in one way, and every other is named', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: b, image: c, readinessProbe: {exec: {command: [a]}, httpGet: {port: 80}, tcpSocket: {port: 80}}, livenessProbe: {grpc: {port: 80}, httpGet: {port: x_y}}}]}\n', ['spec.containers[0].readinessProbe.httpGet: Forbidden: may not specify more than 1 handler type', 'spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type', 'spec.containers[0].livenessProbe.httpGet.port: Invalid value: "x_y": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)', 'spec.containers[0].livenessProbe.grpc: Forbidden: may not specify more than 1 handler type']],
  ['a pod has containers', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n', ['spec.containers: Required value']],
  ['a container has a name and an image', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{}]}\n', ['spec.containers[0].name: Required value', 'spec.containers[0].image: Required value']],
  ['containers of a pod have different names', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: b, image: c}, {name: b, image: c}]}\n', ['spec.containers[1].name: Duplicate value: "b"']],
  ['names of container ports have at most 15 characters', deployment.replace('name: http', 'name: a-name-of-sixteen'), ['spec.template.spec.containers[0].ports[0].name: Invalid value: "a-name-of-sixteen": must be no more than 15 characters']],
  ['a container port is at most 65535', deployment.replace('8080', '80800'), ['spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 80800: must be between 1 and 65535, inclusive']],
  ['two containers may declare the same port: it is only documentation', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: b, image: c, ports: [{containerPort: 80}]}, {name: d, image: c, ports: [{containerPort: 80}]}]}\n', []],
  ['dnsPolicy None brings its servers', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {dnsPolicy: None, containers: [{name: b, image: c}]}\n', ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
  ['a Deployment restarts its pods', deployment.replace('      containers:', '      restartPolicy: Never\n      containers:'), ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"']],
  ['a Job says how it restarts', 'apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: b, image: c}]}}}\n', ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"']],
  ['a Job does not restart for ever', 'apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {template: {spec: {restartPolicy: Always, containers: [{name: b, image: c}]}}}\n', ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"']],
  ['a CronJob has a schedule', 'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: b, image: c}]}}}}}\n', ['spec.schedule: Required value']],
  // NetworkPolicy
  ['a peer says something', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, ingress: [{from: [{}]}]}\n', ['spec.ingress[0].from[0]: Required value: must specify a peer']],
  ['a peer whose selector is empty in YAML is a peer that says nothing', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n  egress:\n  - to:\n    - podSelector:\n', ['spec.egress[0].to[0]: Required value: must specify a peer']],
  ['an address block stands alone', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}\n', ['spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer']],
  ['a block is a range', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/99}}]}]}\n', ['spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10.0.0.0/99": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
  ['an exception lies inside its block', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16, 10.0.0.0/8, 10.1.0.0/16]}}]}]}\n', ['spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`', 'spec.egress[0].to[0].ipBlock.except[1]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`']],
  ['a block is written one way only', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/16}}, {ipBlock: {cidr: 10.0.0.0/016}}, {ipBlock: {cidr: "::ffff:10.0.0.0/104"}}, {ipBlock: {cidr: 010.0.0.1/8}}, {ipBlock: {cidr: 10.0.0.0/16, except: [10.0.1.1/24]}}]}]}\n', ['spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.1/16": must not have bits set beyond the prefix length', 'spec.ingress[0].from[1].ipBlock.cidr: Invalid value: "10.0.0.0/016": must not have leading 0s in IP or prefix length', 'spec.ingress[0].from[2].ipBlock.cidr: Invalid value: "::ffff:10.0.0.0/104": must not have an IPv4-mapped IPv6 address', 'spec.ingress[0].from[3].ipBlock.cidr: Invalid value: "010.0.0.1/8": must not have leading 0s in IP or prefix length', 'spec.ingress[0].from[4].ipBlock.except[0]: Invalid value: "10.0.1.1/24": must not have bits set beyond the prefix length']],
  ['a policy type is one of two', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, policyTypes: [ingress]}\n', ['spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"']],
  ['an expression with In has values', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {matchExpressions: [{key: a, operator: In}, {key: b, operator: in}]}}\n', ["spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'", 'spec.podSelector.matchExpressions[1].operator: Invalid value: "in": not a valid selector operator']],
  ['an empty rule allows everything and is no error', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n  ingress:\n  -\n', []],
  // the rest
  ['a slice holds addresses of its family', 'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\naddressType: IPv4\nendpoints: [{addresses: ["fd00::1"]}, {addresses: []}]\n', ['endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address', 'endpoints[1].addresses: Required value']],
  ['a slice has a type', 'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\nendpoints: []\n', ['addressType: Required value']],
  ['a key of a ConfigMap is a file name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {"b c": d}\n', [/^data\[b c\]: Invalid value: "b c": a valid config key must consist of/]],
  ['a plugin is one that exists', 'apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: {name: lab}\nspec: {cni: {plugin: calicoo}, kubeProxy: {mode: iptable}}\n', ['spec.cni.plugin: Unsupported value: "calicoo": supported values: "aws-vpc-cni", "calico", "cilium", "flannel", "weave"', 'spec.kubeProxy.mode: Unsupported value: "iptable": supported values: "iptables", "ipvs", "nftables", "none"']],
  ['a host outside has a name and addresses', 'apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: {name: lab}\nspec: {underlay: {hosts: [{}]}}\n', ['spec.underlay.hosts[0].name: Required value', 'spec.underlay.hosts[0].addresses: Required value: must contain at least 1 address']],
];
for (const [fact, text, says] of cases) {
  test(fact, () => {
    const found = refusals(text);
    assert.equal(found.length, says.length, found.join('\n'));
    for (const [index, wanted] of says.entries()) {
      if (typeof wanted === 'string') assert.equal(found[index], wanted);
      else assert.match(found[index] ?? '', wanted);
    }
  });
}

test('a refusal has a code, a place, an object and a field', () => {
  assert.deepEqual(problems(serviceWith('  type: NodePort\n  ports:\n  - port: 80\n    nodePort: 80\n')), [{
    code: 'invalid-value', severity: 'error',
    says: 'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    where: { file: 'test.yaml', line: 10, column: 5, object: 'Service shop/api', field: 'spec.ports[0].nodePort' }, help: null,
  }]);
});

test('an unknown field comes with the one that was meant', () => {
  assert.equal(problems(deployment.replace('matchLabels', 'matchLabel'))[0]?.help, 'Did you mean "matchLabels"?');
  assert.equal(problems(deployment.replace('kind: Deployment', 'kind: Deploymnt'))[0]?.help, 'Did you mean "Deployment"?');
});

test('control characters in a value are escaped where they are quoted', () => {
  assert.deepEqual(refusals(serviceWith('  type: "a\\e[31m\\n"\n  ports:\n  - port: 80\n')), ['spec.type: Unsupported value: "a\\x1b[31m\\n": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"']);
});

const e2e = '../shared/conformance/policy/e2e.json';
test("Kubernetes' own cases of ports in policies are judged as upstream judges them", { skip: existsSync(e2e) ? false : `${e2e} is not here` }, () => {
  const { apiValidation } = JSON.parse(readFileSync(e2e, 'utf8')) as { apiValidation: { id: string; valid: boolean; yaml: string }[] };
  assert.ok(apiValidation.length > 0);
  assert.deepEqual(apiValidation.map(({ id, yaml }) => [id, refusals(yaml).length === 0]), apiValidation.map(({ id, valid }) => [id, valid]));
});
