// What CoreDNS 1.15 answered when it ran with these Corefiles over these objects: one line a question, `NAME TYPE: RCODE ANSWER…`.
import type { EndpointSlice, KubeObject, Namespace, Pod, Service } from '../../../src/sim/model/object.ts';

const namespace = (name: string): Namespace => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const service = (path: string, spec: Service['spec'], labels: Readonly<Record<string, string>> = {}): Service => {
  const [of = '', name = ''] = path.split('/');
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: of, labels }, spec };
};
const http = [{ name: 'http', port: 80, protocol: 'TCP' as const }];
const slice = (path: string, labels: Readonly<Record<string, string>>, endpoints: NonNullable<EndpointSlice['endpoints']>): EndpointSlice => {
  const [of = '', name = ''] = path.split('/');
  return { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: `${name}-1`, namespace: of, labels }, addressType: 'IPv4', endpoints, ports: http };
};

export const objects: readonly KubeObject[] = [
  namespace('default'), namespace('shop'), namespace('empty'),
  service('default/api', { type: 'ClusterIP', clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.5'], ports: http }, { app: 'a' }),
  service('shop/api', { type: 'ClusterIP', clusterIP: '10.96.0.6', clusterIPs: ['10.96.0.6', 'fd00:10:96::6'], ports: http }, { app: 'b' }),
  service('shop/db', { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], ports: http }, { app: 'a' }),
  service('shop/out', { type: 'ExternalName', externalName: 'example.com', ports: http }),
  service('shop/far', { type: 'ExternalName', externalName: 'alias.example.com' }),
  slice('shop/db', { 'kubernetes.io/service-name': 'db', app: 'a' }, [{ addresses: ['10.244.1.5'], hostname: 'db-0' }, { addresses: ['10.244.1.6'] }, { addresses: ['10.244.1.7'], conditions: { ready: false } }]),
  slice('shop/bare', {}, [{ addresses: ['10.244.1.9'] }]),
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'shop' }, spec: { containers: [] }, status: { phase: 'Running', podIP: '10.244.0.2', podIPs: [{ ip: '10.244.0.2' }, { ip: 'fd00:10:244::2' }] } } as Pod,
];

export interface Fact {
  readonly says: string;
  readonly corefile: string;
  readonly lines: readonly string[];
}

const block = (...lines: readonly string[]): string => `. {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
const cluster = 'kubernetes cluster.local in-addr.arpa ip6.arpa {\n    endpoint http://127.0.0.1:1\n    pods insecure\n    fallthrough in-addr.arpa ip6.arpa\n  }';
const out = 'forward . 203.0.113.53';

export const facts: readonly Fact[] = [
  {
    says: 'a name without records of any type is denied to who asks for TXT, and only to him',
    corefile: block(cluster, out),
    lines: [
      'shop.svc.cluster.local. TXT: NXDOMAIN', 'shop.svc.cluster.local. A: NOERROR', 'shop.svc.cluster.local. MX: NOERROR', 'cluster.local. TXT: NXDOMAIN', 'api.shop.svc.cluster.local. TXT: NOERROR',
      'dns-version.cluster.local. TXT: NOERROR 28800 TXT "1.1.0"', 'ns.dns.cluster.local. SRV: NOERROR', 'ns.dns.cluster.local. PTR: NXDOMAIN',
    ],
  },
  {
    says: 'an alias has the time of the plugin, what it leads to its own',
    corefile: block(cluster, out),
    lines: [
      'out.shop.svc.cluster.local. A: NOERROR 5 CNAME example.com., example.com. 300 A 192.0.2.1', 'far.shop.svc.cluster.local. AAAA: NOERROR 5 CNAME alias.example.com., alias.example.com. 300 CNAME target.example.com.',
      'out.shop.svc.cluster.local. CNAME: NOERROR 5 CNAME example.com.', 'out.shop.svc.cluster.local. SRV: NOERROR', '_http._tcp.out.shop.svc.cluster.local. A: NXDOMAIN',
    ],
  },
  {
    says: 'what a selector of labels leaves out is not there, its EndpointSlices neither',
    corefile: block(cluster.replace('pods insecure', 'labels app=a'), out),
    lines: ['api.default.svc.cluster.local. A: NOERROR 5 A 10.96.0.5', 'api.shop.svc.cluster.local. A: NXDOMAIN', 'db.shop.svc.cluster.local. A: NOERROR 5 A 10.244.1.5, 5 A 10.244.1.6', '6.0.96.10.in-addr.arpa. PTR: NXDOMAIN'],
  },
  {
    says: 'pointers lead into the first zone of the plugin, and in-addr.arpa itself counts as one',
    corefile: block(cluster.replace('cluster.local in-addr.arpa', 'in-addr.arpa cluster.local'), out),
    lines: ['5.0.96.10.in-addr.arpa. PTR: NOERROR 5 PTR api.default.svc.in-addr.arpa.', '5.1.244.10.in-addr.arpa. PTR: NOERROR 5 PTR db-0.db.shop.svc.in-addr.arpa.'],
  },
  {
    says: 'a slice that says no Service makes a pointer that cannot be written: nothing is answered',
    corefile: block(cluster, out),
    lines: ['9.1.244.10.in-addr.arpa. PTR: DROP'],
  },
  {
    says: 'the cache gives all records of an answer the shortest time among them, within its bounds, in the zones that it does not keep too',
    corefile: block('cache 30 {\n    disable success cluster.local\n    denial 100 20 10\n  }', cluster.replace('pods insecure', 'ttl 40'), out),
    lines: ['out.shop.svc.cluster.local. A: NOERROR 30 CNAME example.com., example.com. 30 A 192.0.2.1', 'example.com. A: NOERROR 30 A 192.0.2.1', 'short.example.com. A: NOERROR 5 A 192.0.2.4', 'nope.example. A: NXDOMAIN'],
  },
  {
    says: 'a rule for one name turns its answer back to the name that was asked',
    corefile: block('rewrite name old.corp.example api.default.svc.cluster.local', cluster, out),
    lines: ['old.corp.example. A: NOERROR 5 A 10.96.0.5', 'Old.Corp.example. A: NOERROR 5 A 10.96.0.5', 'a.old.corp.example. A: NXDOMAIN'],
  },
  {
    says: 'a rule for a suffix leaves the new name in the answer unless it says answer auto',
    corefile: block('rewrite name suffix .old.local .cluster.local', cluster, out),
    lines: ['api.default.svc.old.local. A: NOERROR api.default.svc.cluster.local. 5 A 10.96.0.5'],
  },
  {
    says: 'answer auto turns names and targets back',
    corefile: block('rewrite name suffix .old.local .cluster.local answer auto', cluster, out),
    lines: ['api.default.svc.old.local. A: NOERROR 5 A 10.96.0.5', '_http._tcp.db.shop.svc.old.local. SRV: NOERROR 5 SRV 0 50 80 10-244-1-6.db.shop.svc.old.local., 5 SRV 0 50 80 db-0.db.shop.svc.old.local.'],
  },
  {
    says: 'a rule with groups of a regular expression fills them in',
    corefile: block('rewrite name regex (api|web)\\.(.*)\\.mesh\\. {1}.{2}.svc.cluster.local answer name (.*)\\.svc\\.cluster\\.local {1}.renamed', cluster, out),
    lines: ['api.shop.mesh. A: NOERROR api.shop.renamed. 5 A 10.96.0.6', 'db.shop.mesh. A: NXDOMAIN'],
  },
  {
    says: 'a prefix of a rule gets a final dot, so that it must end with its label',
    corefile: block('rewrite name prefix old new', 'rewrite name prefix web. api.', cluster, out),
    lines: ['old-api.example. A: NXDOMAIN', 'web.default.svc.cluster.local. A: NOERROR api.default.svc.cluster.local. 5 A 10.96.0.5'],
  },
  {
    says: 'a rule that is met ends the rules, unless it says continue',
    corefile: block('rewrite continue name exact a.example b.example', 'rewrite stop name exact b.example example.com', 'rewrite name exact example.com nope.example', cluster, out),
    lines: ['a.example. A: NOERROR 300 A 192.0.2.1', 'example.com. A: NXDOMAIN'],
  },
  {
    says: 'rules change types, times, rcodes and targets of aliases',
    corefile: block('rewrite continue type ANY A', 'rewrite continue ttl suffix example.com 10-20', 'rewrite continue rcode exact nope.example NXDOMAIN SERVFAIL', 'rewrite cname exact target.example.com. short.example.com.', cluster, out),
    lines: ['example.com. ANY: NOERROR 20 A 192.0.2.1', 'nope.example. A: SERVFAIL', 'alias.example.com. A: NOERROR 20 CNAME short.example.com., short.example.com. 10 A 192.0.2.4'],
  },
  {
    says: 'a template fills in what its expression found',
    corefile: block('template IN A example.org {\n    match "^ip-(?P<a>[0-9]*)-(?P<b>[0-9]*)[.]example[.]org[.]$"\n    answer "{{ .Name }} 60 IN A 10.9.{{ .Group.a }}.{{ index .Match 2 }}"\n    fallthrough\n  }', cluster, out),
    lines: ['ip-7-8.example.org. A: NOERROR 60 A 10.9.7.8', 'ip-300-8.example.org. A: SERVFAIL', 'ip-7-8.example.org. AAAA: NXDOMAIN', 'other.example.org. A: NXDOMAIN'],
  },
  {
    says: 'a name of its zone that no expression of a template fits is an error unless it falls through',
    corefile: block('template IN A example.org {\n    match "^x[.]"\n    answer "{{ .Name }} 5 IN CNAME example.com."\n  }', cluster, out),
    lines: ['x.example.org. A: NOERROR 5 CNAME example.com., example.com. 300 A 192.0.2.1', 'y.example.org. A: SERVFAIL', 'y.example.org. AAAA: NXDOMAIN'],
  },
  {
    says: 'a template can deny a whole zone',
    corefile: block('template ANY ANY svc.cluster.local.shop.svc.cluster.local {\n    rcode NXDOMAIN\n  }', cluster, out),
    lines: ['api.shop.svc.cluster.local.shop.svc.cluster.local. A: NXDOMAIN', 'api.shop.svc.cluster.local. A: NOERROR 5 A 10.96.0.6'],
  },
  {
    says: 'hosts in the Corefile have wildcards for one label, and answer pointers without having the zone',
    corefile: block('hosts {\n    192.0.2.50 h1.hosts.example H2.hosts.example\n    192.0.2.51 h1.hosts.example\n    10.96.0.77 *.w.hosts.example\n    ttl 77\n    fallthrough\n  }', cluster, out),
    lines: ['h1.hosts.example. A: NOERROR 77 A 192.0.2.50, 77 A 192.0.2.51', 'h1.hosts.example. AAAA: NOERROR', 'h1.hosts.example. TXT: NOERROR', 'h2.hosts.example. A: NOERROR 77 A 192.0.2.50', 'x.w.hosts.example. A: NOERROR 77 A 10.96.0.77', 'y.x.w.hosts.example. A: NXDOMAIN', '51.2.0.192.in-addr.arpa. PTR: NOERROR 77 PTR h1.hosts.example.', 'nope.hosts.example. A: NXDOMAIN'],
  },
  {
    says: 'hosts without fallthrough fail for every other name',
    corefile: block('hosts {\n    192.0.2.50 h1.hosts.example\n  }', cluster, out),
    lines: ['example.com. A: SERVFAIL', 'api.shop.svc.cluster.local. A: SERVFAIL', '1.2.0.192.in-addr.arpa. PTR: NOERROR 300 PTR example.com.'],
  },
  {
    says: 'forwards of several zones are asked in turn, and may leave names out or pass them on',
    corefile: block(cluster, 'forward example.com 203.0.113.53 {\n    next NXDOMAIN\n    except short.example.com\n  }', 'forward corp.example 203.0.113.53'),
    lines: ['example.com. A: NOERROR 300 A 192.0.2.1', 'nope.example.com. A: SERVFAIL', 'short.example.com. A: SERVFAIL', 'nope.corp.example. A: NXDOMAIN', 'other.example. A: SERVFAIL'],
  },
  {
    says: 'autopath walks the search list of a pod that it knows until a name is there',
    corefile: block('autopath @kubernetes', cluster.replace('pods insecure', 'pods verified'), out),
    lines: ['example.com.shop.svc.cluster.local. A: NOERROR 300 CNAME example.com., example.com. 300 A 192.0.2.1', 'api.default.shop.svc.cluster.local. A: NOERROR 5 CNAME api.default.svc.cluster.local., api.default.svc.cluster.local. 5 A 10.96.0.5', 'broken.example.com.shop.svc.cluster.local. A: SERVFAIL', 'nope.shop.svc.cluster.local. A: NXDOMAIN', 'shop.svc.cluster.local. A: SERVFAIL'],
  },
  {
    says: 'the longest zone of the server blocks counts, whatever else is in the file',
    corefile: `corp.example {\n  template IN A {\n    answer "{{ .Name }} 9 IN A 9.9.9.9"\n  }\n}\n${block(cluster, out)}`,
    lines: ['x.corp.example. A: NOERROR 9 A 9.9.9.9', 'x.corp.example. AAAA: SERVFAIL', 'example.com. A: NOERROR 300 A 192.0.2.1'],
  },
  {
    says: 'a pod of two families is verified by each of its addresses',
    corefile: block(cluster.replace('pods insecure', 'pods verified'), out),
    lines: ['10-244-0-2.shop.pod.cluster.local. A: NOERROR 5 A 10.244.0.2', 'fd00-10-244--2.shop.pod.cluster.local. AAAA: NOERROR 5 AAAA fd00:10:244::2', '10-244-0-2.default.pod.cluster.local. A: NXDOMAIN'],
  },
];
