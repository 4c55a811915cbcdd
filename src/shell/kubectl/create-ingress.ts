// kubectl create ingress: rules as `host/path=service:port,tls=secret`.
import type { Answer } from '../command.ts';
import { complain } from './command.ts';
import type { VerbCall } from './command.ts';
import { textOf, textsOf } from './flags.ts';
import { oneName, sendObject } from './send-object.ts';

interface Rule { readonly host: string; readonly path: string; readonly exact: boolean; readonly service: string; readonly port: string; readonly tls: string | null }

/** k8s.io/kubectl/pkg/cmd/create/create_ingress.go; `null` where it is no rule. */
function ruleOf(text: string): Rule | null {
  const [, host = '', path = '', service = '', port = '', tls, , secret] = /^([\w*\-.]*)(\/[^=]*)=([\w-]+):([\w-]+)(,tls(=([\w.-]*))?)?$/.exec(text) ?? [];
  if (service === '') return null;
  return { host, path: path.endsWith('*') ? path.slice(0, -1) : path, exact: !path.endsWith('*'), service, port, tls: tls === undefined ? null : secret ?? '' };
}

const backend = (service: string, port: string): unknown => ({ service: { name: service, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } });

export function createIngress(call: VerbCall, words: readonly string[]): Answer {
  const wrong = oneName('create ingress', words);
  if (wrong !== null) return wrong;
  const given = textsOf(call.flags, 'rule');
  const fallback = textOf(call.flags, 'default-backend');
  if (given.length === 0 && fallback === undefined) return complain('not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)');
  const rules: Rule[] = [];
  for (const text of given) {
    const rule = ruleOf(text);
    if (rule === null) return complain(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
    rules.push(rule);
  }
  const [service = '', port = ''] = fallback?.split(':') ?? [];
  if (fallback !== undefined && (service === '' || port === '')) return complain('default-backend should be in format servicename:serviceport');
  const annotations: Record<string, string> = {};
  for (const pair of textsOf(call.flags, 'annotation')) {
    const equals = pair.indexOf('=');
    if (equals <= 0) return complain(`annotation ${pair} is invalid and should be in format key=[value]`);
    annotations[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  const hosts = [...new Set(rules.map(({ host }) => host))];
  const secrets = [...new Set(rules.flatMap(({ tls }) => (tls === null ? [] : [tls])))];
  const ofClass = textOf(call.flags, 'class');
  return sendObject(call, {
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { ...(Object.keys(annotations).length === 0 ? {} : { annotations }), name: words[0] ?? '' },
    spec: {
      ...(ofClass === undefined ? {} : { ingressClassName: ofClass }),
      ...(fallback === undefined ? {} : { defaultBackend: backend(service, port) }),
      ...(hosts.length === 0 ? {} : { rules: hosts.map((host) => ({ ...(host === '' ? {} : { host }), http: { paths: rules.filter((rule) => rule.host === host).map((rule) => ({ backend: backend(rule.service, rule.port), path: rule.path, pathType: rule.exact ? 'Exact' : 'Prefix' })) } })) }),
      ...(secrets.length === 0 ? {} : { tls: secrets.map((secret) => ({ hosts: [...new Set(rules.filter(({ tls }) => tls === secret).map(({ host }) => host))], ...(secret === '' ? {} : { secretName: secret }) })) }),
    },
  }, { wraps: 'failed to create ingress' });
}
