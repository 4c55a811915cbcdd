// Ingress, networking.k8s.io/v1: which class, which controller, which host and path to which Service, with which certificate.
import { byText } from '../base/order.ts';
import type { EdgeBackend, EdgeCertificate, EdgeListener, EdgeManners, EdgePath, EdgeRedirect, EdgeRoute, MissedRoute } from '../model/edge.ts';
import type { Ingress, IngressClass, IngressPath } from '../model/edge-objects.ts';
import { refOf, refText } from '../model/object.ts';
import { assumedCertificate, certificateAnnotation, certificateOf, heldBy } from './certificate.ts';
import { ingressBackend } from './edge-backend.ts';
import { listOf, namespaceOf, refTo, type EdgeContext } from './edge-context.ts';
import { gatewayNameLabel, type EdgeWorkload } from './edge-workloads.ts';
import { hostFits, hostRank } from './host-names.ts';
import { isCanary, noteOf, ownRedirect, passesTls, sourcesOf, tlsRedirect, wantsPatterns, withCanaries, withPatterns } from './ingress-nginx.ts';
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
  // Pods that were made for a Gateway carry that Gateway alone.
  if (controller === null || controller.ingress === null || workload.labels[gatewayNameLabel] !== undefined) return false;
  if (found.object === null) return found.old && found.name === (argument(workload, 'ingress-class') ?? controller.oldClass);
  const own = controller.name === 'ingress-nginx' ? argument(workload, 'controller-class') ?? 'k8s.io/ingress-nginx' : null;
  const called = found.object.spec?.controller ?? '';
  return own === null ? controller.ingress.test(called) : called === own;
}

/** Of a path as the API says it; `/` of the implementation's own type is every path. */
function pathOf({ path, pathType }: IngressPath): EdgePath {
  const value = path === undefined || path === '' ? '/' : path;
  if (pathType === 'Exact') return { kind: 'exact', value };
  return pathType === 'Prefix' || value === '/' ? { kind: 'prefix', value } : { kind: 'text', value };
}

/** The certificate that a controller makes itself, as its program does. */
export function ownCertificate(manners: EdgeManners, decider: EdgeCertificate['decider'], says: string): EdgeCertificate {
  const name = manners.fakeName ?? '';
  const subject = manners.targetPortToo ? `O=Acme Co; CN=${name}` : `CN=${name}`;
  return { names: manners.fakeName === null ? [] : [manners.targetPortToo ? 'ingress.local' : name.toLowerCase()], trust: 'self-signed', fake: true, subject, issuer: subject, from: null, until: null, decider, says };
}

function certificateFor(context: EdgeContext, ingress: Ingress, index: number, host: string, manners: EdgeManners): EdgeCertificate {
  const at = `spec.tls[${index}].secretName`;
  const name = listOf(ingress.spec?.tls)[index]?.secretName;
  const fake = (says: string, object = refOf(ingress), field: string = at): EdgeCertificate => ownCertificate(manners, { object, field }, says);
  const shown = manners.fakeName === null ? 'there is no certificate to show' : `the controller shows its own, "${manners.fakeName}"`;
  if (name === undefined || name === '') return fake(`${refText(refOf(ingress))} names no Secret for ${host}: ${shown}.`);
  const namespace = namespaceOf(ingress);
  const secret = context.secret(namespace, name);
  if (secret === undefined) {
    const elsewhere = context.secretsNamed(name)[0];
    const says = `Secret ${namespace}/${name} of ${refText(refOf(ingress))} does not exist${elsewhere === undefined ? '' : ` (${refText(refOf(elsewhere))} is in another namespace)`}: ${shown}.`;
    context.warn(ingress, 'secret-missing', at, says);
    return fake(says);
  }
  const found = certificateOf(secret, context.now);
  if (found.kind === 'none') {
    context.warn(ingress, 'secret-type', at, `${found.why}: ${shown}.`, 'kubectl create secret tls makes one of type kubernetes.io/tls.');
    return fake(`${found.why}: ${shown}.`, refOf(secret), secret.type === 'kubernetes.io/tls' ? 'data[tls.crt]' : 'type');
  }
  if (found.kind === 'assumed') {
    context.warn(secret, 'certificate-assumed', 'data', `${refText(refOf(secret))} holds nothing that can be read as a certificate: it is taken to be a good one for the hosts of its Ingress.`, `The annotation ${certificateAnnotation} says what it is for.`);
    return assumedCertificate(secret, listOf(listOf(ingress.spec?.tls)[index]?.hosts).length === 0 ? [host] : listOf(listOf(ingress.spec?.tls)[index]?.hosts));
  }
  const certificate: EdgeCertificate = { ...found, fake: false, decider: heldBy(secret) };
  if (found.trust === 'expired') context.warn(ingress, 'certificate-expired', at, `The certificate in ${refText(refOf(secret))} has expired.`);
  if (host === '' || found.names.some((one) => hostFits(one, host, true))) return certificate;
  context.warn(ingress, 'certificate-for-others', at, `${refText(refOf(secret))} holds a certificate for ${found.names.join(', ') || 'nobody'}, not for ${host}.`);
  // ingress-nginx does not show a certificate that is not for the host (controller.go, createServers: "Using default certificate").
  return manners.targetPortToo ? fake(`${refText(refOf(secret))} holds a certificate for ${found.names.join(', ') || 'nobody'}, not for ${host}: ${shown}.`, refOf(secret), 'data[tls.crt]') : certificate;
}

/** The hosts that an Ingress has rules for. */
export const ingressHosts = (ingress: Ingress): readonly string[] => [...new Set([...listOf(ingress.spec?.rules).map(({ host }) => host ?? ''), ...listOf(ingress.spec?.tls).flatMap(({ hosts }) => listOf(hosts))])].filter((host) => host !== '');

/** Which entry of `spec.tls` is for a host: by its list, else by the names of its certificate. */
function tlsEntry(context: EdgeContext, ingress: Ingress, host: string): number {
  const entries = listOf(ingress.spec?.tls);
  const named = entries.findIndex(({ hosts }) => listOf(hosts).some((one) => one.toLowerCase() === host.toLowerCase()));
  if (named >= 0) return named;
  return entries.findIndex(({ secretName }) => {
    const secret = secretName === undefined ? undefined : context.secret(namespaceOf(ingress), secretName);
    const found = secret === undefined ? null : certificateOf(secret, context.now);
    return found?.kind === 'read' && found.names.some((one) => hostFits(one, host, true));
  });
}

/** Hosts that are offered over TLS, with the Ingress and entry that say so; the older Ingress first. */
function tlsHosts(context: EdgeContext, ingresses: readonly Ingress[], manners: EdgeManners): ReadonlyMap<string, { readonly ingress: Ingress; readonly index: number; readonly field: string }> {
  const found = new Map<string, { ingress: Ingress; index: number; field: string }>();
  for (const ingress of ingresses) {
    const entries = listOf(ingress.spec?.tls);
    if (entries.length === 0) continue;
    // ingress-nginx gives every host of such an Ingress a certificate, if only its own (controller.go, createServers).
    const hosts = manners.targetPortToo ? listOf(ingress.spec?.rules).map(({ host }) => host ?? '').filter((host) => host !== '') : entries.flatMap(({ hosts: listed }, index) => (listOf(listed).length > 0 ? listOf(listed) : namesOf(context, ingress, index)));
    for (const host of hosts) if (!found.has(host)) { const index = tlsEntry(context, ingress, host); found.set(host, { ingress, index, field: index < 0 ? 'spec.tls' : `spec.tls[${index}]` }); }
  }
  return found;
}

/** The names of the certificate of an entry that names no hosts. */
function namesOf(context: EdgeContext, ingress: Ingress, index: number): readonly string[] {
  const name = listOf(ingress.spec?.tls)[index]?.secretName;
  const secret = name === undefined ? undefined : context.secret(namespaceOf(ingress), name);
  const found = secret === undefined ? null : certificateOf(secret, context.now);
  return found?.kind === 'read' ? found.names : ingressHosts(ingress);
}

/** All rules of an Ingress in the order in which they stand; the default backend last. `certified` says which hosts have a certificate. */
export function routesOf(context: EdgeContext, ingress: Ingress, manners: EdgeManners, certified: (host: string) => { readonly field: string } | undefined): readonly EdgeRoute[] {
  const object = refOf(ingress);
  const nginx = manners.targetPortToo;
  const note = (name: string): string | undefined => (nginx ? noteOf(ingress, name) : undefined);
  const scheme = /^(HTTPS|GRPCS)$/i.test(note('backend-protocol') ?? '') ? 'https' : 'http';
  const target = note('rewrite-target');
  const vhost = note('upstream-vhost') ?? null;
  const rewrite = target === undefined && vhost === null ? null : { host: vhost, path: target === undefined ? null : { kind: 'groups', path: target } as const };
  const sources = nginx ? sourcesOf(ingress) : undefined;
  const base = { object, method: null, headers: [], query: [], ...(sources === undefined ? {} : { sources }) };
  const redirectFor = (host: string): EdgeRedirect | null => (manners.redirect === null ? null : (nginx ? ownRedirect(ingress) : null) ?? tlsRedirect(ingress, certified(host), manners.redirect));
  const backend = (given: IngressPath['backend'], field: string): EdgeBackend => ingressBackend(context, ingress, given, field, manners, scheme);
  const { defaultBackend } = ingress.spec ?? {};
  const fallback = defaultBackend === undefined ? null : backend(defaultBackend, 'spec.defaultBackend');
  const every = { kind: 'prefix', value: '/' } as const;
  const rules = listOf(ingress.spec?.rules).flatMap((rule, place): readonly EdgeRoute[] => {
    const host = rule.host ?? '';
    const redirect = redirectFor(host);
    if (rule.http === undefined) return fallback === null ? [] : [{ ...base, host, path: every, field: `spec.rules[${place}]`, redirect, rewrite, backends: [fallback], fallback: false }];
    return listOf(rule.http.paths).map((path, index): EdgeRoute => {
      const field = `spec.rules[${place}].http.paths[${index}]`;
      return { ...base, host, path: pathOf(path), field, redirect, rewrite, backends: [backend(path.backend, `${field}.backend`)], fallback: false };
    });
  });
  if (fallback === null) return rules;
  const last = { ...base, path: every, field: 'spec.defaultBackend', redirect: null, rewrite: null, backends: [fallback] };
  if (manners.catchAll === 'everything') return [...rules, { ...last, host: '', fallback: true }];
  // ingress-nginx: the default backend of an Ingress with rules is for its own hosts; of one without, for hosts that no Ingress has.
  const hosts = new Set(listOf(ingress.spec?.rules).map(({ host }) => host ?? ''));
  return [...rules, ...(hosts.size === 0 ? [''] : [...hosts]).map((host): EdgeRoute => ({ ...last, host, redirect: hosts.size === 0 ? null : redirectFor(host), fallback: true }))];
}

/** Longest path first, Exact before Prefix; of two for the same, the older Ingress. */
export function inOrder(routes: readonly EdgeRoute[]): readonly EdgeRoute[] {
  return [...routes].sort((left, right) => Number(left.fallback) - Number(right.fallback) || hostRank(right.host) - hostRank(left.host) || byPath(left.path, right.path));
}

function warnOfTwins(context: EdgeContext, ingresses: readonly Ingress[], routes: readonly EdgeRoute[]): void {
  const first = new Map<string, EdgeRoute>();
  for (const route of routes) {
    const key = route.fallback ? `default ${route.host}` : `${route.host} ${route.path.kind} ${route.path.value}`;
    const before = first.get(key);
    if (before === undefined) { first.set(key, route); continue; }
    const ingress = ingresses.find((one) => refText(refOf(one)) === refText(route.object));
    if (ingress !== undefined && refText(before.object) !== refText(route.object)) {
      context.warn(ingress, 'host-and-path-taken', route.field, route.fallback ? `${refText(before.object)} has a default backend already: this one is never asked.` : `host "${route.host}" and path "${route.path.value}" is already defined in ingress ${before.object.namespace}/${before.object.name}: this rule is never asked.`);
    }
  }
}

/** Backends that are no Services: ingress-nginx leaves such a path out, as if nobody had written it. */
const withoutResources = (routes: readonly EdgeRoute[], context: EdgeContext): readonly EdgeRoute[] => routes.filter(({ object, backends }) => {
  const field = backends[0]?.field ?? '';
  const ingress = context.ingresses.find((one) => refText(refOf(one)) === refText(object));
  return ingress === undefined || !isResource(ingress, field);
});

function isResource(ingress: Ingress, field: string): boolean {
  const [, rule, path] = /^spec\.rules\[(\d+)\]\.http\.paths\[(\d+)\]/.exec(field) ?? [];
  const backend = rule === undefined ? ingress.spec?.defaultBackend : ingress.spec?.rules?.[Number(rule)]?.http?.paths?.[Number(path)]?.backend;
  return backend?.resource !== undefined;
}

/** Of a certificate for hosts that have none: the one that the controller is told to show, or its own. */
function standardCertificate(context: EdgeContext, workload: EdgeWorkload, manners: EdgeManners, named: EdgeRoute | undefined): EdgeCertificate | null {
  const told = manners.targetPortToo ? argument(workload, 'default-ssl-certificate') : undefined;
  const [namespace = '', name = ''] = told?.split('/') ?? [];
  const secret = told === undefined ? undefined : context.secret(namespace, name);
  const found = secret === undefined ? null : certificateOf(secret, context.now);
  if (secret !== undefined && found?.kind === 'read') return { ...found, fake: false, decider: heldBy(secret) };
  if (manners.fakeName === null) return null;
  return ownCertificate(manners, { object: named?.object ?? workload.ref, field: named === undefined ? null : 'spec.tls' }, `No Ingress has a certificate for this host: the controller shows its own, "${manners.fakeName}".`);
}

/** ingress-nginx takes the older one first; of the same age, the last by name (store.go, sortIngressSlice). */
const inTurn = (ingresses: readonly Ingress[], manners: EdgeManners): readonly Ingress[] => {
  const names = ({ metadata }: Ingress): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  return manners.targetPortToo ? [...ingresses].sort((left, right) => byText(left.metadata.creationTimestamp ?? '', right.metadata.creationTimestamp ?? '') || byText(names(right), names(left))) : ingresses;
};

/** The listeners of an Ingress controller, and what it leaves alone although somebody may have meant it. */
export function ingressListeners(context: EdgeContext, workload: EdgeWorkload, manners: EdgeManners): { readonly listeners: readonly EdgeListener[]; readonly missed: readonly MissedRoute[]; readonly hosts: readonly string[] } {
  const nginx = manners.targetPortToo;
  const classes = new Map(context.ingresses.map((ingress) => [ingress, classOf(context, ingress)]));
  const own = inTurn(context.ingresses.filter((ingress) => { const found = classes.get(ingress); return found !== undefined && serves(workload, found); }), manners);
  const served = new Set(own);
  const standing = nginx ? own.filter((ingress) => !isCanary(ingress)) : own;
  const secured = tlsHosts(context, standing, manners);
  const certified = (host: string): { readonly field: string } | undefined => secured.get(host);
  const written = standing.flatMap((ingress) => routesOf(context, ingress, manners, certified));
  warnOfTwins(context, standing, written);
  const routes = nginx ? withCanaries(context, withoutResources(written, context), own.filter(isCanary).flatMap((ingress) => routesOf(context, ingress, manners, certified).map((route) => ({ ingress, route })))) : written;
  const patterned = new Set(nginx ? own.filter(wantsPatterns).flatMap((ingress) => listOf(ingress.spec?.rules).map(({ host }) => host ?? '')) : []);
  const ordered = inOrder(withPatterns(routes, patterned));
  for (const route of ordered) {
    const ingress = own.find((one) => refText(refOf(one)) === refText(route.object));
    if (ingress !== undefined && route.path.kind === 'regex' && patternOf(route.path.value, true) === null) context.warn(ingress, 'pattern-not-followed', `${route.field ?? 'spec'}.path`, `The pattern ${route.path.value} is not followed: it matches nothing here.`);
  }
  const named = ordered.find(({ fallback }) => !fallback);
  const standard = standardCertificate(context, workload, manners, named);
  const certificates = [...secured].map(([host, { ingress, index }]) => ({ host, certificate: index < 0 && standard !== null ? { ...standard, decider: { object: refOf(ingress), field: 'spec.tls' } } : certificateFor(context, ingress, Math.max(index, 0), host, manners) }));
  if (standard !== null) certificates.push({ host: '', certificate: standard });
  certificates.sort((left, right) => hostRank(right.host) - hostRank(left.host));
  const missed = context.ingresses.flatMap((ingress): readonly MissedRoute[] => {
    const found = classes.get(ingress);
    if (found === undefined || served.has(ingress) || context.workloads.some((other) => other.carries && serves(other, found))) return [];
    return routesOf(context, ingress, manners, () => undefined).map((route) => ({ route, unserved: true, ...unservedBecause(ingress, found) }));
  });
  const object = workload.ref;
  // Of a host whose TLS is passed on, port 443 carries connections (ingress-nginx: --enable-ssl-passthrough).
  const passing = nginx && workload.args.includes('--enable-ssl-passthrough') ? standing.filter(passesTls).flatMap(ingressHosts) : [];
  const passed = [...new Set(passing)].map((host): EdgeListener => ({ name: 'https', object, field: null, port: 443, host, tls: 'passthrough', stream: true, certificates: [], routes: ordered.filter((route) => route.host === host).map((route) => ({ ...route, stream: true, redirect: null, path: { kind: 'prefix', value: '/' } })) }));
  return {
    listeners: [{ name: 'http', object, field: null, port: 80, host: '', tls: null, certificates: [], routes: ordered }, { name: 'https', object, field: null, port: 443, host: '', tls: 'terminate', certificates, routes: ordered }, ...passed],
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
