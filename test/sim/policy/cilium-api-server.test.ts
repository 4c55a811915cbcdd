// What the API server says of Cilium's policies: their names, columns and refusals, as a real one said them (Kubernetes v1.37 with the definitions of cilium v1.20.2).
import assert from 'node:assert/strict';
import test from 'node:test';
import { withDefaults } from '../../../src/sim/cluster/defaults.ts';
import { kindNamed, kindOf } from '../../../src/sim/cluster/kinds.ts';
import { emptyStore, put } from '../../../src/sim/cluster/store.ts';
import { object, refusals } from '../cluster/manifest.ts';

const cnp = (body: string): string => `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: t}\n${body}\n`;
const spec = (rules: string): string => cnp(`spec: {endpointSelector: {}, ${rules}}`);
const ports = (rule: string): string => spec(`ingress: [{toPorts: [${rule}]}]`);
const at = 'spec.ingress[0].toPorts[0]';
const entities = '"all", "world", "cluster", "cluster-mesh", "host", "init", "ingress", "unmanaged", "remote-node", "health", "none", "kube-apiserver"';
const oneOf = (field: string, found: string): string => `<nil>: Invalid value: "": "${field}" must validate one and only one schema (oneOf). Found ${found}`;

const cases: readonly (readonly [text: string, ...says: readonly string[]])[] = [
  [spec('ingress: []')],
  [cnp('specs: []')],
  [cnp('specs: [{endpointSelector: {}, ingress: [{}]}]')],
  [spec('ingress: [{fromEndpoints: null, toPorts: [{ports: [{port: "80"}]}]}]')],
  [ports('{ports: [{port: "99999"}]}')],
  [ports('{ports: [{}]}')],
  [ports('{ports: [{port: "80"}], rules: {http: [{host: "a b"}]}}')],
  [cnp(''), '<nil>: Invalid value: spec or specs must be provided'],
  [cnp('spec: {endpointSelector: {}}'), '<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)', 'spec.ingress: Required value'],
  [cnp('specs: [{endpointSelector: {}}]'), '<nil>: Invalid value: "": "specs[0]" must validate at least one schema (anyOf)', 'specs[0].ingress: Required value'],
  [cnp('spec: {ingress: [{}]}'), oneOf('spec', 'none valid'), 'spec.endpointSelector: Required value'],
  [cnp('spec: {endpointSelector: {}, nodeSelector: {}, ingress: [{}]}'), oneOf('spec', '2 valid alternatives')],
  [cnp("spec: {endpointSelector: {matchLabels: {app: 'a b'}}, ingress: [{}]}"), "spec.endpointSelector.matchLabels.app: Invalid value: \"a b\": spec.endpointSelector.matchLabels.app in body should match '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$'"],
  [cnp('spec: {endpointSelector: {matchExpressions: [{key: a, operator: Foo}]}, ingress: [{}]}'), 'spec.endpointSelector.matchExpressions[0].operator: Unsupported value: "Foo": supported values: "In", "NotIn", "Exists", "DoesNotExist"'],
  [cnp('spec: {endpointSelector: {matchExpressions: [{operator: In}]}, ingress: [{}]}'), 'spec.endpointSelector.matchExpressions[0].key: Required value'],
  [spec('ingress: [{fromEntities: [wrold]}]'), `spec.ingress[0].fromEntities[0]: Unsupported value: "wrold": supported values: ${entities}`],
  [spec('ingress: [{fromRequires: [a]}]'), 'spec.ingress[0].fromRequires: Too many: 1: must have at most 0 items'],
  [spec('ingress: [{fromCIDR: [10.0.0.0/33]}]'), 'spec.ingress[0].fromCIDR[0]: Invalid value: "10.0.0.0/33": spec.ingress[0].fromCIDR[0] in body must be of type cidr: "10.0.0.0/33"'],
  [spec('ingress: [{fromCIDRSet: [{}]}]'), oneOf('spec.ingress[0].fromCIDRSet[0]', 'none valid'), 'spec.ingress[0].fromCIDRSet[0].cidr: Required value'],
  [spec('ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, cidrGroupRef: a}]}]'), oneOf('spec.ingress[0].fromCIDRSet[0]', '2 valid alternatives')],
  [spec('ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.0.0.1]}]}]'), 'spec.ingress[0].fromCIDRSet[0].except[0]: Invalid value: "10.0.0.1": spec.ingress[0].fromCIDRSet[0].except[0] in body must be of type cidr: "10.0.0.1"'],
  [ports('{ports: [{port: 80}]}'), `${at}.ports[0].port: Invalid value: "integer": ${at}.ports[0].port in body must be of type string: "integer"`],
  [ports('{ports: [{port: "80", protocol: tcp}]}'), `${at}.ports[0].protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP", "VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH", "ANY"`],
  [ports('{ports: [{port: "80", endPort: 70000}]}'), `${at}.ports[0].endPort: Invalid value: 70000: ${at}.ports[0].endPort in body should be less than or equal to 65535`],
  [ports('{ports: [{port: "-1"}]}'), `${at}.ports[0].port: Invalid value: "-1": ${at}.ports[0].port in body should match '^(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$'`],
  [ports(`{ports: [${Array.from({ length: 41 }, () => '{port: "1"}').join(', ')}]}`), `${at}.ports: Too many: 41: must have at most 40 items`],
  [ports('{ports: [{port: "80"}], rules: {}}'), oneOf(`${at}.rules`, 'none valid'), `${at}.rules.http: Required value`],
  [ports('{ports: [{port: "80"}], rules: {http: [{method: GET}], dns: [{matchName: a}]}}'), oneOf(`${at}.rules`, '2 valid alternatives')],
  [ports('{ports: [{port: "80"}], rules: {http: [{method: GET, foo: a}]}}'), `strict decoding error: unknown field "${at}.rules.http[0].foo"`],
  [ports('{ports: [{port: "80"}], rules: {kafka: [{}]}}'), `strict decoding error: unknown field "${at}.rules.kafka"`, oneOf(`${at}.rules`, 'none valid'), `${at}.rules.http: Required value`],
  [ports('{ports: [{port: "80"}], rules: {http: [{headerMatches: [{value: a}]}]}}'), `${at}.rules.http[0].headerMatches[0].name: Required value`],
  [ports("{ports: [{port: \"80\"}], rules: {http: [{headerMatches: [{name: '', mismatch: X}]}]}}"), `${at}.rules.http[0].headerMatches[0].mismatch: Unsupported value: "X": supported values: "LOG", "ADD", "DELETE", "REPLACE"`, `${at}.rules.http[0].headerMatches[0].name: Invalid value: "": ${at}.rules.http[0].headerMatches[0].name in body should be at least 1 chars long`],
  [ports('{serverNames: []}'), `${at}.serverNames: Invalid value: 0: ${at}.serverNames in body should have at least 1 items`],
  [ports('{ports: [{port: "80"}], terminatingTLS: {}}'), `${at}.terminatingTLS.secret: Required value`],
  [ports('{ports: [{port: "80"}], listener: {name: a}}'), `${at}.listener.envoyConfig: Required value`],
  [spec('egress: [{toFQDNs: [{}]}]'), oneOf('spec.egress[0].toFQDNs[0]', 'none valid'), 'spec.egress[0].toFQDNs[0].matchName: Required value'],
  [spec("egress: [{toFQDNs: [{matchName: '*.a'}]}]"), "spec.egress[0].toFQDNs[0].matchName: Invalid value: \"*.a\": spec.egress[0].toFQDNs[0].matchName in body should match '^([-a-zA-Z0-9_]+[.]?)+$'"],
  [spec('egress: [{toServices: [{k8sServiceSelector: {}}]}]'), 'spec.egress[0].toServices[0].k8sServiceSelector.selector: Required value'],
  [spec('ingress: [{icmps: [{fields: [{}]}]}]'), 'spec.ingress[0].icmps[0].fields[0].type: Required value'],
  [spec('ingress: [{icmps: [{fields: [{type: 999, family: X}]}]}]'), 'spec.ingress[0].icmps[0].fields[0].family: Unsupported value: "X": supported values: "IPv4", "IPv6"'],
  [spec('ingress: [{authentication: {}}]'), 'spec.ingress[0].authentication.mode: Required value'],
  [spec('ingress: [{authentication: {mode: x}}]'), 'spec.ingress[0].authentication.mode: Unsupported value: "x": supported values: "disabled", "required", "test-always-fail"'],
  [spec('ingress: [{fromEndpoints: [{}], toPort: []}]'), 'strict decoding error: unknown field "spec.ingress[0].toPort"'],
  [spec("enableDefaultDeny: {ingress: 'yes'}, ingress: [{}]"), 'spec.enableDefaultDeny.ingress: Invalid value: "string": spec.enableDefaultDeny.ingress in body must be of type boolean: "string"'],
  [spec('ingress: {}'), 'spec.ingress: Invalid value: "object": spec.ingress in body must be of type array: "object"'],
];

test('the API server refuses what the definitions of Cilium\'s policies refuse, in its words', () => {
  for (const [text, ...says] of cases) assert.deepEqual(refusals(text), says, text);
});

test('long texts cannot keep the checks busy', () => {
  for (const text of [`${'a'.repeat(250)}!`, `${'a-'.repeat(4000)}!`]) assert.ok(refusals(spec(`egress: [{toFQDNs: [{matchName: '${text}'}], toPorts: [{ports: [{port: '${text}'}]}]}]`)).length > 0);
});

test('Cilium\'s policies have the names and columns of their definitions', () => {
  const row = (text: string): string => {
    const stored = { object: withDefaults(object(text)), origin: null, lastApplied: null, implied: false, created: 0 };
    const store = put(emptyStore, stored);
    return kindOf(stored.object, store).columns(stored, store).map(({ header, value }) => `${header}=${value}`).join(' ');
  };
  assert.equal(row(spec('ingress: [{}]')), 'NAME=t AGE=12m VALID=True');
  assert.equal(row(spec('ingress: []')), 'NAME=t AGE=12m VALID=False');
  assert.equal(row(spec('ingress: [{}]').replace('CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy')), 'NAME=t VALID=True');
  assert.equal(row('apiVersion: cilium.io/v2\nkind: CiliumCIDRGroup\nmetadata: {name: t}\nspec: {externalCIDRs: [10.0.0.0/8]}\n'), 'NAME=t AGE=12m');
  for (const [word, kind] of [['ciliumnp', 'CiliumNetworkPolicy'], ['ccnp', 'CiliumClusterwideNetworkPolicy'], ['ccg', 'CiliumCIDRGroup'], ['ciliumnetworkpolicies.cilium.io', 'CiliumNetworkPolicy']] as const) assert.equal(kindNamed(word, emptyStore)?.kind, kind, word);
});

test('the short name cnp is the kind of which there is anything', () => {
  const stored = { object: withDefaults(object(spec('ingress: [{}]'))), origin: null, lastApplied: null, implied: false, created: 0 };
  assert.deepEqual([kindNamed('cnp', emptyStore)?.kind, kindNamed('cnp', put(emptyStore, stored))?.kind], ['ClusterNetworkPolicy', 'CiliumNetworkPolicy']);
});

test('other kinds of Cilium are kept as they are', () => {
  assert.deepEqual(refusals('apiVersion: cilium.io/v2\nkind: CiliumEnvoyConfig\nmetadata: {name: t}\nspec: {anything: [1]}\n'), []);
  assert.deepEqual(refusals('apiVersion: cilium.io/v2alpha1\nkind: CiliumL2AnnouncementPolicy\nmetadata: {name: t}\nspec: {anything: [1]}\n'), []);
});
