// The page of the keys, made from the key table: docs/keys.md is this text, and a test holds it.
import { commands } from '../app/commands.ts';
import { keyTable } from './key-table.ts';
import { keyLabel, placeTitles } from './key.ts';
import type { KeyPlace } from './key.ts';

const order: readonly KeyPlace[] = ['always', 'panes', 'question', 'story', 'intents', 'layers', 'dns', 'policy', 'service', 'network', 'terminal', 'editor', 'map', 'overlay'];

const cell = (text: string): string => text.replace(/\|/g, '\\|');

/** Markdown, ending with a line break. */
export function keysPage(): string {
  const parts = order.map((place) => {
    const rows = keyTable.filter((row) => row.place === place).map((row) => `| ${row.keys.map((key) => `\`${keyLabel(key)}\``).join(' ')} | ${cell(row.says)} |`);
    return `## ${placeTitles[place]}\n\n| key | what it does |\n| --- | --- |\n${rows.join('\n')}\n`;
  });
  const lines = commands.map((command) => `| \`:${command.name}${command.takes === '' ? '' : ` ${command.takes}`}\` | ${cell(command.says)} |`);
  return [
    '# Keys and commands\n', 'Made from the key table in `src/view/key-table.ts` and the command list in `src/app/commands.ts`: change it there. In the lab `?` shows the same list, searches it and executes.\n',
    'Terminal and Editor take every key but those under "Everywhere". The other panes share the keys under "Every pane but Terminal and Editor"; a pane\'s own keys come first.\n',
    ...parts, `## Commands\n\nAfter \`:\`, or with \`--plain\` as a line of their own. A name may be cut short while it is clear.\n\n| command | what it does |\n| --- | --- |\n${lines.join('\n')}\n`,
  ].join('\n');
}
