// A lookup as people read it: each query in the order in which it left, then what the caller gets.
import { shownLine } from '../lesson/shown-text.ts';
import type { AskedQuery, Lookup } from '../sim/model/lookup.ts';

const without: Readonly<Record<NonNullable<Lookup['without']>, string>> = {
  literal: 'An address needs no server.', hosts: 'Answered from /etc/hosts: no server was asked.', outside: "Answered by the public DNS: the cluster's was not asked.",
};

const dataOf = ({ rcode, answers, truncated }: AskedQuery): string => {
  if (rcode === 'NOERROR' && answers.length === 0) return truncated ? 'NOERROR, cut short' : 'NOERROR, no data';
  return [rcode, ...answers.map(({ type, data }) => `${type} ${shownLine(data)}`), ...(truncated ? ['(cut short)'] : [])].join('  ');
};

export function lookupText(lookup: Lookup): string {
  const width = Math.max(0, ...lookup.queries.map(({ name }) => name.length));
  const lines = [
    ...(lookup.resolvConf === null ? [] : ['/etc/resolv.conf:', ...lookup.resolvConf.trimEnd().split('\n').map((line) => `  ${shownLine(line)}`), '']),
    ...lookup.queries.map((query, index) => `${String(index + 1).padStart(3)}  ${query.at.toFixed(1).padStart(5)} s  ${query.name.padEnd(width)}  ${query.type.padEnd(5)} @${query.server}${query.proto === 'tcp' ? ' tcp' : ''}  ${dataOf(query)}`),
    ...(lookup.without === null ? [] : [without[lookup.without]]),
    '',
    `${shownLine(lookup.name)}: ${lookup.addresses.length > 0 ? lookup.addresses.join(', ') : [lookup.rcode, lookup.error].filter((part) => part !== null).join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}
