// Text in columns, as kubectl prints tables (get) and fields (describe).

/** Width of a text in a terminal without the cost of a table of wide characters: Kubernetes' own names are ASCII. */
const width = (text: string): number => [...text].length;

/**
 * kubectl's table: upper-case headings, three spaces between columns, every cell padded to its column's width and three more, except the last one.
 * (k8s.io/cli-runtime/pkg/printers: tabwriter with minwidth 6, width 4, padding 3.)
 */
export function table(headings: readonly string[] | null, rows: readonly (readonly string[])[]): string {
  const lines = headings === null ? rows : [headings, ...rows];
  return aligned(lines, 6, 3);
}

/** Cells in columns; a column's width is that of its widest cell and the padding, at least `minimum`. The last cell of a line is not padded. */
export function aligned(lines: readonly (readonly string[])[], minimum: number, padding: number): string {
  const widths: number[] = [];
  for (const line of lines) {
    line.forEach((cell, column) => {
      if (column < line.length - 1) widths[column] = Math.max(widths[column] ?? minimum, width(cell) + padding);
    });
  }
  return lines.map((line) => `${line.map((cell, column) => (column < line.length - 1 ? cell + ' '.repeat((widths[column] ?? 0) - width(cell)) : cell)).join('')}\n`).join('');
}

/**
 * What kubectl's describers write through Go's tabwriter (minwidth 0, tab width 8, padding 2): cells end with a tab, a column is a run of neighbouring lines
 * that have that cell, its width the widest of them and two. Cells after the last tab of a line belong to no column.
 */
export function tabbed(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const out = lines.map(() => '');
  formatColumns(lines, out, 0, lines.length, 0);
  return out.join('\n');
}

function formatColumns(lines: readonly (readonly string[])[], out: string[], from: number, to: number, column: number): void {
  for (let index = from; index < to;) {
    const line = lines[index] ?? [];
    if (column >= line.length - 1) {
      out[index] = `${out[index] ?? ''}${line[column] ?? ''}`;
      index += 1;
      continue;
    }
    let end = index;
    let widest = 0;
    while (end < to && column < (lines[end]?.length ?? 0) - 1) {
      const cell = lines[end]?.[column] ?? '';
      widest = Math.max(widest, width(cell));
      end += 1;
    }
    // A column of empty cells takes no room (tabwriter's DiscardEmptyColumns is off: kubectl keeps the padding).
    for (let row = index; row < end; row++) {
      const cell = lines[row]?.[column] ?? '';
      out[row] = `${out[row] ?? ''}${cell}${' '.repeat(widest + 2 - width(cell))}`;
    }
    formatColumns(lines, out, index, end, column + 1);
    index = end;
  }
}

