// The ports of one of Cilium's rules, and what its proxy checks on them.
import type { AddressFamily } from '../../base/address.ts';
import type { PortSet } from '../../base/port-set.ts';
import { noPorts, portsOf, unionPorts, wholeProtocol } from '../../base/port-set.ts';
import { isServiceName } from '../../cluster/validate/cilium-agent.ts';
import type { CiliumHttpRule, CiliumPort, CiliumPortRule, CiliumRule } from '../../model/policy-objects.ts';
import type { HttpRule, NameRule, RuleRef } from '../../model/policy.ts';
import type { PolicyNote, PortTerm, ProxyTerm } from '../policy-api.ts';

export interface CiliumPorts {
  /** The list that the rule has. */
  readonly list: 'toPorts' | 'icmps';
  /** `null`: every port, ICMP too. */
  readonly ports: PortTerm | null;
  /** Absent: no proxy. */
  readonly proxied?: readonly ProxyTerm[];
  readonly notes: readonly PolicyNote[];
}

/** An empty list of ports is as good as none; a list with something in it that has no ports allows nothing. */
export function ciliumPorts({ toPorts = [], icmps = [] }: CiliumRule, field: string, refOf: (field: string) => RuleRef): CiliumPorts {
  if (icmps.length > 0) return { list: 'icmps', ports: { fixed: noPorts, named: [], echo: icmps.flatMap(({ fields = [] }) => fields.flatMap(echoOf)) }, notes: [] };
  if (toPorts.length === 0) return { list: 'toPorts', ports: null, notes: [] };
  const terms = toPorts.map(({ ports = [], rules }, index): ProxyTerm => {
    const at = `toPorts[${index}]`;
    return {
      ports: termOf(ports, at),
      http: (rules?.http ?? []).map((rule, position) => httpRule(rule, `${field}.${at}.rules.http[${position}]`, refOf)),
      dns: (rules?.dns ?? []).map((rule, position): NameRule => ({ ref: refOf(`${field}.${at}.rules.dns[${position}]`), name: rule.matchName ?? null, pattern: rule.matchPattern ?? null })),
    };
  });
  const fixed = terms.reduce<PortSet>((all, { ports }) => unionPorts(all, ports.fixed), noPorts);
  const conditions = terms.some(({ http, dns }) => http.length + dns.length > 0);
  return { list: 'toPorts', ports: { fixed, named: terms.flatMap(({ ports }) => ports.named) }, ...(conditions ? { proxied: terms } : {}), notes: toPorts.flatMap((rule, index) => notFollowed(rule, `${field}.toPorts[${index}]`)) };
}

/** Ping is an echo request: type 8 of ICMP, 128 of ICMPv6. */
function echoOf({ family = 'IPv4', type }: { readonly family?: AddressFamily; readonly type: number | string }): readonly AddressFamily[] {
  const names = family === 'IPv4' ? ['8', 'Echo', 'EchoRequest'] : ['128', 'EchoRequest'];
  return names.includes(String(type)) ? [family] : [];
}

const transports = ['TCP', 'UDP', 'SCTP'] as const;

function termOf(ports: readonly CiliumPort[], at: string): PortTerm {
  let fixed = noPorts;
  const named: PortTerm['named'][number][] = [];
  for (const [index, { port = '', endPort = 0, protocol = 'ANY' }] of ports.entries()) {
    for (const one of transports) {
      if (protocol !== one && protocol !== 'ANY' && protocol !== '') continue;
      if (isServiceName(port)) named.push({ name: port.toLowerCase(), protocol: one, at: `${at}.ports[${index}].port` });
      else if (Number(port) === 0) fixed = unionPorts(fixed, wholeProtocol(one));
      else fixed = unionPorts(fixed, portsOf(one, Number(port), Math.max(endPort, Number(port))));
    }
  }
  return { fixed, named };
}

/** Envoy's conditions; a header without a value must only be there. One that Envoy writes, corrects or only logs where it does not match stops nothing. */
function httpRule({ method, path, host, headers = [], headerMatches = [] }: CiliumHttpRule, field: string, refOf: (field: string) => RuleRef): HttpRule {
  const given = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
  const written = headers.map((text, index) => {
    const space = text.indexOf(' ');
    return { name: (space === -1 ? text : text.slice(0, space).replace(/:+$/, '')).toLowerCase(), value: space === -1 ? null : text.slice(space + 1), field: `headers[${index}]` };
  });
  const matched = headerMatches.flatMap(({ name, value, mismatch, secret }, index) => {
    const [lower, at] = [name.toLowerCase(), `headerMatches[${index}]`];
    if (mismatch !== undefined) return [];
    // A Secret that is not there matches nothing; here none is read.
    return secret !== undefined && given(value) === null ? [{ name: lower, value: '\u0000', field: at }] : [{ name: lower, value: given(value), field: at }];
  });
  return { ref: refOf(field), method: given(method), path: given(path), host: given(host), headers: [...written, ...matched] };
}

function notFollowed(rule: CiliumPortRule, field: string): readonly PolicyNote[] {
  const note = (part: string, says: string, help: string): PolicyNote => ({ code: 'policy-not-followed', field: `${field}.${part}`, says: `${field}.${part} is not followed: ${says}`, help });
  const secret = (rule.rules?.http ?? []).findIndex(({ headerMatches = [] }) => headerMatches.some((one) => one.secret !== undefined && one.mismatch === undefined && (one.value ?? '') === ''));
  return [
    ...(['terminatingTLS', 'originatingTLS'] as const).flatMap((tls) => (rule[tls] === undefined ? [] : [note(tls, 'the lab\'s proxy does not open TLS, so that https to these ports fails.', 'Look at plain http in the lab.')])),
    ...(rule.serverNames === undefined ? [] : [note('serverNames', 'names in TLS handshakes are not checked; the ports are open whatever the name.', 'Use toFQDNs for names outside.')]),
    ...(rule.listener === undefined ? [] : [note('listener', 'the lab has no Envoy listeners of one\'s own; the ports are open.', 'Use rules.http where that is enough.')]),
    ...(secret === -1 ? [] : [note(`rules.http[${secret}].headerMatches`, 'values of Secrets are not read, so that it matches no request.', 'Write the value beside the Secret: Cilium uses it where the Secret is missing.')]),
  ];
}
