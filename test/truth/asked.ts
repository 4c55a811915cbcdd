// What an outside examiner asks of a cluster that is written down in a few lines: one answer each, as plain text where it can be.
import { lookUp, openLab, parseSource, parseTarget, reach, send, type Lab, type LabOptions, type RecordType } from '../../src/sim/lab.ts';
import { refText } from '../../src/sim/model/object.ts';
import { called, type Called } from '../cli/caller.ts';

/** The cluster of these documents; throws when it does not load. */
export function cluster(documents: string, options: LabOptions = {}): Lab {
  const lab = openLab([{ path: 'truth.yaml', text: documents }], options);
  if (!lab.ok) throw new Error(lab.failures.map(({ says }) => says).join('\n'));
  return lab.value;
}

/** Why these documents are refused, one line a problem; `accepted` when they are not. */
export function refusal(documents: string): string {
  const lab = openLab([{ path: 'truth.yaml', text: documents }]);
  return lab.ok ? 'accepted' : lab.failures.map(({ says }) => says).join('\n');
}

export interface Sent {
  readonly verdict: string;
  /** `LAYER: OBJECT FIELD`, or `null` when delivered. */
  readonly because: string | null;
  /** `POD IP:PORT VERDICT PROBABILITY[ snat]`, likeliest first. */
  readonly ways: readonly string[];
}

export function sent(lab: Lab, source: string, target: string): Sent {
  const from = parseSource(source, lab.network);
  const to = parseTarget(target);
  if (!from.ok || !to.ok) throw new Error(`${source} to ${target} is no request`);
  const { verdict, walks, shown } = send(lab, { from: from.value, to: to.value });
  return {
    verdict,
    because: verdict === 'delivered' ? null : `${String(shown.layer)}: ${shown.object === null ? '' : refText(shown.object)} ${String(shown.field)}`,
    ways: walks.map((walk) => [walk.backend?.pod ?? (walk.backend === null ? 'nobody' : walk.backend.ip), ...(walk.backend === null ? [] : [`:${String(walk.backend.port)}`]), ` ${walk.verdict} ${walk.probability.toFixed(2)}`, walk.snat ? ' snat' : ''].join('')),
  };
}

/** A name as the source's resolver answers: the names asked, the addresses, the error. */
export function resolved(lab: Lab, source: string, name: string, type: RecordType | null = null): { readonly asked: readonly string[]; readonly addresses: readonly string[]; readonly error: string | null; readonly elapsed: number; readonly data: readonly string[] } {
  const from = parseSource(source, lab.network);
  if (!from.ok) throw new Error(`${source} is no source`);
  const { queries, addresses, error, elapsed } = lookUp(lab, { from: from.value, name, type, resolver: null, direct: false });
  return { asked: queries.map((query) => `${query.name} ${query.type} ${query.rcode}`), addresses, error, elapsed, data: queries.flatMap(({ answers }) => answers.map(({ data }) => data)) };
}

/** The rows of the reach matrix, `FROM -> TO PORTS`. */
export const rows = (lab: Lab): readonly string[] => reach(lab).connections.map(({ from, to, ports }) => `${from} -> ${to} ${JSON.stringify(ports)}`);

/** A command line over these documents on standard input. */
export const commanded = (documents: string, ...words: readonly string[]): Promise<Called> => called([...words, '-f', '-'], { typed: documents });

/** A running pod with one open port and its labels. */
export const pod = (path: string, port: number | null, labels: string, more = ''): string => {
  const [namespace, name] = path.split('/');
  const ports = port === null ? '' : `, ports: [{containerPort: ${String(port)}, name: main}]`;
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: ${String(name)}, namespace: ${String(namespace)}, labels: {${labels}}}\nspec: {containers: [{name: c, image: i${ports}}]${more === '' ? '' : `, ${more}`}}\n---\n`;
};

export const service = (path: string, spec: string): string => {
  const [namespace, name] = path.split('/');
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${String(name)}, namespace: ${String(namespace)}}\nspec: {${spec}}\n---\n`;
};

/** Three nodes n1, n2, n3 at 172.20.0.11 to .13. */
export const nodes = ['1', '2', '3'].map((n) => `apiVersion: v1\nkind: Node\nmetadata: {name: n${n}, labels: {kubernetes.io/os: linux}}\nspec: {podCIDR: 10.244.${n}.0/24}\nstatus: {addresses: [{type: InternalIP, address: 172.20.0.1${n}}]}\n---\n`).join('');
