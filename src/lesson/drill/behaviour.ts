// What a healthy drill does, as intents: every fault makes one of them fail, and no repair may cost another.
import type { Verdict } from '../../sim/model/trace.ts';
import type { Intent, IntentTarget, LookupIntent, RequestIntent } from '../lesson.ts';
import type { Cast } from './cast.ts';
import { metricsPort, nodePort, statsPort } from './manifests.ts';

const target = (text: string): IntentTarget => ({ kind: 'target', text });
const env = (name: string): IntentTarget => ({ kind: 'env', name, scheme: null });

function asks(say: string, from: string, to: IntentTarget | readonly IntentTarget[], expect: Verdict | 'blocked', by: readonly string[] = []): RequestIntent {
  const targets: readonly IntentTarget[] = 'kind' in to ? [to] : to;
  const pairs = targets.map((one) => ({ from, to: one }));
  const [first] = pairs;
  if (first === undefined) throw new Error('nobody is asked');
  return { kind: 'request', say, after: [], ...first, http: null, size: null, pairs, expect, by, backends: null, status: null, sees: null, queries: null };
}

const looksUp = (say: string, from: string, name: string, expect: LookupIntent['expect'], queries: number | null = null): LookupIntent =>
  ({ kind: 'lookup', say, after: [], from, sources: [from], name, type: null, expect, queries });

/** Where customers come in. */
export function doorUrl({ door, host, scheme }: Cast, address: string | null): string {
  if (door === 'ingress' || door === 'ingress-tls') return `${scheme}://${host}/`;
  return door === 'node-port' ? `http://192.168.0.11:${nodePort}/` : `http://${address ?? '203.0.113.100'}/`;
}

/** `address` is the load balancer's, where there is one. */
export function behaviourOf(cast: Cast, address: string | null): readonly Intent[] {
  const { app, data, watch, front, api, db, stats, scraper, batch, dbPort, dbPodPort } = cast;
  return [
    asks(`${front} gets an answer from ${api}`, `${app}/${front}`, env('API_URL'), 'delivered', [`${app}/${api}`]),
    { ...asks(`${front} gets a long answer from ${api}`, `${app}/${front}`, env('API_URL'), 'delivered', [`${app}/${api}`]), size: 100_000 },
    asks(`${api} reaches ${db}`, `${app}/${api}`, env('DB_URL'), 'delivered', [`${data}/${db}`]),
    asks(`${front} is counted by ${stats}`, `${app}/${front}`, target(`udp://${stats}:${statsPort}`), 'delivered', [`${app}/${stats}`]),
    asks(`Customers see the pages of ${front}`, 'external', target(doorUrl(cast, address)), 'delivered', [`${app}/${front}`]),
    asks(`${scraper} reads the metrics of ${api}`, `${watch}/${scraper}`, target(`http://${api}-metrics.${app}:${metricsPort}/`), 'delivered', [`${app}/${api}`]),
    asks(`${api} reaches ${db}-0 by its own name`, `${app}/${api}`, target(`tcp://${db}-0.${db}-peers.${data}:${dbPodPort}`), 'delivered', [`${data}/${db}-0`]),
    looksUp('The name of a host outside is found', `${app}/${stats}`, 'example.com', 'found', 2),
    asks('Strangers reach neither of the two', 'default/stranger', [target(`http://${api}.${app}/`), target(`tcp://${db}.${data}:${dbPort}`)], 'blocked'),
    asks(`${batch} has no business with ${api}`, `${watch}/${batch}`, [target(`http://${api}.${app}/`), target(`http://${api}-metrics.${app}:${metricsPort}/`)], 'blocked'),
    asks(`${front} calls nobody else`, `${app}/${front}`, [target(`tcp://${db}.${data}:${dbPort}`), target('tcp://203.0.113.80:443')], 'blocked'),
  ];
}
