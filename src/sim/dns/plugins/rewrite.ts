// The rewrite plugin: the question that arrives is not the one that is answered.
import type { Directive } from '../corefile.ts';
import { absoluteName, isAskable } from '../names.ts';
import { bare, reply } from './plugin.ts';
import type { Plugin, Question } from './plugin.ts';
import { parseRule, turnedBack } from './rewrite-rule.ts';
import type { ReplyRule } from './rewrite-rule.ts';

/** The words of a rule: those of the line, or of its braces when the line has fewer than two. */
const wordsOf = ({ args, block }: Directive): readonly string[] => (args.length >= 2 ? args : [...args, ...block.flatMap((line) => [line.name, ...line.args])]);

/** The rules of a server block in their order, until one that ends it (`stop`, which is what a rule does unless it says `continue`). */
export const rewrite: Plugin = {
  name: 'rewrite',
  check: (directive) => {
    const rule = parseRule(wordsOf(directive));
    return rule.ok ? [] : [bare(rule.failures[0] ?? '')];
  },
  handle: (directives, context) => {
    const rules = directives.flatMap((directive) => {
      const rule = parseRule(wordsOf(directive));
      return rule.ok ? [rule.value] : [];
    });
    return (question, next) => {
      const replies: ReplyRule[] = [];
      let asked: Question = question;
      for (const { mode, apply } of rules) {
        const done = apply(asked);
        if (done === undefined) continue;
        const { name } = done.question;
        if (!isAskable(name)) return reply('SERVFAIL');
        asked = { ...done.question, name: absoluteName(name) };
        replies.push(...done.replies);
        if (mode === 'stop') break;
      }
      return turnedBack(next(asked), replies, (name) => context.ask({ ...asked, name: absoluteName(name) }));
    };
  },
};
