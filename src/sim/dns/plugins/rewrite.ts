// The rewrite plugin: the question that arrives is not the one that is answered.
import type { DnsReply } from '../../model/lookup.ts';
import type { Directive } from '../corefile.ts';
import { absoluteName, comparableName } from '../names.ts';
import type { Plugin } from './plugin.ts';

type Renaming = (name: string) => string | undefined;

const kinds = ['exact', 'prefix', 'suffix', 'substring', 'regex'];

/** `rewrite [continue|stop] name [exact|prefix|suffix|substring] FROM TO [answer auto]` in its parts. */
function parts({ args }: Directive): { readonly field: string; readonly kind: string; readonly from: string; readonly to: string; readonly auto: boolean } {
  const rest = args[0] === 'continue' || args[0] === 'stop' ? args.slice(1) : args;
  const [field = '', ...words] = rest;
  const kind = kinds.includes(words[0] ?? '') ? words[0] ?? 'exact' : 'exact';
  const [from = '', to = '', ...more] = kinds.includes(words[0] ?? '') ? words.slice(1) : words;
  return { field, kind, from, to, auto: more.join(' ') === 'answer auto' };
}

/** True for the rules that are simulated: names, without regular expressions. */
export const isSimulatedRewrite = (directive: Directive): boolean => {
  const { field, kind } = parts(directive);
  return field === 'name' && kind !== 'regex' && directive.block.length === 0;
};

function renaming({ kind, from, to }: { readonly kind: string; readonly from: string; readonly to: string }): Renaming {
  switch (kind) {
    case 'prefix': return (name) => (name.startsWith(from) ? `${to}${name.slice(from.length)}` : undefined);
    case 'suffix': return (name) => (name.endsWith(from) ? `${name.slice(0, name.length - from.length)}${to}` : undefined);
    case 'substring': return (name) => (name.includes(from) ? name.replaceAll(from, to) : undefined);
    default: return (name) => (name === comparableName(from) ? absoluteName(to) : undefined);
  }
}

/** Simplified: rules on anything but names, and those with regular expressions, are not followed (a warning says so); `continue` ends like `stop`. */
export const rewrite: Plugin = {
  name: 'rewrite',
  check: ({ args, block }) => (args.length < 2 && block.length === 0 ? ["Wrong argument count or unexpected line ending after 'rewrite'"] : []),
  handle: (directive) => {
    const rule = parts(directive);
    const rename = isSimulatedRewrite(directive) ? renaming(rule) : (): undefined => undefined;
    return (question, next) => {
      const name = rename(comparableName(question.name));
      if (name === undefined) return next(question);
      const reply = next({ ...question, name: absoluteName(name) });
      return rule.auto ? renamed(reply, absoluteName(name), question.name) : reply;
    };
  },
};

/** The answer under the name that was asked. */
function renamed(reply: DnsReply, from: string, to: string): DnsReply {
  const back = (records: DnsReply['answers']): DnsReply['answers'] => records.map((record) => (comparableName(record.name) === comparableName(from) ? { ...record, name: to } : record));
  return { ...reply, answers: back(reply.answers), additional: back(reply.additional) };
}
