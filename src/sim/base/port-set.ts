// Sets of ports per protocol as ranges, so that "which ports may be used" is one value that can be joined, cut and compared.

export type PortProtocol = 'TCP' | 'UDP' | 'SCTP';

/** Both ends belong to it; 1 to 65535. */
export type PortSpan = readonly [low: number, high: number];

/** Spans per protocol: ascending, apart from each other (never touching), so that equal sets have equal forms. */
export type PortSet = Readonly<Record<PortProtocol, readonly PortSpan[]>>;

export const portProtocols = ['TCP', 'UDP', 'SCTP'] as const satisfies readonly PortProtocol[];

export const lastPort = 65535;

export const noPorts: PortSet = { TCP: [], UDP: [], SCTP: [] };

const everySpan: readonly PortSpan[] = [[1, lastPort]];
export const allPorts: PortSet = { TCP: everySpan, UDP: everySpan, SCTP: everySpan };

/** The ports `low` to `high` of one protocol, both included; what lies outside 1–65535 is cut off. */
export function portsOf(protocol: PortProtocol, low: number, high: number = low): PortSet {
  const from = Math.max(low, 1);
  const to = Math.min(high, lastPort);
  return from <= to ? { ...noPorts, [protocol]: [[from, to]] } : noPorts;
}

/** Every port of one protocol. */
export const wholeProtocol = (protocol: PortProtocol): PortSet => ({ ...noPorts, [protocol]: everySpan });

function each(left: PortSet, right: PortSet, join: (left: readonly PortSpan[], right: readonly PortSpan[]) => readonly PortSpan[]): PortSet {
  return { TCP: join(left.TCP, right.TCP), UDP: join(left.UDP, right.UDP), SCTP: join(left.SCTP, right.SCTP) };
}

function merge(spans: readonly PortSpan[]): readonly PortSpan[] {
  const merged: [number, number][] = [];
  for (const [low, high] of [...spans].sort((left, right) => left[0] - right[0])) {
    const last = merged[merged.length - 1];
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

function overlap(left: readonly PortSpan[], right: readonly PortSpan[]): readonly PortSpan[] {
  const both: PortSpan[] = [];
  for (const [low, high] of left) {
    for (const [otherLow, otherHigh] of right) {
      if (low <= otherHigh && otherLow <= high) both.push([Math.max(low, otherLow), Math.min(high, otherHigh)]);
    }
  }
  return both;
}

function rest(spans: readonly PortSpan[], away: readonly PortSpan[]): readonly PortSpan[] {
  let left = spans;
  for (const [low, high] of away) {
    left = left.flatMap(([from, to]): PortSpan[] => {
      if (high < from || to < low) return [[from, to]];
      const pieces: PortSpan[] = [];
      if (from < low) pieces.push([from, low - 1]);
      if (high < to) pieces.push([high + 1, to]);
      return pieces;
    });
  }
  return left;
}

/** What is in either. */
export const unionPorts = (left: PortSet, right: PortSet): PortSet => each(left, right, (one, other) => merge([...one, ...other]));

/** What is in both. */
export const intersectPorts = (left: PortSet, right: PortSet): PortSet => each(left, right, overlap);

/** What is in the first and not in the second. */
export const subtractPorts = (left: PortSet, right: PortSet): PortSet => each(left, right, rest);

export const portSetHolds = (set: PortSet, protocol: PortProtocol, port: number): boolean => set[protocol].some(([low, high]) => low <= port && port <= high);

/** Equal sets have equal keys. */
export const portSetKey = (set: PortSet): string => portProtocols.map((protocol) => set[protocol].map(([low, high]) => `${low}-${high}`).join(',')).join(';');

export const samePorts = (left: PortSet, right: PortSet): boolean => left === right || portSetKey(left) === portSetKey(right);

export const isNoPorts = (set: PortSet): boolean => portProtocols.every((protocol) => set[protocol].length === 0);

export const isAllPorts = (set: PortSet): boolean => samePorts(set, allPorts);
