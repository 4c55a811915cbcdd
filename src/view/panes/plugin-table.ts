// The plugins side by side in this very cluster: who enforces policies, what carries packets between nodes and what it takes of them, which addresses pods get.
import type { Desk, PluginFacts } from '../../app/state.ts';
import type { Line } from '../frame.ts';
import { cutLine, span, wrapLine } from '../span.ts';
import { fitText, widthOf } from '../width.ts';
import type { Marks } from '../words.ts';

const between = ({ encapsulation }: PluginFacts): string => (encapsulation === null ? 'routed as they are' : `${encapsulation.name} ${encapsulation.protocol}${encapsulation.port === null ? '' : ` ${encapsulation.port}`}`);

const policies = ({ enforces }: PluginFacts): string => (enforces.length === 0 ? 'enforces none' : `${enforces[0] ?? ''}${enforces.length > 1 ? ` and ${enforces.length - 1} more` : ''}`);

interface Fact {
  readonly name: string;
  readonly of: (plugin: PluginFacts) => string;
}

const facts: readonly Fact[] = [
  { name: 'mode', of: ({ mode }) => mode },
  { name: 'packets', of: between },
  { name: 'overhead', of: ({ encapsulation }) => (encapsulation === null ? 'none' : `${encapsulation.overhead} bytes`) },
  { name: 'MTU', of: ({ mtu }) => String(mtu) },
  { name: 'policies', of: policies },
  { name: 'denied', of: ({ enforces, denied }) => (enforces.length === 0 ? 'nothing' : denied === 'drop' ? 'silence: a timeout' : 'answered: refused') },
  { name: 'Services', of: ({ services }) => services ?? 'found by nobody' },
  { name: 'ranges', of: ({ ranges }) => (ranges.length === 0 ? '(none)' : `${ranges[0] ?? ''}${ranges.length > 1 ? ` and ${ranges.length - 1} more` : ''}`) },
  { name: 'a pod', of: ({ pod }) => pod?.address ?? '(none)' },
];

const label = 10;
const narrowest = 13;

export function pluginTable(desk: Desk, width: number, marks: Marks, plain: boolean): readonly Line[] {
  const { plugins } = desk.network;
  if (plugins === null) return [[span(' Not worked out yet.', 'dim')]];
  const cell = Math.floor((width - label) / plugins.length);
  const head = wrapLine([span(' The same cluster under each plugin', 'heading'), span(', with its defaults and every pod made anew.', 'dim'), ...(plain ? [] : [span(' What differs from now is bright.', 'dim'), span('   p', 'key'), span(' switches', 'dim')])], width, ' ');
  return [...head, [], ...(cell >= narrowest ? asTable(plugins, cell, width, marks) : asList(plugins, width, marks))];
}

const nowOf = (plugins: readonly PluginFacts[]): PluginFacts | undefined => plugins.find(({ now }) => now);

function asTable(plugins: readonly PluginFacts[], cell: number, width: number, marks: Marks): readonly Line[] {
  const now = nowOf(plugins);
  const names: Line = [span(' '.repeat(label)), ...plugins.map((plugin) => span(fitText(`${plugin.now ? `${marks.point} ` : ''}${plugin.name}`, cell - 1) + ' ', plugin.now ? 'accent' : 'title'))];
  const rows = facts.flatMap(({ name, of }): Line[] => {
    // Long values are broken inside their column.
    const columns = plugins.map((plugin) => wrapLine([span(of(plugin), now !== undefined && of(plugin) !== of(now) ? 'strong' : plugin.now ? 'text' : 'dim')], cell - 1));
    return Array.from({ length: Math.max(...columns.map(({ length }) => length)) }, (_, row): Line => [
      span((row === 0 ? ` ${name}` : '').padEnd(label), 'accent'),
      ...columns.flatMap((lines): Line => { const one = lines[row] ?? []; return [...one, span(' '.repeat(Math.max(cell - one.reduce((sum, { text }) => sum + widthOf(text), 0), 0)))]; }),
    ]);
  });
  return [names, ...rows].map((row) => cutLine(row, width));
}

/** Two or three rows each: the values that differ from now bright. */
function asList(plugins: readonly PluginFacts[], width: number, marks: Marks): readonly Line[] {
  const now = nowOf(plugins);
  return plugins.flatMap((plugin): Line[] => {
    const part = (of: (one: PluginFacts) => string): Line => [span(of(plugin), now !== undefined && of(plugin) !== of(now) ? 'strong' : 'text')];
    const comma = span(', ', 'dim');
    return [
      ...wrapLine([span(plugin.now ? ` ${marks.point} ` : '   ', 'accent'), span(`${plugin.name} `, plugin.now ? 'accent' : 'title'), ...part(({ mode }) => mode), span('  '), ...part(between), comma, ...part(({ mtu }) => `MTU ${mtu}`)], width, '     '),
      ...wrapLine([span('     '), ...part(policies), comma, ...part(({ services }) => services ?? 'Services found by nobody'), comma, ...part(({ pod }) => `a pod ${pod?.address ?? 'without address'}`)], width, '     '),
    ];
  });
}
