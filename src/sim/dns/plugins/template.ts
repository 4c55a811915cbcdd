// The template plugin: answers made up from the question.
import type { DnsRecord, DnsReply, Rcode } from '../../model/lookup.ts';
import type { Directive } from '../corefile.ts';
import { findSubmatch } from '../go-regexp-run.ts';
import { parseRegexp } from '../go-regexp.ts';
import type { GoRegexp } from '../go-regexp.ts';
import { fillTemplate, parseTemplate } from '../go-template.ts';
import type { GoTemplate, TemplateData } from '../go-template.ts';
import { comparableName } from '../names.ts';
import { matchZone } from '../zones.ts';
import { parseRecord } from '../zone-record.ts';
import { fallthroughZones, zonesOrBlock } from './kubernetes-options.ts';
import { argumentError, atLine, reply } from './plugin.ts';
import type { Plugin, PluginContext, Question, Refusal } from './plugin.ts';

const rcodes: readonly Rcode[] = ['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR'];
const goNames: Readonly<Record<string, Rcode>> = { NOERROR: 'NOERROR', NXDOMAIN: 'NXDOMAIN', SERVFAIL: 'SERVFAIL', REFUSED: 'REFUSED', NOTIMP: 'NOTIMP', FORMERR: 'FORMERR' };
const classes = ['IN', 'CS', 'CH', 'HS', 'NONE', 'ANY'];
const types = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA', 'MX', 'ANY', 'HINFO', 'HTTPS', 'SVCB', 'CAA', 'DS', 'DNSKEY', 'NAPTR', 'SPF', 'TLSA', 'SSHFP', 'LOC', 'URI', 'RRSIG', 'NSEC'];
const sections = ['answer', 'additional', 'authority'] as const;
/** A word may be in quotes of Go (backquotes), which keep the spaces of a line together only in Go. */
const known = ['match', 'rcode', 'fallthrough', 'upstream', 'ederror', ...sections];

/** True when nothing in it needs more than the simulation reads of Go's templates and expressions. */
export const isSimulatedTemplate = ({ block }: Directive): boolean =>
  block.every(({ name, args }) => known.includes(name) && (!sections.some((section) => section === name) || args.every((text) => parseTemplate(text).ok)));

function refusalOf(line: Directive): Refusal | undefined {
  const { name, args } = line;
  const [first] = args;
  switch (name) {
    case 'match': {
      if (first === undefined) return argumentError(line);
      for (const pattern of args) {
        const read = parseRegexp(pattern);
        if (!read.ok) return atLine(line, `could not parse regex: ${pattern}, ${read.failures[0] ?? ''}`);
      }
      return undefined;
    }
    case 'answer': case 'additional': case 'authority': {
      if (first === undefined) return argumentError(line);
      const open = args.find((text) => text.lastIndexOf('{{') > text.lastIndexOf('}}'));
      return open === undefined ? undefined : atLine(line, `could not compile template: ${args.at(-1) ?? ''}, template: ${name}:1: unclosed action`);
    }
    case 'expr': return first === undefined ? argumentError(line) : undefined;
    case 'rcode':
      if (first === undefined) return argumentError(line);
      return Object.hasOwn(goNames, first) || /^(YXDOMAIN|YXRRSET|NXRRSET|NOTAUTH|NOTZONE|BADSIG|BADKEY|BADTIME|BADMODE|BADNAME|BADALG|BADTRUNC|BADCOOKIE|BADVERS)$/.test(first) ? undefined : atLine(line, `unknown rcode ${first}`);
    case 'ederror': return args.length === 1 || args.length === 2 ? undefined : argumentError(line);
    case 'var': return args.length < 2 ? argumentError(line) : undefined;
    case 'fallthrough': case 'upstream': return undefined;
    default: return argumentError({ ...line, args: [] });
  }
}

interface Template {
  readonly class: string;
  readonly type: string;
  readonly zones: readonly string[];
  readonly patterns: readonly { readonly text: string; readonly regexp: GoRegexp }[];
  readonly rcode: Rcode;
  readonly sections: Readonly<Record<(typeof sections)[number], readonly GoTemplate[]>>;
  readonly through: readonly string[];
}

function templateOf(directive: Directive, context: PluginContext): Template | undefined {
  if (!isSimulatedTemplate(directive)) return undefined;
  const [kind = 'IN', type = 'ANY', ...zones] = directive.args;
  const lines = (name: string): readonly Directive[] => directive.block.filter((found) => found.name === name);
  const texts = (name: string): readonly string[] => lines(name).flatMap(({ args }) => args);
  const templates = (name: string): readonly GoTemplate[] => texts(name).flatMap((text) => { const read = parseTemplate(text); return read.ok ? [read.value] : []; });
  const patterns = texts('match').flatMap((text) => { const read = parseRegexp(text); return read.ok ? [{ text, regexp: read.value }] : []; });
  const everything = parseRegexp('.*');
  const through = lines('fallthrough').at(-1);
  return {
    class: kind, type, zones: zonesOrBlock(zones, context.block),
    patterns: patterns.length > 0 || !everything.ok ? patterns : [{ text: '.*', regexp: everything.value }],
    rcode: rcodes.find((rcode) => rcode === (lines('rcode').at(-1)?.args[0] ?? 'NOERROR')) ?? 'NOERROR',
    sections: { answer: templates('answer'), additional: templates('additional'), authority: templates('authority') },
    through: through === undefined ? [] : fallthroughZones(through.args),
  };
}

/** What the template has to fill its answers with; `undefined` when no pattern fits. */
function dataFor(template: Template, question: Question, zone: string): TemplateData | undefined {
  const name = comparableName(question.name);
  for (const { text, regexp } of template.patterns) {
    const match = findSubmatch(regexp, name);
    if (match === undefined) continue;
    const numbered = match.map((value, index) => [String(index), value] as const);
    const named = regexp.groups.flatMap((group, index) => (group === '' ? [] : [[group, match[index] ?? ''] as const]));
    const fields = { Name: name, Zone: zone, Class: 'IN', Type: question.type === 'ANY' ? template.type : question.type, Regex: text, Remote: question.client ?? '' };
    return { fields, match, group: Object.fromEntries([...numbered, ...named]) };
  }
  return undefined;
}

/** The templates of a server block in their order; the first that fits answers (CoreDNS plugin/template). */
export const template: Plugin = {
  name: 'template',
  check: (directive) => {
    const [kind, type] = directive.args;
    if (kind === undefined || type === undefined) return [argumentError(directive)];
    if (!classes.includes(kind)) return [atLine(directive, `invalid query class ${kind}`)];
    if (!types.includes(type)) return [atLine(directive, `invalid RR class ${type}`)];
    return directive.block.flatMap((line) => refusalOf(line) ?? []);
  },
  handle: (directives, context) => {
    const templates = directives.flatMap((directive) => templateOf(directive, context) ?? []);
    return (question, next) => {
      for (const one of templates) {
        const zone = matchZone(one.zones, question.name);
        if (zone === undefined || (one.class !== 'IN' && one.class !== 'ANY')) continue;
        if (one.type !== 'ANY' && question.type !== 'ANY' && one.type !== question.type) continue;
        const data = dataFor(one, question, zone);
        if (data !== undefined) return answered(one, data, question, context);
        // A name of its zone that no pattern fits is an error, unless it falls through.
        if (matchZone(one.through, question.name) === undefined) return reply('SERVFAIL');
      }
      return next(question);
    };
  },
};

function answered(one: Template, data: TemplateData, question: Question, context: PluginContext): DnsReply {
  if (one.rcode === 'SERVFAIL') return reply('SERVFAIL');
  const made = sections.map((section) => one.sections[section].map((written) => {
    const text = fillTemplate(written, data);
    return text === undefined ? undefined : parseRecord(text);
  }));
  if (made.some((records) => records.includes(undefined))) return reply('SERVFAIL');
  const [answers = [], additional = [], authority = []] = made.map((records) => records.filter((record): record is DnsRecord => record !== undefined));
  // An alias brings what it leads to along.
  let truncated = false;
  const followed = answers.flatMap((record): readonly DnsRecord[] => {
    if (record.type !== 'CNAME' || (question.type !== 'A' && question.type !== 'AAAA')) return [record];
    const target = context.ask({ name: record.data, type: question.type, client: question.client ?? null });
    truncated = target.truncated;
    return [record, ...target.answers];
  });
  return { ...reply(one.rcode, followed, authority, additional), truncated };
}
