// Cuts a typed line into its commands: `;`, `&&`, `||`, pipes, here-documents and the few redirections that the lab has. Words are left to arguments.ts.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';

/** One command of a pipeline, as it was written, without its redirections. */
export interface Stage {
  readonly text: string;
  /** `null`: what the stage before prints. A here-document whose delimiter was quoted is not expanded. */
  readonly input: { readonly kind: 'here'; readonly text: string; readonly expand: boolean } | { readonly kind: 'file'; readonly path: string } | null;
  readonly stdout: 'keep' | 'drop' | 'err';
  readonly stderr: 'keep' | 'drop' | 'out';
}

export interface Pipeline {
  /** When it runs: always, or by the status of what ran before. */
  readonly after: ';' | '&&' | '||';
  readonly stages: readonly Stage[];
}

const limit = 65_536;

interface Building { text: string; input: Stage['input']; stdout: Stage['stdout']; stderr: Stage['stderr'] }
interface Here { readonly stage: Building; readonly delimiter: string; readonly expand: boolean; readonly tabs: boolean }

/** Reads a line (or several). The failure is one sentence in bash's or the lab's words. */
export function parseLine(line: string): Result<readonly Pipeline[], string> {
  if (line.length > limit) return fail(`bash: the line is longer than ${limit} characters`);
  const pipelines: { after: Pipeline['after']; stages: Building[] }[] = [];
  let after: Pipeline['after'] = ';';
  let stages: Building[] = [];
  let stage = empty();
  let heres: Here[] = [];
  let index = 0;

  const endStage = (operator: string): string | null => {
    if (stage.text.trim() === '' && stage.input === null) {
      if (operator === '|' || stages.length > 0 || operator === '&&' || operator === '||') return `bash: syntax error near unexpected token \`${operator === '' ? 'newline' : operator}'`;
      stage = empty();
      return null;
    }
    stages.push(stage);
    stage = empty();
    if (operator !== '|') {
      pipelines.push({ after, stages });
      stages = [];
      after = ';';
    }
    return null;
  };

  while (index < line.length) {
    const rest = line.slice(index);
    const char = line.charAt(index);
    const quoted = /^(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*")/.exec(rest);
    if (quoted !== null) {
      // A backslash before the end of the line joins two lines.
      if (quoted[0] !== '\\\n') stage.text += quoted[0];
      index += quoted[0].length;
    } else if (char === '"' || char === "'") {
      return fail(`bash: unexpected EOF while looking for matching \`${char}'`);
    } else if (char === '`') {
      return fail('bash: the lab\'s terminal has no `…`; write $(…)');
    } else if (rest.startsWith('$((')) {
      return fail('bash: the lab\'s terminal does no arithmetic');
    } else if (rest.startsWith('$(')) {
      const end = closing(line, index + 1);
      if (end === undefined) return fail("bash: unexpected EOF while looking for matching `)'");
      stage.text += line.slice(index, end + 1);
      index = end + 1;
    } else if (char === '#' && (stage.text === '' || /\s$/.test(stage.text))) {
      const end = line.indexOf('\n', index);
      index = end < 0 ? line.length : end;
    } else if (char === '#') {
      // In the middle of a word it is a character like any other, which shell-quote does not know.
      stage.text += '\\#';
      index += 1;
    } else if (char === '\n') {
      index += 1;
      for (const here of heres) {
        const read = readHere(line, index, here);
        if (read === undefined) return fail(`bash: here-document delimited by end-of-file (wanted \`${here.delimiter}')`);
        here.stage.input = { kind: 'here', text: read.text, expand: here.expand };
        index = read.next;
      }
      heres = [];
      // After `|`, `&&` and `||` the command goes on in the next line.
      const waiting = stage.text.trim() === '' && (stages.length > 0 || after !== ';');
      const problem = waiting ? null : endStage('');
      if (problem !== null) return fail(problem);
    } else {
      const redirection = /^(?:&>>?\s*|[012]?>>?&?\s*|<<<\s*|<<-?\s*|<\s*)/.exec(rest);
      const operator = /^(?:&&|\|\||;;|\|&|[;|&()])/.exec(rest);
      const numbered = /^\d/.test(rest) && stage.text !== '' && !/\s$/.test(stage.text);
      if (redirection !== null && !numbered) {
        index += redirection[0].length;
        const word = /^(?:'[^']*'|"[^"]*"|\\[\s\S]|[^\s;|&<>()'"])+/.exec(line.slice(index))?.[0] ?? '';
        index += word.length;
        const problem = redirect(stage, redirection[0].trim(), word, heres);
        if (problem !== null) return fail(problem);
      } else if (operator !== null) {
        const sign = operator[0];
        if (sign === '&') return fail('bash: the lab\'s terminal runs nothing in the background');
        if (sign === '(' || sign === ')') return fail('bash: the lab\'s terminal has no subshells');
        if (sign === ';;' ) return fail("bash: syntax error near unexpected token `;;'");
        if (sign === '|&') stage.stderr = 'out';
        const problem = endStage(sign === '|&' ? '|' : sign);
        if (problem !== null) return fail(problem);
        if (sign === '&&' || sign === '||') after = sign;
        index += sign.length;
      } else {
        stage.text += char;
        index += 1;
      }
    }
  }
  const open = heres[0];
  if (open !== undefined) return fail(`bash: here-document delimited by end-of-file (wanted \`${open.delimiter}')`);
  if (stage.text.trim() === '' && after !== ';') return fail('bash: syntax error: unexpected end of file');
  const problem = endStage('');
  return problem === null ? succeed(pipelines) : fail(problem);
}

const empty = (): Building => ({ text: '', input: null, stdout: 'keep', stderr: 'keep' });

/** Where the parenthesis that opens at `from` closes, quotes and inner parentheses left alone. */
export function closing(text: string, from: number): number | undefined {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    const quoted = /^(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*")/.exec(text.slice(index, index + limit));
    if (quoted !== null) index += quoted[0].length - 1;
    else if (text[index] === '(') depth += 1;
    else if (text[index] === ')') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return undefined;
}

function readHere(line: string, from: number, here: Here): { readonly text: string; readonly next: number } | undefined {
  let text = '';
  let index = from;
  while (index < line.length) {
    const end = line.indexOf('\n', index);
    const raw = end < 0 ? line.slice(index) : line.slice(index, end);
    const row = here.tabs ? raw.replace(/^\t+/, '') : raw;
    index = end < 0 ? line.length : end + 1;
    if (row === here.delimiter) return { text, next: index };
    text += `${row}\n`;
  }
  return undefined;
}

function redirect(stage: Building, sign: string, word: string, heres: Here[]): string | null {
  const bare = word.replace(/^(['"])([\s\S]*)\1$/, '$2').replace(/\\([\s\S])/g, '$1');
  if (word === '') return "bash: syntax error near unexpected token `newline'";
  if (sign === '<<' || sign === '<<-') {
    heres.push({ stage, delimiter: bare, expand: bare === word, tabs: sign === '<<-' });
    return null;
  }
  if (sign === '<<<') {
    stage.input = { kind: 'here', text: `${bare}\n`, expand: !word.startsWith("'") };
    return null;
  }
  if (sign === '<') {
    stage.input = { kind: 'file', path: bare };
    return null;
  }
  if (sign === '2>&' && word === '1') stage.stderr = 'out';
  else if ((sign === '>&' || sign === '1>&') && word === '2') stage.stdout = 'err';
  else if (bare === '/dev/null' && (sign === '2>' || sign === '2>>')) stage.stderr = 'drop';
  else if (bare === '/dev/null' && ['>', '1>', '>>', '1>>'].includes(sign)) stage.stdout = 'drop';
  else if (bare === '/dev/null' && ['&>', '&>>', '>&'].includes(sign)) stage.stdout = stage.stderr = 'drop';
  else return `bash: ${bare}: the lab's terminal writes no files`;
  return null;
}
