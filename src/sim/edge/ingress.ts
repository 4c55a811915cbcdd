// Ingress, networking.k8s.io/v1: which class, which controller, which host and path to which Service, with which certificate.
import type { EdgeCertificate, EdgeListener, EdgeManners, EdgePath, EdgeRedirect, EdgeRoute, MissedRoute } from '../model/edge.ts';
import type { Ingress, IngressClass, IngressPath } from '../model/edge-objects.ts';
import { refOf, refText } from '../model/object.ts';
import { certificateOf, certificateAnnotation } from './certificate.ts';
import { ingressBackend } from './edge-backend.ts';
import { listOf, namespaceOf, refTo, type EdgeContext } from './edge-context.ts';
import type { EdgeWorkload } from './edge-workloads.ts';
import { hostFits, hostRank } from './host-names.ts';
import { byPath, patternOf } from './path-match.ts';

const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';
const oldAnnotation = 'kubernetes.io/ingress.class';

/** The class of an Ingress as the API server and the controllers find it. `name` is what is written, or the default's. */
export interface FoundClass {
  readonly name: string | null;
  readonly object: IngressClass | null;
  /** Where it is written, or would have to be. */
  readonly field: string;
  /** By the annotation that came before the field. */
  readonly old: boolean;
}

/** Of several defaults the newest, then the first by name (plugin/pkg/admission/network/defaultingressclass; held against kube-apiserver 1.37, which refuses nothing). */
export function defaultClass(context: EdgeContext): IngressClass | null {
  const defaults = context.ingressClasses.filter(({ metadata }) => metadata.annotations?.[defaultAnnotation] === 'true');
  const newest = defaults.map(({ metadata }) => metadata.creationTimestamp ?? '').sort().at(-1);
  for (const extra of defaults.slice(1)) context.warn(extra, 'two-default-classes', `metadata.annotations[${defaultAnnotation}]`, `${refText(refOf(extra))} and ${defaults[0] === undefined ? '' : refText(refOf(defaults[0]))} are both the default: an Ingress without a class gets the newest one.`);
  return defaults.filter(({ metadata }) => (metadata.creationTimestamp ?? '') === newest)[0] ?? null;
}

export function classOf(context: EdgeContext, ingress: Ingress): FoundClass {
  const named = (name: string): IngressClass | null => context.ingressClasses.find(({ metadata }) => metadata.name === name) ?? null;
  const written = ingress.spec?.ingressClassName;
  if (written !== undefined && written !== '') return { name: written, object: named(written), field: 'spec.ingressClassName', old: false };
  const old = ingress.metadata.annotations?.[oldAnnotation];
  if (old !== undefined && old !== '') return { name: old, object: named(old), field: `metadata.annotations[${oldAnnotation}]`, old: true };
  const standard = defaultClass(context);
  return { name: standard?.metadata.name ?? null, object: standard, field: 'spec.ingressClassName', old: false };
}

const argument = (workload: EdgeWorkload, name: string): string | undefined => workload.args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

/** Whether a workload's controller takes Ingresses of a class. */
export function serves(workload: EdgeWorkload, found: FoundClass): boolean {
  const { controller } = workload;
  if (found.name === null) return controller?.name === 'ingress-nginx' && argument(workload, 'watch-ingress-without-class') === 'true';
  if (workload.serves.includes(`ingress-class/${found.name}`)) return true;
  if (controller === null || controller.ingress === null) return false;
  if (found.object === null) return found.old && found.name === (argument(workload, 'ingress-class') ?? controller.oldClass);
  const own = controller.name === 'ingress-nginx' ? argument(workload, 'controller-class') ?? 'k8s.io/ingress-nginx' : null;
  const called = found.object.spec?.controller ?? '';
  return own === null ? controller.ingress.test(called) : called === own;
}

const nginx = 'nginx.ingress.kubernetes.io/';
const annotation = (ingress: Ingress, manners: EdgeManners, name: string): string | undefined => (manners.targetPortToo ? ingress.metadata.annotations?.[nginx + name] : undefined);

function pathOf(ingress: Ingress, manners: EdgeManners, path: IngressPath): EdgePath {
  const value = path.path ?? '/';
  // With either of the two, every path of the host is a regular expression without regard to case (ingress-nginx, docs: ingress-path-matching).
  const regex = annotation(ingress, manners, 'use-regex') === 'true' || annotation(ingress, manners, 'rewrite-target') !== undefined;
  if (regex && path.pathType !== 'Exact' && /[^\w/.~-]/.test(value)) return { kind: 'regex', value, anyCase: true };
  if (path.pathType === 'Exact') return { kind: 'exact', value };
  return path.pathType === 'Prefix' || value === '/' ? { kind: 'prefix', value } : { kind: 'text', value };
}

function certificateFor(context: EdgeContext, ingress: Ingress, index: number, host: string, manners: EdgeManners): EdgeCertificate {
  const at = `spec.tls[${index}].secretName`;
  const name = listOf(ingress.spec?.tls)[index]?.secretName;
  const fake = (says: string, object = refOf(ingress), field: string = at): EdgeCertificate => ({ names: manners.fakeName === null ? [] : [manners.fakeName], trust: 'self-signed', fake: true, decider: { object, field }, says });
  const shown = manners.fakeName === null ? 'there is no certificate to show' : `the controller shows its own, "${manners.fakeName}"`;
  if (name === undefined || name === '') return fake(`${refText(refOf(ingress))} names no Secret for ${host}: ${shown}.`);
  const namespace = namespaceOf(ingress);
  const secret = context.secret(namespace, name);
  if (secret === undefined) {
    const says = `Secret ${namespace}/${name} of ${refText(refOf(ingress))} does not exist: ${shown}.`;
    context.warn(ingress, 'secret-missing', at, says);
    return fake(says);
  }
  const found = certificateOf(secret, context.now);
  if (found.kind === 'none') {
    context.warn(ingress, 'secret-type', at, `${found.why}: ${shown}.`, 'kubectl create secret tls makes one of type kubernetes.io/tls.');
    return fake(`${found.why}: ${shown}.`, refOf(secret), 'type');
  }
  if (found.kind === 'assumed') {
    context.warn(secret, 'certificate-assumed', 'data', `${refText(refOf(secret))} holds nothing that can be read as a certificate: it is taken to be a good one for the hosts of its Ingress.`, `The annotation ${certificateAnnotation} says what it is for.`);
    return { names: listOf(ingress.spec?.tls)[index]?.hosts ?? [host], trust: 'trusted', fake: false, decider: { object: refOf(secret), field: 'data[tls.crt]' }, says: `${refText(refOf(secret))} is taken to hold it.` };
  }
  const certificate: EdgeCertificate = { names: found.names, trust: found.trust, fake: false, decider: { object: refOf(secret), field: 'data[tls.crt]' }, says: found.says };
  if (found.trust === 'expired') context.warn(ingress, 'certificate-expired', at, `The certificate in ${refText(refOf(secret))} has expired.`);
  if (host === '' || found.names.some((one) => hostFits(one, host, true))) return certificate;
  context.warn(ingress, 'certificate-for-others', at, `${refText(refOf(secret))} holds a certificate for ${found.names.join(', ') || 'nobody'}, not for ${host}.`);
  // ingress-nginx does not show a certificate that is not for the host (controller.go, createServers: "Using default certificate").
  return manners.targetPortToo ? { ...fake(`${refText(refOf(secret))} holds a certificate for ${found.names.join(', ') || 'nobody'}, not for ${host}: ${shown}.`, refOf(secret), 'data[tls.crt]') } : certificate;
}

/** The hosts that an Ingress has rules for. */
export const ingressHosts = (ingress: Ingress): readonly string[] => [...new Set([...listOf(ingress.spec?.rules).map(({ host }) => host ?? ''), ...listOf(ingress.spec?.tls).flatMap(({ hosts }) => listOf(hosts))])].filter((host) => host !== '');

/** All rules of an Ingress in the order in which they stand; the default backend last. */
export function routesOf(context: EdgeContext, ingress: Ingress, manners: EdgeManners): readonly EdgeRoute[] {
  const object = refOf(ingress);
  const scheme = /^(HTTPS|GRPCS)$/i.test(annotation(ingress, manners, 'backend-protocol') ?? '') ? 'https' : 'http';
  const target = annotation(ingress, manners, 'rewrite-target');
  const vhost = annotation(ingress, manners, 'upstream-vhost') ?? null;
  const rewrite = target === undefined && vhost === null ? null : { host: vhost, path: target === undefined ? null : { kind: 'groups', path: target } as const };
  const base = { object, method: null, headers: [], query: [] };
  const redirectFor = (host: string): EdgeRedirect | null => {
    const tls = listOf(ingress.spec?.tls).findIndex(({ hosts }) => listOf(hosts).includes(host) || listOf(hosts).length === 0);
    const forced = annotation(ingress, manners, 'force-ssl-redirect') === 'true';
    if (manners.redirect === null || (!forced && (tls < 0 || annotation(ingress, manners, 'ssl-redirect') === 'false'))) return null;
    return { object, field: forced ? `metadata.annotations[${nginx}force-ssl-redirect]` : `spec.tls[${tls}]`, status: manners.redirect, scheme: 'https', host: null, port: null, path: null, plainOnly: true };
  };
  const fallback = ingress.spec?.defaultBackend === undefined ? null : ingressBackend(context, ingress, ingress.spec.defaultBackend, 'spec.defaultBackend', manners, scheme);
  const rules = listOf(ingress.spec?.rules).flatMap((rule, place): readonly EdgeRoute[] => {
    const host = rule.host ?? '';
    const redirect = redirectFor(host);
    if (rule.http === undefined) return fallback === null ? [] : [{ ...base, host, path: { kind: 'prefix', value: '/' }, field: `spec.rules[${place}]`, redirect, rewrite, backends: [fallback], fallback: false }];
    return listOf(rule.http.paths).map((path, index): EdgeRoute => {
      const field = `spec.rules[${place}].http.paths[${index}]`;
      const compiled = pathOf(ingress, manners, path);
      if (compiled.kind === 'regex' && patternOf(compiled.value, true) === null) context.warn(ingress, 'pattern-not-followed', `${field}.path`, `The pattern ${compiled.value} is not followed: it matches nothing here.`);
      return { ...base, host, path: compiled, field, redirect, rewrite, backends: [ingressBackend(context, ingress, path.backend, `${field}.backend`, manners, scheme)], fallback: false };
    });
  });
  return fallback === null ? rules : [...rules, { ...base, host: '', path: { kind: 'prefix', value: '/' }, field: 'spec.defaultBackend', redirect: null, rewrite: null, backends: [fallback], fallback: true }];
}

/** Longest path first, Exact before Prefix; of two for the same, the older Ingress. */
export function inOrder(routes: readonly EdgeRoute[]): readonly EdgeRoute[] {
  return [...routes].sort((left, right) => Number(left.fallback) - Number(right.fallback) || hostRank(right.host) - hostRank(left.host) || byPath(left.path, right.path));
}

function warnOfTwins(context: EdgeContext, ingresses: readonly Ingress[], routes: readonly EdgeRoute[]): void {
  const first = new Map<string, EdgeRoute>();
  for (const route of routes) {
    const key = route.fallback ? 'default' : `${route.host} ${route.path.kind} ${route.path.value}`;
    const before = first.get(key);
    if (before === undefined) { first.set(key, route); continue; }
    const ingress = ingresses.find((one) => refText(refOf(one)) === refText(route.object));
    if (ingress !== undefined && refText(before.object) !== refText(route.object)) {
      context.warn(ingress, 'host-and-path-taken', route.field, route.fallback ? `${refText(before.object)} has a default backend already: this one is never asked.` : `host "${route.host}" and path "${route.path.value}" is already defined in ingress ${before.object.namespace}/${before.object.name}: this rule is never asked.`);
    }
  }
}

/** The two listeners of an Ingress controller, and what it leaves alone although somebody may have meant it. */
export function ingressListeners(context: EdgeContext, workload: EdgeWorkload, manners: EdgeManners): { readonly listeners: readonly EdgeListener[]; readonly missed: readonly MissedRoute[]; readonly hosts: readonly string[] } {
  const classes = new Map(context.ingresses.map((ingress) => [ingress, classOf(context, ingress)]));
  const own = context.ingresses.filter((ingress) => { const found = classes.get(ingress); return found !== undefined && serves(workload, found); });
  const served = new Set(own);
  const routes = own.flatMap((ingress) => routesOf(context, ingress, manners));
  warnOfTwins(context, own, routes);
  const ordered = inOrder(routes);
  const certificates: { host: string; certificate: EdgeCertificate }[] = [];
  for (const ingress of own) {
    listOf(ingress.spec?.tls).forEach(({ hosts }, index) => {
      for (const host of listOf(hosts)) if (!certificates.some((one) => one.host === host)) certificates.push({ host, certificate: certificateFor(context, ingress, index, host, manners) });
    });
  }
  const named = ordered.find(({ fallback }) => !fallback)?.object;
  const decider = { object: named ?? workload.ref, field: named === undefined ? null : 'spec.tls' };
  if (manners.fakeName !== null) certificates.push({ host: '', certificate: { names: [manners.fakeName], trust: 'self-signed', fake: true, decider, says: `No Ingress has a certificate for this host: the controller shows its own, "${manners.fakeName}".` } });
  certificates.sort((left, right) => hostRank(right.host) - hostRank(left.host));
  const missed = context.ingresses.flatMap((ingress): readonly MissedRoute[] => {
    const found = classes.get(ingress);
    if (found === undefined || served.has(ingress) || context.workloads.some((other) => other.carries && serves(other, found))) return [];
    return routesOf(context, ingress, manners).map((route) => ({ route, unserved: true, ...unservedBecause(ingress, found) }));
  });
  const object = workload.ref;
  return {
    listeners: [{ name: 'http', object, field: null, port: 80, host: '', tls: null, certificates: [], routes: ordered }, { name: 'https', object, field: null, port: 443, host: '', tls: 'terminate', certificates, routes: ordered }],
    missed, hosts: [...new Set(own.flatMap(ingressHosts))],
  };
}

/** Why nobody serves an Ingress, in a sentence, and what a repair would change. */
export function unservedBecause(ingress: Ingress, found: FoundClass): { readonly object: ReturnType<typeof refOf>; readonly field: string | null; readonly why: string } {
  const name = refText(refOf(ingress));
  if (found.name === null) return { object: refOf(ingress), field: 'spec.ingressClassName', why: `${name} has no ingressClassName, and no IngressClass is the default: no controller serves it.` };
  if (found.object === null) return { object: refOf(ingress), field: found.field, why: `${name} is of class ${found.name}, and there is no IngressClass of that name: no controller serves it.` };
  return { object: refTo('IngressClass', '', found.name), field: 'spec.controller', why: `${name} is of class ${found.name}, whose controller ${found.object.spec?.controller ?? '(none)'} does not run in this cluster: nobody serves it.` };
}
