// What the YAML parser says, in words that help: its obscure messages get a reason and a repair of their own.

export interface Hint {
  readonly says: string;
  readonly help: string | null;
  readonly offset: number;
}

/** The parser's error as a sentence, the likely cause and the place where a person would look. */
export function hintFor(code: string, message: string, text: string, offset: number): Hint {
  const lineStart = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const lineEnd = text.indexOf('\n', lineStart) === -1 ? text.length : text.indexOf('\n', lineStart);
  const line = text.slice(lineStart, lineEnd);
  const tab = /^ *\t/.exec(line);
  if (tab !== null || code === 'TAB_AS_INDENT') {
    return { says: 'yaml: found character that cannot start any token', help: 'This line is indented with a tab. YAML is indented with spaces.', offset: tab === null ? offset : lineStart + tab[0].length - 1 };
  }
  switch (code) {
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MISSING_CHAR': {
      const noColon = lineWithoutColon(text, lineStart);
      if (noColon !== undefined) return { says: "yaml: could not find expected ':'", help: `This line has no colon after its key: ${JSON.stringify(noColon.text)}. Write "key: value", with a space after the colon.`, offset: noColon.offset };
      return { says: `yaml: ${sentence(message)}`, help: 'Look for a missing quote, comma or bracket on this line or the one before.', offset };
    }
    case 'BAD_INDENT': return { says: `yaml: ${sentence(message)}`, help: 'Fields of one object start in the same column; a list under a field starts at the field or further right.', offset };
    case 'BLOCK_AS_IMPLICIT_KEY': return { says: 'yaml: mapping values are not allowed in this context', help: 'A line has one "key: value". A value that contains ": " needs quotes; a nested field goes on a line of its own.', offset };
    case 'BLOCK_IN_FLOW': return { says: `yaml: ${sentence(message)}`, help: 'A bracket or brace is not closed before this line.', offset };
    case 'UNEXPECTED_TOKEN': return { says: `yaml: ${sentence(message)}`, help: 'Look at the indentation of this line, and for quotes or brackets that are not closed above it.', offset };
    case 'BAD_SCALAR_START': return { says: `yaml: ${sentence(message)}`, help: 'A text that starts with this character needs quotes.', offset };
    default: return { says: `yaml: ${sentence(message)}`, help: null, offset };
  }
}

// The parser marks where the key that it could not close begins or ends; the line to blame is there or just above.
function lineWithoutColon(text: string, lineStart: number): { readonly text: string; readonly offset: number } | undefined {
  for (let start = lineStart, tries = 0; start >= 0 && tries < 3; tries++) {
    const end = text.indexOf('\n', start) === -1 ? text.length : text.indexOf('\n', start);
    const line = text.slice(start, end);
    const bare = line.replace(/#.*/, '').trim();
    if (bare !== '' && !/:(\s|$)/.test(bare) && !bare.startsWith('---') && !/^- /.test(bare) && !/["'[\]{}]/.test(bare)) {
      return { text: bare.slice(0, 60), offset: start + line.length - line.trimStart().length };
    }
    if (start === 0) return undefined;
    start = text.lastIndexOf('\n', start - 2) + 1;
  }
  return undefined;
}

// Of the parser's own message the first sentence, without its place and in lower case.
function sentence(message: string): string {
  const first = message.split(/ at line \d|\n/)[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}
