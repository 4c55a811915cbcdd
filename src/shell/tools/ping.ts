// ping in a pod.
import { both, failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { insideOf } from './inside.ts';
import { askNetwork, targetOf } from './ask-network.ts';
import { pingSays } from './ping-says.ts';

export function ping(call: Call): Answer {
  const inside = insideOf(call);
  let count: number | null = null;
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    const valued = /^-([cWwis])(.*)$/.exec(word);
    if (valued !== null) {
      const value = valued[2] !== '' ? valued[2] ?? '' : call.args[++index] ?? '';
      if (!/^\d+(\.\d+)?$/.test(value)) return failed(`ping: invalid argument: '${value}'`);
      if (valued[1] === 'c') count = Math.min(100, Math.max(1, Number(value)));
    } else if (/^-[4nq]+$/.test(word)) continue;
    else if (word.startsWith('-')) return failed(`ping: invalid option -- '${word.slice(1, 2)}'`, 2);
    else rest.push(word);
  }
  const [host] = rest;
  if (host === undefined) return failed('ping: usage error: Destination address required');
  const { trace, walk } = askNetwork(call, inside, targetOf('icmp', host, null));
  // Without -c a real ping goes on until Ctrl-C; the lab stops after four.
  const end = pingSays(trace, walk, count ?? 4);
  return both(count === null && end.out !== '' ? end.out.replace('\n--- ', '^C\n--- ') : end.out, end.err, end.status, { traces: [trace], meanings: ['exec ping'] });
}
