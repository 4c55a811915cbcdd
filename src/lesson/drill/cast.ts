// Who is in a drill: names, ports, plugin and door, chosen by seed, so that the same faults come back in other clothes.
import { choose } from '../../sim/base/choose.ts';

export type DoorKind = 'node-port' | 'load-balancer' | 'ingress' | 'ingress-tls';

export interface Cast {
  readonly seed: number;
  /** Namespaces: of the application, of its data, of those who watch. */
  readonly app: string;
  readonly data: string;
  readonly watch: string;
  /** Workloads: shows pages, answers them, keeps the data, counts (UDP), scrapes, and has no business here. */
  readonly front: string;
  readonly api: string;
  readonly db: string;
  readonly stats: string;
  readonly scraper: string;
  readonly batch: string;
  readonly apiPort: number;
  readonly dbPort: number;
  /** Where its process listens: it has no right to low ports, and takes no known one. */
  readonly dbPodPort: number;
  readonly dbPortName: string;
  readonly host: string;
  /** Of the host's pages: https where the door has a certificate. */
  readonly scheme: 'http' | 'https';
  readonly door: DoorKind;
  readonly plugin: string;
  readonly mode: string;
  readonly proxy: string;
}

const pools = {
  app: ['shop', 'tickets', 'library', 'bakery', 'clinic', 'museum', 'courier', 'garage'],
  data: ['data', 'storage', 'archive', 'records'],
  watch: ['monitoring', 'observability', 'lookout'],
  front: ['web', 'portal', 'pages', 'frontdesk'],
  api: ['api', 'catalog', 'orders', 'backend'],
  db: ['db', 'store', 'ledger', 'vault'],
  stats: ['stats', 'counter', 'tally'],
  scraper: ['prometheus', 'scraper', 'collector'],
  batch: ['reports', 'nightly', 'exporter'],
  apiPort: [8080, 8000, 9000, 3000],
  dbPort: [5432, 3306, 6379],
  door: ['node-port', 'load-balancer', 'ingress', 'ingress-tls'],
  network: [['calico', 'vxlan'], ['calico', 'ipip'], ['cilium', 'vxlan']],
  proxy: ['iptables', 'nftables', 'ipvs'],
} as const;

const portNames: Readonly<Record<number, string>> = { 5432: 'postgres', 3306: 'mysql', 6379: 'redis' };

function pick<Item>(seed: number, key: string, items: readonly Item[]): Item {
  const found = choose(seed, `drill/${key}`, items);
  if (found === undefined) throw new Error(`nobody is there to play ${key}`);
  return found;
}

/** The same for everybody with the same seed. */
export function castOf(seed: number): Cast {
  const [plugin, mode] = pick(seed, 'network', pools.network);
  const dbPort = pick(seed, 'dbPort', pools.dbPort);
  const app = pick(seed, 'app', pools.app);
  const door: DoorKind = pick(seed, 'door', pools.door);
  return {
    seed, app, plugin, mode, dbPort, dbPodPort: dbPort + 10_000,
    data: pick(seed, 'data', pools.data), watch: pick(seed, 'watch', pools.watch),
    front: pick(seed, 'front', pools.front), api: pick(seed, 'api', pools.api), db: pick(seed, 'db', pools.db), stats: pick(seed, 'stats', pools.stats),
    scraper: pick(seed, 'scraper', pools.scraper), batch: pick(seed, 'batch', pools.batch),
    apiPort: pick(seed, 'apiPort', pools.apiPort), dbPortName: portNames[dbPort] ?? 'data',
    host: `${app}.example.com`, door, scheme: door === 'ingress-tls' ? 'https' : 'http', proxy: pick(seed, 'proxy', pools.proxy),
  };
}
