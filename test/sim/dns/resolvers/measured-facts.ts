// What the C libraries did on a machine whose DNS server was a script: glibc 2.36, musl 1.2.3 and 1.2.5, asked as 10.244.1.7/24 and fd00:10:244:1::7/64.
import type { RecordType, ResolverName } from '../../../../src/sim/model/lookup.ts';

export interface Measured {
  readonly says: string;
  readonly conf: string;
  readonly name: string;
  /** Both A and AAAA when it is not said. */
  readonly type?: RecordType;
  readonly hosts?: string;
  readonly script: unknown;
  /** What came, when, and every question that a server saw; musl 1.2.3 where it differs from 1.2.5. */
  readonly runs: Readonly<Partial<Record<ResolverName, string>>>;
}

const many = { 'db.a-long-enough-name.example': { A: Array.from({ length: 25 }, (_, index) => `10.97.0.${index + 1}`) } };

export const measured: readonly Measured[] = [
  {
    says: 'a name with a character that no host has is not asked by glibc, and is by musl',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:1\n', name: '*.web',
    script: { records: {  } },
    runs: {
      glibc: 'EAI_NONAME after 0 s: nobody asked',
      musl: 'EAI_NONAME after 0 s: *.web.shop.svc.cluster.local. A, *.web.shop.svc.cluster.local. AAAA, *.web.cluster.local. A, *.web.cluster.local. AAAA, *.web. A, *.web. AAAA',
    },
  },
  {
    says: 'glibc asks for no name that begins with a dash',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:1\n', name: '-web',
    script: { records: {  } },
    runs: {
      glibc: 'EAI_NONAME after 0 s: nobody asked',
      musl: 'EAI_NONAME after 0 s: -web.shop.svc.cluster.local. A, -web.shop.svc.cluster.local. AAAA, -web.cluster.local. A, -web.cluster.local. AAAA, -web. A, -web. AAAA',
    },
  },
  {
    says: 'digits and dots that are no address are no name to who wants IPv4 alone',
    conf: 'nameserver 10.96.0.10\noptions timeout:1\n', name: '1.2.3.4.5', type: 'A',
    script: { records: {  } },
    runs: {
      glibc: 'EAI_NONAME after 0 s: nobody asked',
      musl: 'EAI_NONAME after 0 s: 1.2.3.4.5. A',
    },
  },
  {
    says: 'a refusal ends the first of two questions that go one by one',
    conf: 'nameserver 10.96.0.10\noptions single-request timeout:1 attempts:2\n', name: 'web.',
    script: { records: {  }, faults: [{ match: {  }, action: 'REFUSED' }] },
    runs: {
      glibc: 'EAI_AGAIN after 0 s: web. A, web. A',
      musl: 'EAI_AGAIN after 1 s: web. A, web. AAAA, web. A, web. AAAA',
    },
  },
  {
    says: 'a word glued to the address makes a nameserver line useless',
    conf: 'nameserver 10.96.0.10;the cluster\noptions timeout:1 attempts:1\n', name: 'web.',
    script: { records: {  } },
    runs: {
      glibc: 'EAI_AGAIN after 0 s: nobody asked',
      musl: 'EAI_AGAIN after 1 s: nobody asked',
    },
  },
  {
    says: 'inet_aton\'s short addresses are nameservers too',
    conf: 'nameserver 10.96.10\noptions timeout:1\n', name: 'web.',
    script: { records: { web: { A: ['10.96.1.1'] } } },
    runs: {
      glibc: '10.96.1.1 after 0 s: web. A, web. AAAA',
      musl: '10.96.1.1 after 0 s: web. A, web. AAAA',
    },
  },
  {
    says: 'no-aaaa asks for A in place of AAAA, to find out whether the name is there',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 no-aaaa timeout:1\n', name: 'web', type: 'AAAA',
    script: { records: { 'web.shop.svc.cluster.local': { A: ['10.96.1.1'] } } },
    runs: {
      glibc: 'EAI_NODATA after 0 s: web.shop.svc.cluster.local. A, web.cluster.local. A, web. A',
      musl: 'EAI_NODATA after 0 s: web.shop.svc.cluster.local. AAAA',
      'musl-1.2.3': 'EAI_NONAME after 0 s: web.shop.svc.cluster.local. AAAA',
    },
  },
  {
    says: 'no-tld-query does not ask for a bare name as it is',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 no-tld-query timeout:1\n', name: 'nope',
    script: { records: {  } },
    runs: {
      glibc: 'EAI_NONAME after 0 s: nope.shop.svc.cluster.local. A, nope.shop.svc.cluster.local. AAAA, nope.cluster.local. A, nope.cluster.local. AAAA',
      musl: 'EAI_NONAME after 0 s: nope.shop.svc.cluster.local. A, nope.shop.svc.cluster.local. AAAA, nope.cluster.local. A, nope.cluster.local. AAAA, nope. A, nope. AAAA',
    },
  },
  {
    says: 'an alias to nowhere is no name, or no data when only IPv4 is wanted',
    conf: 'nameserver 10.96.0.10\noptions timeout:1\n', name: 'alias.example.', type: 'A',
    script: { records: { 'alias.example': { CNAME: ['gone.example'] } } },
    runs: {
      glibc: 'EAI_NODATA after 0 s: alias.example. A',
      musl: 'EAI_NODATA after 0 s: alias.example. A',
      'musl-1.2.3': 'EAI_NONAME after 0 s: alias.example. A',
    },
  },
  {
    says: 'an alias to nowhere ends the search',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:1\n', name: 'web',
    script: { records: { 'web.shop.svc.cluster.local': { CNAME: ['gone.example'] }, 'web.cluster.local': { A: ['10.96.1.1'] } } },
    runs: {
      glibc: 'EAI_NONAME after 0 s: web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA',
      musl: 'EAI_NODATA after 0 s: web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA',
      'musl-1.2.3': 'EAI_NONAME after 0 s: web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA',
    },
  },
  {
    says: 'a source with a unique local address makes global IPv6 come last',
    conf: 'nameserver 10.96.0.10\noptions timeout:1\n', name: 'example.com.',
    script: { records: { 'example.com': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] } } },
    runs: {
      glibc: '192.0.2.1 2001:db8::1 after 0 s: example.com. A, example.com. AAAA',
      musl: '192.0.2.1 2001:db8::1 after 0 s: example.com. A, example.com. AAAA',
    },
  },
  {
    says: 'unique local IPv6 comes first with glibc and last with musl',
    conf: 'nameserver 10.96.0.10\noptions timeout:1\n', name: 'api.',
    script: { records: { api: { A: ['10.96.1.1'], AAAA: ['fd00:10:96::1'] } } },
    runs: {
      glibc: 'fd00:10:96::1 10.96.1.1 after 0 s: api. A, api. AAAA',
      musl: '10.96.1.1 fd00:10:96::1 after 0 s: api. A, api. AAAA',
    },
  },
  {
    says: 'glibc hands out the addresses of its own subnet first',
    conf: 'nameserver 10.96.0.10\noptions timeout:1\n', name: 'db.',
    script: { records: { db: { A: ['10.244.2.9', '10.244.1.200', '10.244.1.6'] } } },
    runs: {
      glibc: '10.244.1.6 10.244.1.200 10.244.2.9 after 0 s: db. A, db. AAAA',
      musl: '10.244.2.9 10.244.1.200 10.244.1.6 after 0 s: db. A, db. AAAA',
    },
  },
  {
    says: 'an answer to an earlier try is lost when the sockets were closed in between',
    conf: 'nameserver 10.96.0.10\noptions single-request timeout:1 attempts:2\n', name: 'web.',
    script: { records: { web: { A: ['10.96.1.1'] } }, faults: [{ match: {  }, action: 'DELAY:1.5' }] },
    runs: {
      glibc: 'EAI_AGAIN after 3 s: web. A, web. A, web. AAAA, web. A',
      musl: 'EAI_AGAIN after 1 s: web. A, web. AAAA, web. A, web. AAAA',
    },
  },
  {
    says: 'twenty-five addresses with a name do not fit at first, and are asked for twice',
    conf: 'nameserver 10.96.0.10\noptions timeout:1\n', name: 'db.a-long-enough-name.example.',
    script: { records: many },
    runs: {
      glibc: '25 addresses after 0 s: db.a-long-enough-name.example. A, db.a-long-enough-name.example. AAAA, db.a-long-enough-name.example. A, db.a-long-enough-name.example. AAAA',
      musl: '25 addresses after 0 s: db.a-long-enough-name.example. A, db.a-long-enough-name.example. AAAA',
    },
  },
  {
    says: 'a SERVFAIL of every server sends glibc through the list, musl waits and gives up',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:1 attempts:2\n', name: 'web',
    script: { records: { 'web.cluster.local': { A: ['10.96.1.1'] } }, faults: [{ match: { name: 'web.shop.svc.cluster.local' }, action: 'SERVFAIL' }] },
    runs: {
      glibc: '10.96.1.1 after 0 s: web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA, web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA, web.cluster.local. A, web.cluster.local. AAAA',
      musl: 'EAI_AGAIN after 1 s: web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA, web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA, web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA, web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA, web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA, web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA',
    },
  },
  {
    says: 'silence at one search domain skips the others, but not the name as it stands',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:1 attempts:1\n', name: 'web',
    script: { records: { 'web.cluster.local': { A: ['10.96.1.1'] } }, faults: [{ match: { name: 'web.shop.svc.cluster.local' }, action: 'DROP' }] },
    runs: {
      glibc: 'EAI_NONAME after 1 s: web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA, web. A, web. AAAA',
      musl: 'EAI_AGAIN after 1 s: web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA',
    },
  },
  {
    says: 'a closed server is left at once by glibc and never noticed by musl',
    conf: 'nameserver 10.96.0.11\nnameserver 10.96.0.10\noptions timeout:1 attempts:1\n', name: 'web.',
    script: { records: { web: { A: ['10.96.1.1'] } }, closed: ['10.96.0.11'] },
    runs: {
      glibc: '10.96.1.1 after 0 s: web. A, web. AAAA',
      musl: '10.96.1.1 after 0 s: web. A, web. AAAA',
    },
  },
  {
    says: 'one name in the hosts file is enough for glibc in any case',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions timeout:1 attempts:1\n', name: 'WEB-0', hosts: '10.244.1.7 web-0\n',
    script: { records: {  } },
    runs: {
      glibc: '10.244.1.7 after 0 s: nobody asked',
      musl: 'EAI_NONAME after 0 s: WEB-0.shop.svc.cluster.local. A, WEB-0.shop.svc.cluster.local. AAAA, WEB-0.cluster.local. A, WEB-0.cluster.local. AAAA, WEB-0. A, WEB-0. AAAA',
    },
  },
  {
    says: 'ndots:0 asks for a bare name as it is first',
    conf: 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:0 timeout:1\n', name: 'web',
    script: { records: { 'web.shop.svc.cluster.local': { A: ['10.96.1.1'] } } },
    runs: {
      glibc: '10.96.1.1 after 0 s: web. A, web. AAAA, web.shop.svc.cluster.local. A, web.shop.svc.cluster.local. AAAA',
      musl: 'EAI_NONAME after 0 s: web. A, web. AAAA',
    },
  },
  {
    says: 'the root in a search list is the name as it stands, and is not asked again',
    conf: 'search . cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:1\n', name: 'web',
    script: { records: {  } },
    runs: {
      glibc: 'EAI_NONAME after 0 s: web. A, web. AAAA, web.cluster.local. A, web.cluster.local. AAAA',
      musl: 'EAI_NONAME after 0 s: web.cluster.local. A, web.cluster.local. AAAA, web. A, web. AAAA',
      'musl-1.2.3': 'EAI_AGAIN after 1 s: nobody asked',
    },
  },
  {
    says: 'timeout:0 is a second with glibc and no time at all with musl',
    conf: 'nameserver 10.96.0.10\noptions timeout:0 attempts:1\n', name: 'web.',
    script: { records: {  }, faults: [{ match: {  }, action: 'DROP' }] },
    runs: {
      glibc: 'EAI_AGAIN after 1 s: web. A, web. AAAA',
      musl: 'EAI_AGAIN after 0 s: nobody asked',
    },
  },
  {
    says: 'attempts:0 asks nobody with glibc',
    conf: 'nameserver 10.96.0.10\noptions timeout:1 attempts:0\n', name: 'web.',
    script: { records: { web: { A: ['10.96.1.1'] } } },
    runs: {
      glibc: 'EAI_AGAIN after 0 s: nobody asked',
    },
  },
];
