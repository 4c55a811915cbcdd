// The small programs that a pipe may end in, with the options that people use.
import type { Program } from '../command.ts';
import { awk } from './awk.ts';
import { grep } from './grep.ts';
import { jq } from './jq.ts';
import { sed } from './sed.ts';
import { base64, cat, column, cut, head, ls, nl, pager, paste, rev, rm, seq, sort, tac, tail, tee, tr, uniq, wc } from './text.ts';
import { timeout, xargs } from './xargs.ts';

/** The filters by name, for the lab's own terminal and for shells at other places. */
export const filters: Readonly<Record<string, Program>> = {
  awk, base64, cat, column, cut, egrep: grep, fgrep: grep, gawk: awk, grep, head, jq, less: pager, ls, more: pager, nl, paste, rev, rm, sed, seq, sort, tac, tail, tee, timeout, tr, uniq, wc, xargs,
};
