// Who can reach whom by pod address under every policy that is enforced: the rules of judge over sets of ports and addresses, class by class.
import type { AddressFamily } from '../base/address.ts';
import { formatRange } from '../base/address.ts';
import { byText } from '../base/order.ts';
import type { PolicyPod, Reach, ReachConnection, ReachWorkload } from '../model/policy.ts';
import type { PodClass, PolicyIndex } from '../policy/policy-index.ts';
import { classOf } from '../policy/policy-index.ts';
import type { PortTable } from './reach-ports.ts';
import { allId, byEnds, noneId, portTable } from './reach-ports.ts';
import type { ReachRow } from './reach-rows.ts';
import { reachRows } from './reach-rows.ts';

export { reachDifference } from './reach-difference.ts';

export interface ReachInput {
  readonly index: PolicyIndex;
  /** `name` is `NAMESPACE/NAME`; `pods` without the finished ones, empty for `replicas: 0`. */
  readonly workloads: readonly { readonly name: string; readonly kind: string; readonly pods: readonly PolicyPod[] }[];
}

/** The two directions' rows for one address family. */
interface Plane {
  readonly family: AddressFamily;
  readonly egress: readonly ReachRow[];
  readonly ingress: readonly ReachRow[];
  /** The classes that have an address of the family, by position. */
  readonly here: readonly boolean[];
}

/** Who stands in a row of the answer: a workload, or one pod of a workload whose pods differ. */
interface Entity {
  readonly name: string;
  readonly kind: string;
  readonly position: number;
}

interface Space {
  readonly index: PolicyIndex;
  readonly ports: PortTable;
  /** By the key of the class. */
  readonly positions: ReadonlyMap<string, number>;
  /** Running pods of each class. */
  readonly sizes: readonly number[];
  readonly planes: readonly Plane[];
}

/**
 * As `reach -o json` prints it (cli.md). A pod with addresses of two families is reachable where any family that both ends have lets it be.
 * What a node may always do to its own pods, and a pod to itself, is not counted; what listens is not asked.
 */
export function reachOf({ index, workloads }: ReachInput): Reach {
  const space = spaceOf(index, workloads.flatMap(({ pods }) => pods));
  const listed: ReachWorkload[] = [];
  const split: NonNullable<Reach['split']>[number][] = [];
  const entities: Entity[] = [];
  for (const { name, kind, pods } of workloads) {
    const alike = podsAlike(space, pods);
    const rows = alike ? [{ name, kind, pods }] : pods.map((pod) => ({ name: `${pod.namespace}/${pod.name}`, kind: 'Pod', pods: [pod] }));
    if (!alike) split.push(...rows.map((row) => ({ pod: row.name, name, kind })));
    for (const row of rows) {
      listed.push({ name: row.name, kind: row.kind, pods: row.pods.length });
      const running = row.pods.find((pod) => pod.running);
      if (running !== undefined) entities.push({ name: row.name, kind: row.kind, position: positionOf(space, running) });
    }
  }
  const order = (left: { name: string; kind: string }, right: { name: string; kind: string }): number => byText(left.name, right.name) || byText(left.kind, right.kind);
  return { workloads: listed.sort(order), connections: connectionsOf(space, entities.sort(order)), ...(split.length > 0 ? { split } : {}) };
}

function spaceOf(index: PolicyIndex, pods: readonly PolicyPod[]): Space {
  const positions = new Map<string, number>();
  const classes: PodClass[] = [];
  const sizes: number[] = [];
  for (const pod of pods.filter(({ running }) => running)) {
    const found = classOf(index, pod);
    const position = positions.get(found.key) ?? classes.push(found) - 1;
    positions.set(found.key, position);
    sizes[position] = (sizes[position] ?? 0) + 1;
  }
  const ports = portTable();
  const families: readonly AddressFamily[] = classes.some(({ addresses }) => addresses.IPv6 !== null) ? ['IPv4', 'IPv6'] : ['IPv4'];
  const planes = families.map((family): Plane => {
    // Only the IPv4 outside is listed.
    const rowSpace = { classes, family, cells: family === 'IPv4' ? index.cells.IPv4 : [], enforced: index.enforced, ports };
    const here = classes.map(({ addresses }) => addresses[family] !== null || (family === 'IPv4' && addresses.IPv6 === null));
    return { family, egress: reachRows(rowSpace, 'egress'), ingress: reachRows(rowSpace, 'ingress'), here };
  });
  return { index, ports, positions, sizes, planes };
}

const positionOf = (space: Space, pod: PolicyPod): number => space.positions.get(classOf(space.index, pod).key) ?? 0;

const inRow = (row: ReachRow | undefined, position: number): number => (row === null || row === undefined ? allId : (row.classes[position] ?? noneId));

/** The ports on which a pod of one class may reach another pod of a class. */
function portsBetween({ planes, ports }: Space, from: number, to: number): number {
  let found = noneId;
  for (const { egress, ingress, here } of planes) {
    if (here[from] === true && here[to] === true) found = ports.union(found, ports.intersect(inRow(egress[from], to), inRow(ingress[to], from)));
  }
  return found;
}

/** The ports for each cell of the IPv4 outside. */
function portsOutside({ planes, index }: Space, direction: 'egress' | 'ingress', position: number): readonly number[] {
  const plane = planes.find(({ family }) => family === 'IPv4');
  if (plane?.here[position] !== true) return index.cells.IPv4.map(() => noneId);
  const row = plane[direction][position];
  return row === null || row === undefined ? index.cells.IPv4.map(() => allId) : [...row.cells];
}

/** Two pods are alike when changing places would change nothing: not for anybody else, and not between the two. */
function podsAlike(space: Space, pods: readonly PolicyPod[]): boolean {
  const [first, ...others] = [...new Set(pods.filter(({ running }) => running).map((pod) => positionOf(space, pod)))];
  return first === undefined || others.every((other) => classesAlike(space, first, other));
}

function classesAlike(space: Space, left: number, right: number): boolean {
  if (portsBetween(space, left, right) !== portsBetween(space, right, left)) return false;
  for (let third = 0; third < space.sizes.length; third++) {
    // Nobody else is in the class of a pod that is alone in it.
    if ((third === left || third === right) && space.sizes[third] === 1) continue;
    if (portsBetween(space, left, third) !== portsBetween(space, right, third) || portsBetween(space, third, left) !== portsBetween(space, third, right)) return false;
  }
  return (['egress', 'ingress'] as const).every((direction) => portsOutside(space, direction, left).join() === portsOutside(space, direction, right).join());
}

function connectionsOf(space: Space, entities: readonly Entity[]): readonly ReachConnection[] {
  const connections: ReachConnection[] = [];
  for (const entity of entities) {
    for (const { range, ports } of outsideOf(space, 'ingress', entity)) connections.push({ from: range, fromKind: 'IPBlock', to: entity.name, toKind: entity.kind, ports });
  }
  for (const from of entities) {
    for (const { range, ports } of outsideOf(space, 'egress', from)) connections.push({ from: from.name, fromKind: from.kind, to: range, toKind: 'IPBlock', ports });
    for (const to of entities) {
      if (from === to) continue;
      const id = portsBetween(space, from.position, to.position);
      if (id !== noneId) connections.push({ from: from.name, fromKind: from.kind, to: to.name, toKind: to.kind, ports: space.ports.shown(id) });
    }
  }
  return connections.sort(byEnds);
}

/** The outside as ranges, neighbours with the same answer merged. */
function outsideOf(space: Space, direction: 'egress' | 'ingress', { position }: Entity): readonly { readonly range: string; readonly ports: ReachConnection['ports'] }[] {
  const cells = space.index.cells.IPv4;
  const ids = portsOutside(space, direction, position);
  const rows: { range: string; ports: ReachConnection['ports'] }[] = [];
  let start = 0;
  for (let end = 0; end < cells.length; end++) {
    const [first, last, id] = [cells[start], cells[end], ids[end]];
    if (first === undefined || last === undefined || id === undefined || ids[end + 1] === id) continue;
    if (id !== noneId) rows.push({ range: formatRange({ family: 'IPv4', first: first.first, last: last.last }), ports: space.ports.shown(id) });
    start = end + 1;
  }
  return rows;
}
