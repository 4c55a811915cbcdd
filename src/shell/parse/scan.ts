// What holds together in a line although blanks, quotes and brackets stand in it: quoted texts and substitutions.

/** Where a thing ends: the index behind it; `open` is the sign that would have closed it. */
export type End = { readonly at: number } | { readonly open: string };

const deepest = 100;

const unclosed = (end: End): end is { readonly open: string } => 'open' in end;

/**
 * The end of what begins at `from` and holds together: `\x`, a quoted text, `$(…)`, `$((…))`, `${…}`, a backquoted command.
 * A plain character ends behind itself. `inDouble`: between double quotes, where an apostrophe is a plain character.
 */
export function endOf(text: string, from: number, inDouble = false, depth = 0): End {
  if (depth > deepest) return { open: ')' };
  const char = text.charAt(from);
  if (char === '\\') return { at: Math.min(from + 2, text.length) };
  if (char === "'" && !inDouble) {
    const at = text.indexOf("'", from + 1);
    return at < 0 ? { open: "'" } : { at: at + 1 };
  }
  if (char === '"' && !inDouble) {
    for (let index = from + 1; index < text.length;) {
      if (text.charAt(index) === '"') return { at: index + 1 };
      const end = endOf(text, index, true, depth + 1);
      if (unclosed(end)) return end;
      index = end.at;
    }
    return { open: '"' };
  }
  if (char === '`') {
    for (let index = from + 1; index < text.length; index++) {
      if (text.charAt(index) === '\\') index += 1;
      else if (text.charAt(index) === '`') return { at: index + 1 };
    }
    return { open: '`' };
  }
  if (char === '$' && !inDouble && text.charAt(from + 1) === "'") return endOfAnsi(text, from + 2);
  if (char === '$' && (text.charAt(from + 1) === '(' || text.charAt(from + 1) === '{')) return bracketed(text, from + 1, depth + 1);
  return { at: from + 1 };
}

/** `$'…'`: a backslash keeps the quote. */
function endOfAnsi(text: string, from: number): End {
  for (let index = from; index < text.length; index++) {
    if (text.charAt(index) === '\\') index += 1;
    else if (text.charAt(index) === "'") return { at: index + 1 };
  }
  return { open: "'" };
}

/** From an opening bracket to behind the one that closes it. */
export function bracketed(text: string, from: number, depth = 0): End {
  const opening = text.charAt(from);
  const closing = opening === '(' ? ')' : '}';
  let inner = 0;
  for (let index = from; index < text.length;) {
    const char = text.charAt(index);
    if (char === opening) inner += 1;
    else if (char === closing) {
      inner -= 1;
      if (inner === 0) return { at: index + 1 };
    } else {
      const end = endOf(text, index, false, depth + 1);
      if (unclosed(end)) return end;
      index = end.at;
      continue;
    }
    index += 1;
  }
  return { open: closing };
}
