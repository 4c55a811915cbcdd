// `$((…))`: whole numbers, variables and the signs that people use in loops.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';

export interface Sum {
  readonly value: number;
  /** What was assigned on the way. */
  readonly variables: Readonly<Record<string, string>>;
}

const signs = /^(?:\*\*|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%]=|[-+*/%()<>=!~?:,&|^])/;
/** How tight a sign binds, loosest first. */
const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<=', '>=', '<', '>'], ['<<', '>>'], ['+', '-'], ['*', '/', '%'], ['**']];

/** Works an expression out. The failure is bash's sentence, without `bash: `. */
export function arithmetic(text: string, variables: Readonly<Record<string, string>>): Result<Sum, string> {
  const tokens: string[] = [];
  for (let rest = text.trim(); rest !== ''; rest = rest.trimStart()) {
    const token = /^(?:0[xX][0-9a-fA-F]+|\d+|\$?[A-Za-z_]\w*)/.exec(rest)?.[0] ?? signs.exec(rest)?.[0];
    if (token === undefined) return fail(`${text}: syntax error: operand expected (error token is "${rest}")`);
    tokens.push(token);
    rest = rest.slice(token.length);
  }
  const set: Record<string, string> = {};
  let at = 0;
  let wrong: string | null = null;
  const complain = (says: string): number => {
    wrong ??= `${text}: ${says}`;
    at = tokens.length;
    return 0;
  };
  const isName = (token: string | undefined): token is string => token !== undefined && /^\$?[A-Za-z_]/.test(token);
  const bare = (name: string): string => name.replace(/^\$/, '');
  const read = (name: string): number => {
    const value = set[bare(name)] ?? (Object.hasOwn(variables, bare(name)) ? variables[bare(name)] : undefined) ?? '0';
    return /^-?\d+$/.test(value.trim()) ? Number(value) : 0;
  };
  const apply = (sign: string, left: number, right: number): number => {
    switch (sign) {
      case '||': return Number(left !== 0 || right !== 0);
      case '&&': return Number(left !== 0 && right !== 0);
      case '|': return left | right;
      case '^': return left ^ right;
      case '&': return left & right;
      case '==': return Number(left === right);
      case '!=': return Number(left !== right);
      case '<=': return Number(left <= right);
      case '>=': return Number(left >= right);
      case '<': return Number(left < right);
      case '>': return Number(left > right);
      case '<<': return left << right;
      case '>>': return left >> right;
      case '+': return left + right;
      case '-': return left - right;
      case '*': return left * right;
      case '**': return left ** right;
      default:
        if (right === 0) return complain(`division by 0 (error token is "${String(right)}")`);
        return sign === '/' ? Math.trunc(left / right) : left % right;
    }
  };
  const operand = (depth: number): number => {
    if (depth > 50) return complain('expression recursion level exceeded');
    const token = tokens[at++];
    if (token === '(') {
      const value = expression(depth + 1);
      return tokens[at++] === ')' ? value : complain('missing `)\'');
    }
    if (token === '-') return -operand(depth + 1);
    if (token === '+') return operand(depth + 1);
    if (token === '!') return Number(operand(depth + 1) === 0);
    if (token === '~') return ~operand(depth + 1);
    if ((token === '++' || token === '--') && isName(tokens[at])) {
      const name = bare(tokens[at++] ?? '');
      const value = read(name) + (token === '++' ? 1 : -1);
      set[name] = String(value);
      return value;
    }
    if (isName(token)) {
      const next = tokens[at];
      if (next === '++' || next === '--') {
        at += 1;
        const value = read(token);
        set[bare(token)] = String(value + (next === '++' ? 1 : -1));
        return value;
      }
      if (next === '=' || (next !== undefined && /^[-+*/%]=$/.test(next))) {
        at += 1;
        const right = expression(depth + 1);
        const value = next === '=' ? right : apply(next.charAt(0), read(token), right);
        set[bare(token)] = String(value);
        return value;
      }
      return read(token);
    }
    return token !== undefined && /^\d/.test(token) ? Number(token) : complain('syntax error: operand expected (error token is "' + (token ?? '') + '")');
  };
  const level = (index: number, depth: number): number => {
    const wanted = levels[index];
    if (wanted === undefined) return operand(depth);
    let left = level(index + 1, depth);
    for (let sign = tokens[at]; sign !== undefined && wanted.includes(sign); sign = tokens[at]) {
      at += 1;
      left = apply(sign, left, level(index + 1, depth));
    }
    return left;
  };
  const expression = (depth: number): number => {
    let value = level(0, depth);
    if (tokens[at] === '?') {
      at += 1;
      const [yes, colon, no] = [expression(depth + 1), tokens[at++], expression(depth + 1)];
      if (colon !== ':') return complain('`:\' expected for conditional expression');
      value = value === 0 ? no : yes;
    }
    if (tokens[at] === ',') {
      at += 1;
      return expression(depth + 1);
    }
    return value;
  };
  const value = tokens.length === 0 ? 0 : expression(0);
  if (wrong === null && at < tokens.length) complain(`syntax error in expression (error token is "${tokens.slice(at).join(' ')}")`);
  return wrong === null ? succeed({ value, variables: set }) : fail(wrong);
}
