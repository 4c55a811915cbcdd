// What ingress-nginx makes of an Ingress beyond the API: its annotations, and how one annotation changes a whole host (kubernetes/ingress-nginx, internal/ingress).
import type { EdgeBackend, EdgeRedirect, EdgeRoute, EdgeSources } from '../model/edge.ts';
import type { Ingress } from '../model/edge-objects.ts';
import { refOf, refText } from '../model/object.ts';
import type { EdgeContext } from './edge-context.ts';

const prefix = 'nginx.ingress.kubernetes.io/';

export const noteOf = (ingress: Ingress, name: string): string | undefined => ingress.metadata.annotations?.[prefix + name];
const fieldOf = (name: string): string => `metadata.annotations[${prefix}${name}]`;

/** `true` where the annotation says so; its own default elsewhere. */
const isTrue = (ingress: Ingress, name: string): boolean => noteOf(ingress, name) === 'true';

export const isCanary = (ingress: Ingress): boolean => isTrue(ingress, 'canary');
export const passesTls = (ingress: Ingress): boolean => isTrue(ingress, 'ssl-passthrough');

/** Every path of a host becomes a pattern without regard to case as soon as one Ingress of it has such an annotation (docs: ingress-path-matching; template.go, enforceRegexModifier). */
export const wantsPatterns = (ingress: Ingress): boolean => isTrue(ingress, 'use-regex') || noteOf(ingress, 'rewrite-target') !== undefined;

/** Sends plain requests to TLS: forced, or because the host has a certificate and nobody says no (lua_ingress.lua, redirect_to_https). */
export function tlsRedirect(ingress: Ingress, certified: { readonly field: string } | undefined, status: EdgeRedirect['status']): EdgeRedirect | null {
  const forced = isTrue(ingress, 'force-ssl-redirect');
  if (!forced && (certified === undefined || noteOf(ingress, 'ssl-redirect') === 'false')) return null;
  return { object: refOf(ingress), field: forced ? fieldOf('force-ssl-redirect') : certified?.field ?? 'spec.tls', status, scheme: 'https', host: null, port: null, path: null, plainOnly: true };
}

/** To another place altogether. */
export function ownRedirect(ingress: Ingress): EdgeRedirect | null {
  for (const [name, usual] of [['permanent-redirect', 301], ['temporal-redirect', 302]] as const) {
    const to = /^(https?):\/\/([^/?#:]+)(?::(\d+))?(\/[^#]*)?$/.exec(noteOf(ingress, name) ?? '');
    if (to === null) continue;
    const status = Number(noteOf(ingress, `${name}-code`) ?? usual);
    return { object: refOf(ingress), field: fieldOf(name), status: status >= 300 && status <= 308 ? status : usual, scheme: to[1] === 'http' ? 'http' : 'https', host: to[2] ?? '', port: to[3] === undefined ? null : Number(to[3]), path: { kind: 'whole', path: to[4] ?? '' }, plainOnly: false };
  }
  return null;
}

/** Who may call at all (403 for everybody else). */
export function sourcesOf(ingress: Ingress): EdgeSources | undefined {
  const name = ['allowlist-source-range', 'whitelist-source-range'].find((one) => noteOf(ingress, one) !== undefined);
  return name === undefined ? undefined : { object: refOf(ingress), field: fieldOf(name), ranges: (noteOf(ingress, name) ?? '').split(',').map((range) => range.trim()).filter((range) => range !== '') };
}

/** Patterns for the hosts that need them; the others as they are. */
export function withPatterns(routes: readonly EdgeRoute[], hosts: ReadonlySet<string>): readonly EdgeRoute[] {
  return routes.map((route) => (hosts.has(route.host) && !route.fallback ? { ...route, path: { kind: 'regex', value: route.path.value, anyCase: true } } : route));
}

const samePlace = (left: EdgeRoute, right: EdgeRoute): boolean => left.host === right.host && left.path.value === right.path.value;

/** A canary takes its share of the requests of the route that has the same host and path, and all of those with its header. */
export function withCanaries(context: EdgeContext, routes: readonly EdgeRoute[], canaries: readonly { readonly ingress: Ingress; readonly route: EdgeRoute }[]): readonly EdgeRoute[] {
  let all = routes;
  for (const { ingress, route } of canaries) {
    if (!all.some((one) => samePlace(one, route))) {
      context.warn(ingress, 'canary-alone', fieldOf('canary'), `${refText(refOf(ingress))} is a canary, and no other Ingress has the host "${route.host}" and path "${route.path.value}": it is never asked.`);
      continue;
    }
    const percent = Number(noteOf(ingress, 'canary-weight') ?? 0);
    const total = Number(noteOf(ingress, 'canary-weight-total') ?? 100);
    const header = noteOf(ingress, 'canary-by-header');
    const share = (backends: readonly EdgeBackend[], weight: number): readonly EdgeBackend[] => backends.map((backend) => ({ ...backend, weight }));
    all = all.flatMap((one): readonly EdgeRoute[] => {
      if (!samePlace(one, route)) return [one];
      const mixed: EdgeRoute = { ...one, backends: [...share(one.backends, Math.max(0, total - percent)), ...share(route.backends, percent)] };
      if (header === undefined) return [mixed];
      const value = noteOf(ingress, 'canary-by-header-value');
      const named = (wanted: string, backends: readonly EdgeBackend[]): EdgeRoute => ({ ...one, headers: [{ name: header.toLowerCase(), value: wanted, regex: false }], backends });
      return value === undefined ? [named('always', route.backends), named('never', one.backends), mixed] : [named(value, route.backends), mixed];
    });
  }
  return all;
}
