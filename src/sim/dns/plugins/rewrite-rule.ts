// The rules of the rewrite plugin, read from their words (CoreDNS plugin/rewrite).
import type { Result } from '../../base/result.ts';
import { fail, succeed } from '../../base/result.ts';
import type { DnsRecord, DnsReply, Rcode } from '../../model/lookup.ts';
import { parseRegexp } from '../go-regexp.ts';
import { comparableName } from '../names.ts';
import { nameMatches, nameTest, normalized, plainRenaming, regexRenaming } from './rewrite-match.ts';
import type { NameMatch } from './rewrite-match.ts';
import type { Question } from './plugin.ts';

/** What is done to each record of the reply on its way back, or to its rcode. */
export type ReplyRule =
  | { readonly on: 'record'; readonly change: (record: DnsRecord) => DnsRecord }
  | { readonly on: 'rcode'; readonly from: Rcode; readonly to: Rcode }
  | { readonly on: 'alias'; readonly target: (target: string) => string | undefined };

export interface RewriteRule {
  readonly mode: 'stop' | 'continue';
  /** The question in its new form and what happens to the reply; `undefined` when the rule is not about it. */
  readonly apply: (question: Question) => { readonly question: Question; readonly replies: readonly ReplyRule[] } | undefined;
}

type Apply = RewriteRule['apply'];

const types = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA', 'MX', 'ANY', 'HINFO', 'HTTPS', 'SVCB', 'CAA', 'DS', 'DNSKEY', 'NAPTR', 'SPF', 'AXFR', 'IXFR'];
const classes = ['IN', 'CS', 'CH', 'HS', 'NONE', 'ANY'];
const rcodes: readonly Rcode[] = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const longestTtl = 2_147_483_647;

/** Reads the words of one rule; fails in CoreDNS' words. */
export function parseRule(words: readonly string[]): Result<RewriteRule, string> {
  const [first = ''] = words;
  if (words.length === 0) return fail('no rule type specified for rewrite');
  const mode = first.toLowerCase() === 'continue' ? 'continue' : 'stop';
  const moded = first.toLowerCase() === 'continue' || first.toLowerCase() === 'stop';
  if (moded && words.length < 2) return fail(`${mode} rule must begin with a rule type`);
  const [type = '', ...args] = moded ? words.slice(1) : words;
  const apply = applyOf(type.toLowerCase(), args, first);
  return apply.ok ? succeed({ mode, apply: apply.value }) : apply;
}

function applyOf(type: string, args: readonly string[], written: string): Result<Apply, string> {
  switch (type) {
    case 'answer': return fail('response rewrites must begin with a name rule');
    case 'name': return nameRule(args);
    case 'type': case 'class': return args.length === 2 ? typeRule(type, args) : fail(`${type} rules must have exactly two arguments`);
    case 'edns0': {
      const action = args[1]?.toLowerCase();
      if (action === undefined) return fail('too few arguments for an EDNS0 rule');
      return ['append', 'replace', 'set', 'unset'].includes(action) ? succeed(ednsRule(action)) : fail(`invalid action: "${action}"`);
    }
    case 'ttl': return ttlRule(args);
    case 'rcode': return rcodeRule(args);
    case 'cname': return cnameRule(args);
    default: return fail(`invalid rule type "${written}"`);
  }
}

/** `name [exact|prefix|suffix|substring|regex] FROM TO [answer auto|name …|value …]`. */
function nameRule(args: readonly string[]): Result<Apply, string> {
  if (args.length < 2) return fail('too few arguments for a name rule');
  const written = args.length === 2 ? 'exact' : args[0]?.toLowerCase() ?? '';
  const [from = '', to = ''] = args.length === 2 ? args : args.slice(1);
  const more = args.slice(3);
  const answers = more.length === 0 ? succeed({ auto: false, rules: [] }) : answerRules(written, more);
  if (!answers.ok) return answers;
  const match = nameMatches.find((known) => known === written);
  if (match === undefined) return fail(`name rule supports only exact, prefix, suffix, substring, and regex name matching, received: ${written}`);
  const rename = renamingOf(match, from, to);
  if (!rename.ok) return rename;
  const { rules } = answers.value;
  return succeed((question) => {
    const asked = comparableName(question.name);
    const name = rename.value(asked);
    if (name === undefined) return undefined;
    // An exact rule turns its answers back by itself.
    const back = match === 'suffix' && answers.value.auto ? backBySuffix(normalized(to), normalized(from)) : match === 'exact' || answers.value.auto ? backToQuestion(name, asked) : null;
    return { question: { ...question, name }, replies: [...(back === null ? [] : [onNames(back), onValues(back)]), ...rules] };
  });
}

function renamingOf(match: NameMatch, from: string, to: string): Result<(name: string) => string | undefined, string> {
  if (match !== 'regex') return succeed(plainRenaming(match, normalized(from), normalized(to)));
  return regexRenaming(from, normalized(to));
}

/** A name, or one under it, back to what was asked. */
const backToQuestion = (name: string, asked: string) => (text: string): string | undefined =>
  text === name ? asked : text.endsWith(`.${name}`) ? `${text.slice(0, text.length - name.length)}${asked}` : undefined;

const backBySuffix = (suffix: string, original: string) => (text: string): string | undefined => (text.endsWith(suffix) ? `${text.slice(0, text.length - suffix.length)}${original}` : undefined);

const onNames = (rename: (name: string) => string | undefined): ReplyRule => ({ on: 'record', change: (record) => ({ ...record, name: rename(record.name) ?? record.name }) });

/** Names in the data: the target of an alias, a pointer, a name server, a Service; of a SOA the server. */
const onValues = (rename: (name: string) => string | undefined): ReplyRule => ({
  on: 'record',
  change: (record) => {
    const words = record.data.split(' ');
    const at = record.type === 'SRV' ? words.length - 1 : ['CNAME', 'NS', 'PTR', 'SOA'].includes(record.type) ? 0 : -1;
    const renamed = words[at] === undefined ? undefined : rename(words[at]);
    return renamed === undefined ? record : { ...record, data: words.map((word, index) => (index === at ? renamed : word)).join(' ') };
  },
});

function answerRules(rule: string, words: readonly string[]): Result<{ readonly auto: boolean; readonly rules: readonly ReplyRule[] }, string> {
  const rules: ReplyRule[] = [];
  let auto = false;
  let names = 0;
  let last = '';
  if (words.length < 2) return fail(`invalid arguments for ${rule} rule`);
  for (let at = 0; at < words.length;) {
    if (last === '' && words[at] !== 'answer') return fail(`exceeded the number of arguments for a non-answer rule argument for ${rule} rule`);
    if (words[at] === 'answer') at += 1;
    if (at >= words.length) return fail(`type missing for answer rule for ${rule} rule`);
    last = words[at] ?? '';
    at += 1;
    if (last === 'auto') {
      auto = true;
      continue;
    }
    if (last !== 'name' && last !== 'value') return fail(`invalid type "${last}" for answer rule for ${rule} rule`);
    const [from, to] = [words[at], words[at + 1]];
    if (from === undefined || to === undefined) return fail(`${last} answer rule for ${rule} rule: 2 arguments required`);
    const rename = regexRenaming(from, normalized(to));
    if (!rename.ok) return fail(`${last} answer rule for ${rule} rule: ${rename.failures[0] ?? ''}`);
    rules.push(last === 'name' ? onNames(rename.value) : onValues(rename.value));
    names += last === 'name' ? 1 : 0;
    at += 2;
  }
  return auto && names > 0 ? fail('auto name answer rule cannot be combined with explicit name anwer rules') : succeed({ auto, rules });
}

/** Every question is of class IN: other classes never come. */
function typeRule(kind: 'type' | 'class', args: readonly string[]): Result<Apply, string> {
  const [from = '', to = ''] = args.map((arg) => arg.toUpperCase());
  const known = kind === 'type' ? types : classes;
  const wrong = [from, to].find((name) => !known.includes(name));
  if (wrong !== undefined) return fail(`invalid ${kind} "${wrong}"`);
  if (kind === 'class') return succeed((question) => (from === 'IN' ? { question, replies: [] } : undefined));
  return succeed((question) => (question.type === from ? { question: { ...question, type: to }, replies: [] } : undefined));
}

/** Options of EDNS change no answer here; a rule that sets one counts as done. */
const ednsRule = (action: string): Apply => (question) => (action === 'set' || action === 'append' ? { question, replies: [] } : undefined);

/** `[MATCH] NAME VALUE`: the name's test and the value. */
function selecting(kind: string, args: readonly string[]): Result<(name: string) => boolean, string> {
  const match = nameMatches.find((known) => known === (args.length === 2 ? 'exact' : args[0]?.toLowerCase()));
  if (match === undefined) return fail(`${kind} rule supports only exact, prefix, suffix, substring, and regex name matching`);
  const pattern = args.at(-2) ?? '';
  const test = nameTest(match, pattern);
  return test.ok ? test : fail(`invalid regex pattern in a ${kind} rule: ${pattern}`);
}

function ttlRule(args: readonly string[]): Result<Apply, string> {
  if (args.length < 2) return fail(`too few (${args.length}) arguments for a ttl rule`);
  const text = args.length <= 3 ? args.at(-1) ?? '' : '';
  const [, low = '', dash, high = ''] = /^(\d{0,10})(-?)(\d{0,10})$/.exec(text) ?? [];
  if (dash === undefined || (low === '' && high === '')) return fail(`invalid TTL '${text}' for a ttl rule`);
  const test = selecting('ttl', args);
  if (!test.ok) return test;
  const least = Number(low);
  const most = dash === '' ? least : high === '' ? longestTtl : Number(high);
  const rule: ReplyRule = { on: 'record', change: (record) => ({ ...record, ttl: Math.min(Math.max(record.ttl, least), most) }) };
  return succeed((question) => (test.value(comparableName(question.name)) ? { question, replies: [rule] } : undefined));
}

function rcodeRule(args: readonly string[]): Result<Apply, string> {
  if (args.length < 3) return fail(`too few (${args.length}) arguments for a rcode rule`);
  const [oldText = '', newText = ''] = args.length <= 4 ? args.slice(-2) : [];
  const rcode = (text: string): Rcode | undefined => rcodes[/^\d+$/.test(text) ? Number(text) : -1] ?? rcodes.find((known) => known === text.toUpperCase());
  const [from, to] = [rcode(oldText), rcode(newText)];
  if (from === undefined) return fail(`invalid matching RCODE '${oldText}' for a rcode rule`);
  if (to === undefined) return fail(`invalid replacement RCODE '${newText}' for a rcode rule`);
  const test = selecting('rcode', args.slice(0, -1));
  if (!test.ok) return test;
  return succeed((question) => (test.value(comparableName(question.name)) ? { question, replies: [{ on: 'rcode', from, to }] } : undefined));
}

function cnameRule(args: readonly string[]): Result<Apply, string> {
  if (args.length !== 2 && args.length !== 3) return fail(`too few (${args.length}) arguments for a cname rule`);
  const written = args.length === 2 ? 'exact' : args[0]?.toLowerCase() ?? '';
  const match = nameMatches.find((known) => known === written);
  if (match === undefined) return fail(`unknown cname rewrite type: ${written}`);
  const [from = '', to = ''] = args.slice(-2).map((arg) => arg.toLowerCase());
  // Only exact names get their final dot by themselves.
  const target = match === 'regex' ? regexRenaming(from, to) : succeed(plainRenaming(match, match === 'exact' ? normalized(from) : from, match === 'exact' ? normalized(to) : to));
  const pattern = parseRegexp(from);
  if (match === 'regex' && !pattern.ok) return fail(`invalid cname rewrite regex pattern: ${pattern.failures[0] ?? ''}`);
  if (!target.ok) return target;
  return succeed((question) => ({ question, replies: [{ on: 'alias', target: target.value }] }));
}

/** The reply after all rules, the last one first. `ask` follows a new target of an alias. */
export function turnedBack(reply: DnsReply, rules: readonly ReplyRule[], ask: (name: string) => DnsReply): DnsReply {
  let result = reply;
  for (const rule of rules.toReversed()) {
    if (rule.on === 'rcode') result = result.rcode === rule.from ? { ...result, rcode: rule.to } : result;
    else if (rule.on === 'record') result = { ...result, answers: result.answers.map(rule.change), authority: result.authority.map(rule.change), additional: result.additional.map(rule.change) };
    else result = withTarget(result, rule.target, ask);
  }
  return result;
}

function withTarget(reply: DnsReply, target: (name: string) => string | undefined, ask: (name: string) => DnsReply): DnsReply {
  const at = reply.answers.findIndex(({ type, data }) => type === 'CNAME' && target(data) !== undefined);
  const alias = reply.answers[at];
  const to = alias === undefined ? undefined : target(alias.data);
  if (alias === undefined || to === undefined) return reply;
  const followed = ask(to);
  const before = reply.answers.slice(0, at).filter(({ type }) => type === 'CNAME');
  return { ...reply, answers: [...before, { ...alias, data: to }, ...followed.answers], truncated: followed.truncated };
}
