// CoreDNS' configuration: server blocks with their zones, and in each the directives.
import type { Problem } from '../model/problem.ts';
import type { Result } from '../base/result.ts';
import { fail, succeed } from '../base/result.ts';
import { onOneLine, tokensOf } from './corefile-tokens.ts';
import type { Token } from './corefile-tokens.ts';
import { directives as known } from './directives.ts';
import { isAskable } from './names.ts';
import { zonesOf } from './zones.ts';
export { kubeadmCorefile } from './kubeadm-corefile.ts';

/** A line of a server block, with the lines of its own braces. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[];
  /** From 1. */
  readonly line: number;
  /** Where its braces close, or the same line. */
  readonly end: number;
}

export interface ServerZone {
  /** Absolute, lower case; a CIDR is already its reverse zones. */
  readonly zone: string;
  readonly port: number;
  readonly scheme: 'dns' | 'tls' | 'quic' | 'grpc' | 'https' | 'https3';
}

export interface ServerBlock {
  readonly zones: readonly ServerZone[];
  readonly directives: readonly Directive[];
  readonly line: number;
}

export interface Corefile {
  readonly blocks: readonly ServerBlock[];
  /** Patterns of files that were to be imported, of which there are none. */
  readonly imports: readonly { readonly pattern: string; readonly line: number }[];
}

const defaultPorts = { dns: 53, tls: 853, quic: 853, grpc: 443, https: 443, https3: 443 } as const;
/** More is no configuration but an attack on the reader. */
const longestCorefile = 1_000_000;
const deepestBlock = 8;
const mostImports = 10_000;

/**
 * Reads the form of a Corefile as CoreDNS does (github.com/coredns/caddy, caddyfile/parse.go). Fails with the problems found, in CoreDNS' words.
 * What each directive means is checked in check-corefile.ts.
 */
export function parseCorefile(text: string, file = 'Corefile'): Result<Corefile, Problem> {
  const problems: Problem[] = [];
  const wrongZones: Problem[] = [];
  const complain = (line: number, says: string, code = 'corefile-syntax', kind = ' - Error during parsing'): void => {
    problems.push({ code, severity: 'error', says: `${file}:${line}${kind}: ${says}`, where: { file, line, column: null, object: null, field: null }, help: null });
  };
  if (text.length > longestCorefile) {
    complain(1, 'the file is too long');
    return fail(...problems);
  }
  let tokens: readonly Token[] = tokensOf(text.replace(/\r/g, ''));
  const snippets = new Map<string, readonly Token[]>();
  const imports: { pattern: string; line: number }[] = [];
  const blocks: ServerBlock[] = [];
  let at = 0;
  let imported = 0;
  let broken = false;

  // What follows cannot be told apart, so the reading ends.
  const stop = (line: number, says: string, kind?: string): void => {
    if (!broken) complain(line, says, 'corefile-syntax', kind);
    broken = true;
    at = tokens.length;
  };
  const startsLine = (index: number): boolean => !onOneLine(tokens[index - 1], tokens[index]);
  /** The last token read, or where the text ends. */
  const last = (): Token => tokens[Math.min(at, tokens.length - 1)] ?? { text: '', line: 1, source: 0 };

  /** Puts in place of `import NAME` what it stands for. */
  const doImport = (): void => {
    const [word, name, more] = [tokens[at], tokens[at + 1], tokens[at + 2]];
    if (word === undefined || name === undefined || !onOneLine(word, name)) return stop(word?.line ?? 1, "Wrong argument count or unexpected line ending after 'import'");
    if (name.text === '') return stop(name.line, 'Import requires a non-empty filepath');
    if (onOneLine(name, more)) return stop(more?.line ?? name.line, 'Import takes only one argument (glob pattern or file)');
    imported += 1;
    const snippet = snippets.get(name.text);
    if (snippet === undefined && !/[*?[\]]/.test(name.text)) return stop(name.line, `File to import not found: ${name.text}`);
    if (snippet === undefined) imports.push({ pattern: name.text, line: name.line });
    if (imported > mostImports) return stop(name.line, `maximum snippet import depth (${mostImports}) exceeded`);
    tokens = [...tokens.slice(0, at), ...(snippet ?? []).map((token) => ({ ...token, source: token.source * (mostImports + 1) + imported })), ...tokens.slice(at + 2)];
  };

  /** The lines up to the brace that closes them, or of one line when `single`. */
  const readLines = (depth: number, single: boolean): readonly Directive[] => {
    const found: Directive[] = [];
    while (at < tokens.length) {
      const token = last();
      if (token.text === '}') break;
      if (token.text === 'import' && startsLine(at)) {
        doImport();
        continue;
      }
      at += 1;
      const args: string[] = [];
      let block: readonly Directive[] = [];
      for (let next = tokens[at]; next !== undefined && onOneLine(tokens[at - 1], next); next = tokens[at]) {
        if (next.text === '}' && depth > 0) break;
        at += 1;
        if (next.text === '}') stop(next.line, "Unexpected '}' because no matching opening brace");
        else if (next.text !== '{') args.push(next.text);
        else if (depth >= deepestBlock) stop(next.line, 'blocks are nested too deeply');
        else {
          block = readLines(depth + 1, false);
          if (tokens[at]?.text !== '}') stop(tokens.at(-1)?.line ?? 1, 'Unexpected EOF');
          at += 1;
        }
      }
      found.push({ name: token.text, args, block, line: token.line, end: tokens[at - 1]?.line ?? token.line });
      if (single) break;
    }
    return found;
  };

  /** The zones before the braces: a comma promises another one, also on the next line. */
  const readKeys = (): readonly string[] => {
    const keys: string[] = [];
    let expecting = false;
    while (at < tokens.length) {
      const token = last();
      if (token.text === 'import' && startsLine(at)) {
        doImport();
        continue;
      }
      if (token.text === '{') {
        if (expecting) stop(token.line, "Expected another address but had '{' - check for extra comma");
        break;
      }
      if (token.text !== '') {
        expecting = token.text.endsWith(',');
        keys.push(expecting ? token.text.slice(0, -1) : token.text);
      }
      at += 1;
      if (at >= tokens.length && expecting) stop(token.line, 'Unexpected EOF');
      if (!expecting && startsLine(at)) break;
    }
    return keys;
  };

  const readSnippet = (name: string): void => {
    if (snippets.has(name)) stop(last().line, `redeclaration of previously declared snippet ${name}`);
    if (tokens[at]?.text !== '{') stop(last().line, `Unexpected token '${last().text}', expecting '{'`, ' - Syntax error');
    const begins = at + 1;
    let open = 1;
    for (at = begins; at < tokens.length; at++) {
      const { text } = last();
      open += text === '{' ? 1 : text === '}' ? -1 : 0;
      if (open === 0) break;
    }
    if (open > 0) stop(last().line, `Unexpected token '${last().text}', expecting '}'`, ' - Syntax error');
    const body = tokens.slice(begins, at);
    if (body.some((token, index) => token.text === 'import' && body[index + 1]?.text === name)) stop(last().line, `maximum snippet import depth (${mostImports}) exceeded`);
    snippets.set(name, body);
    at += 1;
  };

  const readBlock = (): void => {
    const { line } = last();
    const keys = readKeys();
    const [only = ''] = keys;
    if (keys.length === 1 && /^\(.*\)$/.test(only)) return readSnippet(only.slice(1, -1));
    const braces = tokens[at]?.text === '{';
    if (braces) at += 1;
    const directives: Directive[] = [];
    while (at < tokens.length && last().text !== '}') {
      const [directive] = readLines(0, true);
      if (directive === undefined) break;
      if (known.some((name) => name === directive.name)) directives.push(directive);
      else complain(directive.line, `Unknown directive '${directive.name}'`, 'corefile-unknown-directive');
    }
    // A brace too few is not noticed when another one closed last.
    if (braces && last().text !== '}') stop(last().line, `Unexpected token '${last().text}', expecting '}'`, ' - Syntax error');
    at += 1;
    if (keys.length > 0) blocks.push({ zones: keys.flatMap((key) => serverZones(key, wrongZones, file, line)), directives, line });
  };

  while (at < tokens.length) readBlock();
  // The zones are looked at when the whole file was read.
  problems.push(...wrongZones);
  return problems.length > 0 ? fail(...problems) : succeed({ blocks, imports });
}

/** `dns://cluster.local:1053` in its parts (plugin/normalize.go, `SplitHostPort`). */
function serverZones(key: string, problems: Problem[], file: string, line: number): readonly ServerZone[] {
  const refuse = (says: string, stage = 'error inspecting server blocks: '): readonly ServerZone[] => {
    problems.push({ code: 'corefile-zone', severity: 'error', says: `${stage}${says}`, where: { file, line, column: null, object: null, field: null }, help: null });
    return [];
  };
  const [, scheme, rest = ''] = /^(?:(dns|tls|quic|grpc|https|https3):\/\/)?(.*)$/s.exec(key) ?? [];
  const transport = scheme === 'tls' || scheme === 'quic' || scheme === 'grpc' || scheme === 'https' || scheme === 'https3' ? scheme : 'dns';
  if (rest.endsWith(':')) return refuse(`expecting data after last colon: "${rest}"`);
  // A range has its mask before the port, so that its own colons are none of a port.
  const [, host = '', digits] = /^(.*?)(?::(\d+))?$/s.exec(rest) ?? [];
  const zones = zonesOf(host === '' ? '.' : host);
  if (host.length > 255) return refuse(`specified zone is too long: ${host.length} > 255`);
  if (zones.length === 0 || !zones.every(isAskable)) return refuse(`zone is not a valid domain name: ${host}`);
  const port = digits === undefined ? defaultPorts[transport] : Number(digits);
  if (port > 65_535) return refuse(`address ${port}: invalid port`, '');
  return zones.map((zone) => ({ zone, port, scheme: transport }));
}
