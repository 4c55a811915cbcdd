// The question that the DNS pane shows, asked otherwise: another name, type or resolver, or another ndots.
import { lookUp, parseSource } from '../sim/lab.ts';
import type { Lab } from '../sim/lab.ts';
import type { Lookup, RecordType, ResolverName } from '../sim/model/lookup.ts';
import type { Source } from '../sim/model/request.ts';
import { addAsked } from './asked.ts';
import { lookupOf } from './possible.ts';
import { chosenRow } from './veil.ts';
import type { Desk } from './state.ts';

export interface OtherQuestion {
  readonly name: string | null;
  readonly type: RecordType | 'A+AAAA' | null;
  readonly resolver: ResolverName | null;
  /** `NAMESPACE/NAME`; `null` for who asked last. */
  readonly from: string | null;
}

const types: readonly (RecordType | 'A+AAAA')[] = ['A+AAAA', 'A', 'AAAA', 'SRV', 'CNAME', 'TXT'];
const resolvers: readonly ResolverName[] = ['glibc', 'musl', 'musl-1.2.3'];

const next = <Item>(all: readonly Item[], now: Item | null): Item | null => all[(now === null ? 0 : all.indexOf(now) + 1) % all.length] ?? null;

export const nextType = (desk: Desk): RecordType | 'A+AAAA' | null => next(types, lookupOf(desk)?.type ?? null);
export const nextResolver = (desk: Desk): ResolverName | null => next(resolvers, lookupOf(desk)?.resolver ?? null);

export const isType = (text: string): text is RecordType | 'A+AAAA' => types.some((type) => type === text);

/** Who asks: a pod of the lab; `null` for others. */
function sourceOf(desk: Desk, from: string): Source | null {
  const source = parseSource(from, desk.session.lab.network);
  return source.ok ? source.value : null;
}

/** The question becomes a row of its own; or one sentence about what is missing. */
export function askOtherwise(desk: Desk, other: OtherQuestion): Desk | string {
  const row = chosenRow(desk);
  const old = lookupOf(desk);
  const from = other.from ?? row?.from ?? null;
  const name = other.name ?? old?.name ?? null;
  if (from === null) return 'Who asks? :lookup NAME from shop/web';
  if (name === null || name === '') return 'Which name? :lookup api.shop';
  const source = sourceOf(desk, from);
  if (source === null) return `There is no ${from} that could ask.`;
  const type = other.type ?? old?.type ?? 'A+AAAA';
  const lookup = lookUp(desk.session.lab, { from: source, name, type: type === 'A+AAAA' ? null : type, resolver: other.resolver ?? old?.resolver ?? null, direct: false });
  return addAsked(desk, [{ kind: 'lookup', from, lookup }]);
}

/** The same lookup, had the pod another `ndots`: 1, as resolv.conf(5) has it, where Kubernetes says 5. `null` where no search list is walked. */
export function withNdots(desk: Desk, ndots: number): Lookup | null {
  const [row, old] = [chosenRow(desk), lookupOf(desk)];
  const source = row === null ? null : row.trace === null ? sourceOf(desk, row.from) : row.trace.request.from;
  if (old?.resolvConf == null || source?.kind !== 'pod') return null;
  const key = `${source.namespace}/${source.name}`;
  const { lab } = desk.session;
  const pod = lab.plane.pods.get(key);
  if (pod === undefined) return null;
  const resolvConf = /ndots:\d+/.test(pod.resolvConf) ? pod.resolvConf.replace(/ndots:\d+/, `ndots:${ndots}`) : `${pod.resolvConf}options ndots:${ndots}\n`;
  const other: Lab = { ...lab, plane: { ...lab.plane, pods: new Map(lab.plane.pods).set(key, { ...pod, resolvConf }) } };
  return lookUp(other, { from: source, name: old.name, type: old.type === 'A+AAAA' ? null : old.type, resolver: old.resolver, direct: false });
}
