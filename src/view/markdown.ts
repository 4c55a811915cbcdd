// Markdown as lines: headings, lists, tasks, tables, code, quotes, links, emphasis. Everything else is text, and none of it is obeyed.
import { lexer } from 'marked';
import type { Token, Tokens } from 'marked';
import type { Line, Role, Span } from './frame.ts';
import { clean, cutLine, lineWidth, padLine, span, wrapLine } from './span.ts';
import { widthOf } from './width.ts';

/** The lines last made: a pane draws the same text at the same width from frame to frame. */
const made = new Map<string, readonly Line[]>();
const mostKept = 64;

export function markdownLines(text: string, width: number): readonly Line[] {
  const key = `${width}\n${text}`;
  const kept = made.get(key);
  if (kept !== undefined) return kept;
  const lines = trimmed(blocks(lexer(text), Math.max(width, 8)));
  if (made.size >= mostKept) made.clear();
  made.set(key, lines);
  return lines;
}

/** No empty lines at the ends. */
function trimmed(lines: readonly Line[]): readonly Line[] {
  let from = 0;
  let to = lines.length;
  while (from < to && (lines[from]?.length ?? 0) === 0) from++;
  while (to > from && (lines[to - 1]?.length ?? 0) === 0) to--;
  return lines.slice(from, to);
}

function blocks(tokens: readonly Token[], width: number): Line[] {
  return tokens.flatMap((token) => block(token, width));
}

// The lexer's union has an open member, so each case names the token it means.
function block(token: Token, width: number): Line[] {
  switch (token.type) {
    case 'space': return [];
    case 'heading': return [...wrapLine(inline((token as Tokens.Heading).tokens, 'heading'), width), []];
    case 'paragraph': return [...wrapped(inline((token as Tokens.Paragraph).tokens, 'text'), width), []];
    case 'text': return wrapped('tokens' in token && token.tokens !== undefined ? inline(token.tokens, 'text') : [said(token.raw, 'text')], width);
    case 'list': return [...list(token as Tokens.List, width), []];
    case 'code': return [...(token as Tokens.Code).text.split('\n').map((row): Line => cutLine([span('  '), span(row, 'code')], width)), []];
    case 'blockquote': return [...trimmed(blocks((token as Tokens.Blockquote).tokens, width - 2)).map((row): Line => [span('│ ', 'dim'), ...row]), []];
    case 'table': return [...table(token as Tokens.Table, width), []];
    case 'hr': return [[span('─'.repeat(Math.min(width, 20)), 'dim')], []];
    case 'def': return [];
    default: return [...wrapped([said(token.raw.trim(), 'text')], width), []];
  }
}

function list(token: Tokens.List, width: number): Line[] {
  const first = typeof token.start === 'number' ? token.start : 1;
  return token.items.flatMap((item, index) => {
    const mark = item.task ? (item.checked === true ? '[x] ' : '[ ] ') : token.ordered ? `${first + index}. ` : '• ';
    // The lexer puts a checkbox among the item's tokens: the mark stands for it.
    const inside = trimmed(blocks(item.tokens.filter(({ type }) => type !== 'checkbox'), width - mark.length));
    return inside.map((row, at): Line => [span(at === 0 ? mark : ' '.repeat(mark.length), 'accent'), ...row]);
  });
}

function table(token: Tokens.Table, width: number): Line[] {
  const cells = [token.header, ...token.rows].map((row) => row.map((cell) => inline(cell.tokens, 'text')));
  const count = token.header.length;
  const sizes = Array.from({ length: count }, (_, column) => Math.max(...cells.map((row) => lineWidth(row[column] ?? [])), 1));
  const room = width - 2 * (count - 1);
  // The widest column gives way until all fit.
  for (let total = sizes.reduce((sum, size) => sum + size, 0); total > room && Math.max(...sizes) > 4; total--) {
    const widest = sizes.indexOf(Math.max(...sizes));
    sizes[widest] = (sizes[widest] ?? 1) - 1;
  }
  return cells.flatMap((row, index): Line[] => {
    const line = sizes.flatMap((size, column): Span[] => [...padLine(index === 0 ? (row[column] ?? []).map((one) => ({ ...one, role: 'strong' as const })) : (row[column] ?? []), size), ...(column < count - 1 ? [span('  ')] : [])]);
    return index === 0 ? [line, [span(sizes.map((size) => '─'.repeat(size)).join('  '), 'dim')]] : [line];
  });
}

/** Hard line breaks are kept: the spans are cut at them. */
function wrapped(spans: readonly Span[], width: number): Line[] {
  const rows: Span[][] = [[]];
  for (const one of spans) {
    if (one.text === '\n') rows.push([]);
    else rows[rows.length - 1]?.push(one);
  }
  return rows.flatMap((row) => wrapLine(row, width));
}

function inline(tokens: readonly Token[], role: Role): Span[] {
  return tokens.flatMap((token): Span[] => {
    switch (token.type) {
      case 'strong': return inline((token as Tokens.Strong).tokens, 'strong');
      case 'em': return inline((token as Tokens.Em).tokens, role === 'text' ? 'accent' : role);
      case 'del': return inline((token as Tokens.Del).tokens, 'dim');
      case 'codespan': return [said((token as Tokens.Codespan).text, 'code')];
      case 'br': return [{ text: '\n', role }];
      case 'link': {
        const { tokens: inside, href } = token as Tokens.Link;
        const label = inline(inside, 'link');
        const text = label.map((one) => one.text).join('');
        return text === clean(href) ? label : [...label, span(` (${href})`, 'dim')];
      }
      case 'image': return [said((token as Tokens.Image).text, 'dim')];
      case 'escape': return [said((token as Tokens.Escape).text, role)];
      case 'text': return 'tokens' in token && token.tokens !== undefined ? inline(token.tokens, role) : [said((token as Tokens.Text).text, role)];
      default: return [said(token.raw, role)];
    }
  });
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

const said = (text: string, role: Role): Span => span(text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity), role);

/** The widest of the lines. */
export const linesWidth = (lines: readonly Line[]): number => Math.max(0, ...lines.map((row) => row.reduce((sum, { text }) => sum + widthOf(text), 0)));
