// CoreDNS' configuration: server blocks with their zones, and in each the directives.
import type { Problem } from '../model/problem.ts';
import type { Result } from '../base/result.ts';
import { fail, succeed } from '../base/result.ts';
import { directives } from './directives.ts';
import { zonesOf } from './zones.ts';

/** A line of a server block, with the lines of its own braces. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[];
  /** From 1. */
  readonly line: number;
}

export interface ServerZone {
  /** Absolute, lower case; a CIDR is already its reverse zones. */
  readonly zone: string;
  readonly port: number;
  readonly scheme: 'dns' | 'tls' | 'quic' | 'grpc' | 'https';
}

export interface ServerBlock {
  readonly zones: readonly ServerZone[];
  readonly directives: readonly Directive[];
  readonly line: number;
}

export interface Corefile {
  readonly blocks: readonly ServerBlock[];
}

/** What kubeadm writes into the ConfigMap `kube-system/coredns`, for a cluster domain. */
export const kubeadmCorefile = (domain: string): string => `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${domain} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success ${domain}
       disable denial ${domain}
    }
    loop
    reload
    loadbalance
}
`;

interface Token {
  readonly text: string;
  readonly line: number;
}

const defaultPorts = { dns: 53, tls: 853, quic: 853, grpc: 443, https: 443 } as const;
/** More is no configuration but an attack on the reader. */
const longestCorefile = 1_000_000;
const deepestBlock = 8;

/**
 * Reads the form of a Corefile. Fails with every problem found, in CoreDNS' words where it has them; snippets and `import` are not supported.
 * What each directive means is checked in check-corefile.ts.
 */
export function parseCorefile(text: string, file = 'Corefile'): Result<Corefile, Problem> {
  const problems: Problem[] = [];
  const complain = (line: number, says: string, code = 'corefile-syntax', help: string | null = null): void => {
    problems.push({ code, severity: 'error', says: `${file}:${line} - Error during parsing: ${says}`, where: { file, line, column: null, object: null, field: null }, help });
  };
  if (text.length > longestCorefile) {
    complain(1, 'the file is too long');
    return fail(...problems);
  }
  const tokens = tokensOf(text);
  const blocks: ServerBlock[] = [];
  let at = 0;
  const lastLine = tokens.at(-1)?.line ?? 1;

  const readDirectives = (depth: number): readonly Directive[] => {
    const found: Directive[] = [];
    for (;;) {
      const token = tokens[at];
      if (token === undefined) {
        complain(lastLine, "Unexpected EOF, expecting '}'");
        return found;
      }
      at += 1;
      if (token.text === '}') return found;
      const args: string[] = [];
      let block: readonly Directive[] = [];
      for (let next = tokens[at]; next !== undefined && next.line === token.line && next.text !== '}'; next = tokens[at]) {
        at += 1;
        if (next.text === '{' && (tokens[at]?.line !== next.line || tokens[at]?.text === '}')) {
          if (depth >= deepestBlock) {
            complain(next.line, 'blocks are nested too deeply');
            at = tokens.length;
          } else block = readDirectives(depth + 1);
          break;
        }
        args.push(next.text);
      }
      if (depth === 0 && token.text === 'import') complain(token.line, 'import is not supported by the simulation', 'corefile-import', 'Write the imported lines where they are imported.');
      else if (depth === 0 && !directives.some((known) => known === token.text)) complain(token.line, `Unknown directive '${token.text}'`, 'corefile-unknown-directive');
      else found.push({ name: token.text, args, block, line: token.line });
    }
  };

  while (at < tokens.length) {
    const first = tokens[at];
    if (first === undefined) break;
    const keys: string[] = [];
    let opened = false;
    for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
      at += 1;
      if (token.text === '{') {
        opened = true;
        break;
      }
      if (token.text === '}') complain(token.line, "Unexpected '}' because no matching opening brace");
      else keys.push(...token.text.split(',').filter((key) => key !== ''));
    }
    if (keys.length === 0) complain(first.line, "Unexpected token '{', expecting a zone");
    if (!opened) {
      complain(first.line, "Unexpected EOF, expecting '{'");
      break;
    }
    const zones = keys.flatMap((key) => {
      if (key === 'import' || /^\(.*\)$/.test(key)) {
        complain(first.line, 'snippets and import are not supported by the simulation', 'corefile-import', 'Write the imported lines where they are imported.');
        return [];
      }
      const read = serverZones(key);
      if (read.length === 0) complain(first.line, `invalid zone '${key}'`);
      return read;
    });
    blocks.push({ zones, directives: readDirectives(0), line: first.line });
  }
  const seen = new Set<string>();
  for (const block of blocks) {
    for (const { zone, port, scheme } of block.zones) {
      const key = `${scheme}://${zone}:${port}`;
      if (seen.has(key)) complain(block.line, `cannot serve ${key} - it is already defined`, 'corefile-zone-twice');
      seen.add(key);
    }
  }
  return problems.length > 0 ? fail(...problems) : succeed({ blocks });
}

/** `dns://cluster.local:1053` in its parts. */
function serverZones(key: string): readonly ServerZone[] {
  const [, scheme = 'dns', rest = ''] = /^(?:(dns|tls|quic|grpc|https):\/\/)?(.*)$/.exec(key) ?? [];
  const known = scheme === 'tls' || scheme === 'quic' || scheme === 'grpc' || scheme === 'https' ? scheme : 'dns';
  const [, host = '', digits] = /^(.*?)(?::(\d{1,5}))?$/.exec(rest) ?? [];
  const whole = zonesOf(rest);
  // An IPv6 range has colons of its own.
  const zones = whole.length > 0 && rest.includes('/') ? whole : zonesOf(host === '' ? '.' : host);
  const port = digits === undefined || (whole.length > 0 && rest.includes('/')) ? defaultPorts[known] : Number(digits);
  return port > 65_535 ? [] : zones.map((zone) => ({ zone, port, scheme: known }));
}

/** Words, quoted texts and braces; a `#` at the start of a word begins a comment. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const found of text.replace(/\r\n/g, '\n').matchAll(/\n|"((?:\\.|[^"\\])*)"|#[^\n]*|[^\s]+/g)) {
    const [whole, quoted] = found;
    if (whole === '\n') line += 1;
    else if (quoted !== undefined) {
      tokens.push({ text: quoted.replace(/\\(["\\])/g, '$1'), line });
      line += whole.split('\n').length - 1;
    } else if (!whole.startsWith('#')) tokens.push({ text: whole, line });
  }
  return tokens;
}
