import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { readCorefile } from '../../../src/sim/dns/check-corefile.ts';
import { clusterRecords } from '../../../src/sim/dns/cluster-records.ts';
import { walkSearch } from '../../../src/sim/dns/plugins/autopath.ts';
import { parseName } from '../../../src/sim/dns/plugins/kubernetes-name.ts';
import { reply } from '../../../src/sim/dns/plugins/plugin.ts';
import { isUnder } from '../../../src/sim/dns/names.ts';
import { answer } from '../../../src/sim/dns/server.ts';
import type { DnsReply, DnsRecord } from '../../../src/sim/model/lookup.ts';
import type { EndpointSlice, KubeObject, Namespace, Pod, Service } from '../../../src/sim/model/object.ts';

type Rdata = string | { readonly priority: number; readonly weight: number; readonly port: number; readonly target: string } | { readonly mname: string; readonly rname: string; readonly minttl: number };
interface Written { readonly name: string; readonly type: DnsRecord['type']; readonly ttl: number; readonly rdata: Rdata }
interface Case {
  readonly id: string;
  readonly fixture: string;
  readonly query: { readonly name: string; readonly type: string };
  readonly rcode: string;
  readonly answers: readonly Written[];
  readonly additional: readonly Written[];
  readonly authority: 'SOA' | null;
  readonly soaOwner?: string;
  readonly nodata?: boolean;
  readonly truncated?: boolean;
  readonly upstream?: { readonly answers: readonly Written[]; readonly truncated?: boolean };
  readonly state?: { readonly apiSynced?: boolean };
}
interface Data {
  readonly fixtures: Readonly<Record<string, { readonly file: string; readonly corefile: string; readonly config: { readonly localIPs?: readonly string[] } }>>;
  readonly cases: readonly Case[];
  readonly parse: readonly { readonly query: string; readonly zone: string; readonly multicluster: boolean; readonly zonal: boolean; readonly parsed: string; readonly topologyZone: string }[];
  readonly parseInvalid: readonly { readonly query: string; readonly multicluster: boolean; readonly zonal: boolean }[];
  readonly autopath: {
    readonly search: readonly string[];
    readonly next: Readonly<Record<string, string>>;
    readonly cases: readonly { readonly query: string; readonly answers: readonly string[] }[];
    readonly inSearchPath: { readonly search: readonly string[]; readonly cases: readonly (readonly [name: string, inside: boolean])[] };
  };
}

/** The data as dig prints it; of a SOA only what is compared. */
function dataOf(rdata: Rdata, type: string): string {
  if (typeof rdata === 'string') return type === 'TXT' ? `"${rdata}"` : rdata;
  return 'priority' in rdata ? `${rdata.priority} ${rdata.weight} ${rdata.port} ${rdata.target}` : `${rdata.mname} ${rdata.rname} … ${rdata.minttl}`;
}
const written = ({ name, type, ttl, rdata }: Written): string => `${name} ${ttl} ${type} ${dataOf(rdata, type)}`;
const said = ({ name, type, ttl, data }: DnsRecord): string => `${name} ${ttl} ${type} ${type === 'SOA' ? data.replace(/^(\S+ \S+) .* (\d+)$/, '$1 … $2') : data}`;

const folder = new URL('../../../../shared/conformance/dns/', import.meta.url);
if (!existsSync(folder)) test('answers of CoreDNS', { skip: 'skipped: ../shared/conformance is not here' });
else {
  const data = JSON.parse(readFileSync(new URL('server.json', folder), 'utf8')) as Data;
  const objectsOf = (file: string): readonly KubeObject[] => parseAllDocuments(readFileSync(new URL(`fixtures/${file}`, folder), 'utf8')).map((document) => document.toJS() as KubeObject);
  const recordsOf = (objects: readonly KubeObject[]) => clusterRecords({
    namespaces: objects.filter((object): object is Namespace => object.kind === 'Namespace'),
    services: objects.filter((object): object is Service => object.kind === 'Service'),
    endpointSlices: objects.filter((object): object is EndpointSlice => object.kind === 'EndpointSlice'),
    pods: objects.filter((object): object is Pod => object.kind === 'Pod'),
  });
  let held = 0;
  for (const [name, fixture] of Object.entries(data.fixtures)) {
    const records = recordsOf(objectsOf(fixture.file));
    const corefile = readCorefile(fixture.corefile);
    for (const asked of data.cases.filter((candidate) => candidate.fixture === name)) {
      test(`${asked.id}: ${asked.query.name} ${asked.query.type} on ${name}`, () => {
        assert.ok(corefile.ok);
        const upstream = (): DnsReply => reply('NXDOMAIN');
        // The zones of the fixtures stand alone, so the outside is a server block of its own.
        const outside = readCorefile(`${fixture.corefile}\n. {\n  forward . 203.0.113.53\n}\n`);
        assert.ok(outside.ok);
        const got = answer({
          corefile: asked.upstream === undefined ? corefile.value : outside.value, records, resolvConf: '', addresses: fixture.config.localIPs ?? [], synced: asked.state?.apiSynced ?? true,
          upstream: asked.upstream === undefined ? upstream : (question) => ({
            ...reply('NOERROR', (asked.upstream?.answers ?? []).filter(({ type }) => type === question.type || type === 'CNAME').map(({ name: owner, type, ttl, rdata }) => ({ name: owner, type, ttl, data: dataOf(rdata, type) }))),
            truncated: asked.upstream?.truncated ?? false,
          }),
        }, asked.query);
        assert.equal(got.rcode, asked.rcode);
        assert.deepEqual(got.answers.map(said).sort(), asked.answers.map(written).sort());
        assert.deepEqual(got.additional.map(said).sort(), asked.additional.map(written).sort());
        assert.equal(got.truncated, asked.truncated ?? false);
        assert.deepEqual(got.authority.map(({ type }) => type), asked.authority === 'SOA' ? ['SOA'] : []);
        if (asked.soaOwner !== undefined) assert.deepEqual(got.authority.map((record) => record.name.toLowerCase()), [asked.soaOwner]);
        if (asked.nodata === true) assert.equal(got.answers.length, 0);
        for (const record of got.authority) assert.equal(record.ttl, 5);
        held += 1;
      });
    }
  }
  test('every case of CoreDNS was held', (context) => {
    context.diagnostic(`${held} of ${data.cases.length} cases agree`);
    assert.equal(held, data.cases.length);
  });
  test('names are read by the grammar of the DNS specification', () => {
    for (const { query, zone, multicluster, zonal, parsed, topologyZone } of data.parse) {
      const read = parseName(query, zone, { multicluster, zonal });
      assert.ok(read !== undefined, query);
      assert.equal([read.port, read.protocol, read.endpoint, read.cluster, read.service, read.namespace, read.kind].join('.'), parsed, query);
      assert.equal(read.topology?.zone ?? '', topologyZone, query);
    }
    // Some of these lie outside the zone that they were asked in.
    for (const { query, multicluster, zonal } of data.parseInvalid) assert.equal(parseName(query, 'inter.webs.tests.', { multicluster, zonal }), undefined, query);
  });
  test('autopath walks the search list of the client and answers with an alias', () => {
    const { search, next, cases, inSearchPath } = data.autopath;
    const backend = ({ name }: { readonly name: string }): DnsReply => {
      const found = Object.hasOwn(next, name) ? next[name] : undefined;
      return found === undefined || found === 'NXDOMAIN' ? reply('NXDOMAIN') : reply('NOERROR', [{ name, type: 'A', ttl: 5, data: found.slice(2) }]);
    };
    for (const { query, answers } of cases) {
      assert.deepEqual(walkSearch(search, { name: query, type: 'A' }, backend).answers.map(({ name, type, data: target }) => `${name} ${type} ${target}`), answers, query);
    }
    for (const [name, inside] of inSearchPath.cases) assert.equal(isUnder(inSearchPath.search[0] ?? '', name), inside, name);
  });
}
