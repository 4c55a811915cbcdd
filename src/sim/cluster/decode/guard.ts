// What is refused before a parser sees it: texts so big, or so deeply nested, that reading them would hang or abort the process.
import { Lexer } from 'yaml';

/** Characters of one file. A dump of a cluster of a few thousand objects fits. */
export const sizeLimit = 20_000_000;
/** Levels of nesting. Kubernetes' own objects have about twenty; about 900 levels of brackets abort Node 20 inside the parser. */
export const depthLimit = 100;

export interface Refusal {
  readonly code: 'too-large' | 'too-deep' | 'yaml-syntax';
  readonly says: string;
  readonly help: string;
  /** Where in the text, from 0. */
  readonly offset: number;
}

// The set that YAML does not allow: everything below a space but tab and line ends, DEL, and the C1 controls but next line.
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f]/;

/** What stands against reading this text at all, `undefined` when nothing does. */
export function guard(text: string): Refusal | undefined {
  if (text.length > sizeLimit) {
    return { code: 'too-large', says: `the file has ${text.length} characters; at most ${sizeLimit} are read`, help: 'Split it, or leave out the objects that the network does not need.', offset: 0 };
  }
  const control = unprintable.exec(text);
  if (control !== null) return { code: 'yaml-syntax', says: 'yaml: control characters are not allowed', help: 'This does not look like a text file.', offset: control.index };
  return undefined;
}

/** What stands against giving this text to the YAML parser: {@link findTooDeep}. */
export function guardDepth(text: string): Refusal | undefined {
  const deep = findTooDeep(text);
  if (deep === undefined) return undefined;
  return { code: 'too-deep', says: `nested more than ${depthLimit} levels deep`, help: 'No Kubernetes object is nested like this; look for brackets or indentation gone wrong.', offset: deep };
}

/**
 * Where nesting first passes the limit. Block levels are counted by the columns at which lines and `- ` marks start; brackets are first only counted, for no document with fewer brackets than the limit
 * can nest deeper, and read exactly (with the parser's own lexer, which does not recurse) where there are more.
 */
export function findTooDeep(text: string): number | undefined {
  let documentStart = 0;
  let brackets = 0;
  const columns: number[] = [];
  const checkBrackets = (end: number): number | undefined => (brackets > depthLimit ? deepBracket(text, documentStart, end) : undefined);
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    if (text.startsWith('---', start)) {
      const deep = checkBrackets(start);
      if (deep !== undefined) return deep;
      documentStart = start;
      brackets = 0;
      columns.length = 0;
    }
    let at = start;
    for (; at < end; at++) {
      const character = text.charCodeAt(at);
      if (character === space) continue;
      while (columns.length > 0 && (columns[columns.length - 1] ?? 0) >= at - start) columns.pop();
      columns.push(at - start);
      if (columns.length > depthLimit) return at;
      // A mark (`- `, `? `) opens a level of its own, and what follows it another.
      if (!((character === dash || character === question) && text.charCodeAt(at + 1) === space)) break;
    }
    for (; at < end; at++) {
      const character = text.charCodeAt(at);
      if (character === openList || character === openMap) brackets++;
    }
    start = end + 1;
  }
  return checkBrackets(text.length);
}

const space = 0x20, dash = 0x2d, question = 0x3f, openList = 0x5b, openMap = 0x7b;

function deepBracket(text: string, start: number, end: number): number | undefined {
  let at = start;
  let depth = 0;
  for (const token of new Lexer().lex(text.slice(start, end))) {
    // Marks that the lexer puts in between and that stand for no text: start of a document or a scalar, a bracket that never closes.
    if (token === '\u0002' || token === '\u001f' || token === '\u0018') continue;
    if (token === '[' || token === '{') {
      depth++;
      if (depth > depthLimit) return at;
    } else if (token === ']' || token === '}') depth--;
    at += token.length;
  }
  return undefined;
}
