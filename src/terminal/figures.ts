// Figures as blessed-contrib's widgets, each imported by itself: the whole package would cost a tenth of a second at the start.
import type { Widgets } from 'blessed';
import Line from 'blessed-contrib/lib/widget/charts/line.js';
import Gauge from 'blessed-contrib/lib/widget/gauge.js';
import Table from 'blessed-contrib/lib/widget/table.js';
import Tree from 'blessed-contrib/lib/widget/tree.js';
import type { Box, Figure, FigureTree } from '../view/frame.ts';
import type { BlessedScreen } from './blessed-screen.ts';
import { visible } from './paint.ts';

/** Of the terminal's own sixteen: to be told apart on dark and on light. */
const seriesColours: readonly string[] = ['red', 'green', 'magenta', 'yellow'];

interface TreeData {
  readonly name: string;
  readonly extended: boolean;
  readonly children: Readonly<Record<string, TreeData>>;
}

function treeData(tree: FigureTree): TreeData {
  return { name: visible(tree.name), extended: true, children: Object.fromEntries(tree.children.map((child, index) => [`${index} ${child.name}`, treeData(child)])) };
}

/** Puts the widget for a figure inside the box, within its border. */
export function paintFigure(screen: BlessedScreen, box: Box, figure: Figure): Widgets.BlessedElement {
  const inset = box.border ? 1 : 0;
  const place = { screen, left: box.x + inset, top: box.y + inset, width: box.width - 2 * inset, height: box.height - 2 * inset };
  switch (figure.kind) {
    case 'chart': {
      // Wide numbers at the axis, whole ones: it counts things.
      const line = new Line({ ...place, showLegend: true, legend: { width: 12 }, wholeNumbersOnly: true, xPadding: 12, style: { text: 'cyan', baseline: 'cyan', line: 'cyan' } });
      // Its canvas is made when it is put on the screen, not before.
      screen.append(line);
      line.setData(figure.series.map((series, index) => ({ title: visible(series.name), x: figure.x.map(visible), y: [...series.y], style: { line: seriesColours[index % seriesColours.length] } })));
      return line;
    }
    case 'gauge': {
      const gauge = new Gauge({ ...place, label: visible(figure.label) });
      screen.append(gauge);
      gauge.setPercent(figure.percent);
      return gauge;
    }
    case 'table': {
      const widths = figure.headers.map((header, column) => Math.max(header.length, ...figure.rows.map((row) => (row[column] ?? '').length)) + 1);
      const table = new Table({ ...place, keys: false, interactive: false, columnSpacing: 1, columnWidth: widths });
      screen.append(table);
      table.setData({ headers: figure.headers.map(visible), data: figure.rows.map((row) => row.map(visible)) });
      return table;
    }
    case 'tree': {
      const tree = new Tree({ ...place, template: { lines: true } });
      screen.append(tree);
      tree.setData(treeData(figure.root));
      return tree;
    }
  }
}
