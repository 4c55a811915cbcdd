// The words and marks of the screen: state is said, never only coloured. With `--ascii` marks are letters.
import type { Stage, Verdict } from '../sim/model/trace.ts';
import type { Hop } from '../sim/model/trace.ts';
import type { Place } from '../sim/model/packet.ts';
import type { Span } from './frame.ts';

export interface Marks {
  readonly good: string;
  readonly bad: string;
  readonly wait: string;
  readonly point: string;
  readonly to: string;
  readonly dot: string;
}

const signs: Marks = { good: '✓', bad: '✗', wait: '…', point: '▸', to: '→', dot: '·' };
const letters: Marks = { good: 'ok', bad: 'x', wait: '..', point: '>', to: '->', dot: '.' };

export const marksOf = (options: { readonly ascii: boolean }): Marks => (options.ascii ? letters : signs);

const verdictWords: Readonly<Record<Verdict, string>> = {
  delivered: 'delivered', refused: 'refused', timeout: 'timed out', unreachable: 'unreachable', 'name-not-found': 'name not found', 'dns-failure': 'no DNS answer',
  'http-error': 'HTTP error', 'tls-error': 'TLS error', hang: 'hangs', intermittent: 'intermittent',
};

/** `✓ delivered`, `✗ refused`, `… timed out`. */
export function verdictSpan(verdict: Verdict, marks: Marks): Span {
  const mark = verdict === 'delivered' ? marks.good : verdict === 'timeout' || verdict === 'hang' ? marks.wait : marks.bad;
  return { text: `${mark} ${verdictWords[verdict]}`, role: verdict === 'delivered' ? 'good' : 'bad' };
}

/** A choice of a prediction in words: verdicts and layers are said as the screen says them. */
export const choiceWords = (choice: string): string => (Object.hasOwn(verdictWords, choice) ? verdictWords[choice as Verdict] : choice);

export const holdsMark = (holds: boolean | null, marks: Marks): Span =>
  holds === null ? { text: marks.dot, role: 'dim' } : holds ? { text: marks.good, role: 'good' } : { text: marks.bad, role: 'bad' };

export const stageWords: Readonly<Record<Stage, string>> = {
  lookup: 'name', outside: 'outside', 'load-balancer': 'load balancer', loopback: 'loopback', node: 'node', 'kube-proxy': 'kube-proxy', 'egress-policy': 'egress policy',
  route: 'route', masquerade: 'masquerade', underlay: 'underlay', 'ingress-policy': 'ingress policy', edge: 'edge', arrival: 'arrival',
};

/** `web-6d4cf` … without the namespace: rows are short. */
export const placeName = (place: Place): string => place.name;

const socket = (end: { readonly ip: string; readonly port: number | null }): string => `${end.ip.includes(':') ? `[${end.ip}]` : end.ip}${end.port === null ? '' : `:${end.port}`}`;

/** `10.244.1.7:41952 → 10.96.42.7:8080  TCP`. */
export const packetText = (packet: Hop['packet'], marks: Marks): string => `${socket(packet.source)} ${marks.to} ${socket(packet.destination)}  ${packet.protocol}`;

/** What a hop did, in a few words. */
export function hopWords(hop: Hop, marks: Marks): string {
  const { packet, after } = hop;
  switch (hop.action) {
    case 'resolve': return hop.says;
    case 'dnat': return `${socket(packet.destination)} ${marks.to} ${socket(after.destination)}`;
    case 'snat': return `source ${socket(packet.source)} ${marks.to} ${socket(after.source)}`;
    // A policy that lets pass, and one that nobody enforces, are told apart by the sentence alone.
    case 'allow': return hop.says;
    case 'drop': return `${stageWords[hop.stage]} drops it`;
    case 'reject': return `${socket(packet.destination)} rejected`;
    case 'deliver': return `delivered to ${socket(after.destination)}`;
    case 'answer': return `${socket(after.destination)} answers`;
    case 'lose': return `${socket(packet.destination)} lost`;
    case 'forward': return hop.says;
  }
}

const oneToOne: Readonly<Record<string, string>> = {
  '→': '>', '←': '<', '▸': '>', '▾': 'v', '·': '.', '…': '~', '✓': 'v', '✗': 'x', '│': '|', '─': '-', '┌': '+', '┐': '+', '└': '+', '┘': '+', '├': '+', '┤': '+', '┬': '+', '┴': '+', '┼': '+',
  '═': '=', '╌': '-', '╎': ':', '▶': '>', '◀': '<', '╲': '\\', '•': '*', '●': '*', '○': 'o', '█': '#', '░': '.', '▯': '?', '−': '-', '–': '-', '—': '-', '“': '"', '”': '"', '‘': "'", '’': "'",
};

/** Signs of our own as ASCII, cell for cell; what people wrote in their languages stays. */
export const asciiText = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : text.replace(/[^\x20-\x7e]/gu, (sign) => oneToOne[sign] ?? sign));
