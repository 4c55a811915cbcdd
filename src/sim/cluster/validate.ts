// Everything that the API server would refuse in an object: its fields, its values, and what the other objects already have.
import { closest, distance } from 'fastest-levenshtein';
import type { KubeObject, Service } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { conform } from './conform.ts';
import { filled, withDefaults } from './defaults.ts';
import { simulatedKinds } from './kinds.ts';
import { splitVersion } from './kinds/not-simulated.ts';
import { isOwnGroup } from './namesakes.ts';
import { problemAt, quoted } from './problem-at.ts';
import type { Finding } from './problem-at.ts';
import { allResources, resourceOf } from './schema/shape.ts';
import type { Origin, Store } from './store.ts';
import { kindFindings } from './validate/kinds.ts';
import { metadata } from './validate/metadata.ts';
import { claimsIn, takenFindings } from './validate/taken.ts';
import type { Claims } from './validate/taken.ts';

/** An object as the API server would keep it, and what stands against keeping it. */
export interface Judged {
  readonly object: KubeObject;
  readonly findings: readonly Finding[];
}

/**
 * The problems of an object, all of them, each with its field path in the API server's words and its place in the file. `others` are the objects beside which it is to stand: `null` asks about the object alone.
 * A wrong type ends the question there, as it does on the server: what cannot be read has no values to judge.
 */
export const validate = (object: KubeObject, origin: Origin | null, others: Store | null): Problem[] =>
  judge(object, others === null ? null : claimsIn(others)).findings.map((finding) => problemAt(object, origin, finding));

/** An object with its defaults, and everything that is wrong with it; `claims` is what the others have, `null` to ask about the object alone. */
export function judge(given: KubeObject, claims: Claims | null): Judged {
  const unknown = unknownKind(given);
  // Where validation is off the object is read as what was meant.
  if (unknown !== undefined) return { object: withDefaults(unknown.apiVersion === null ? given : { ...given, apiVersion: unknown.apiVersion }), findings: [unknown.finding] };
  const conformed = conform(given);
  const object = filled(conformed.object);
  if (conformed.findings.some((finding) => finding.code === 'wrong-type')) return { object, findings: conformed.findings };
  const namespaced = resourceOf(object.apiVersion, object.kind)?.namespaced ?? null;
  return {
    object,
    findings: [
      ...conformed.findings,
      ...metadata(object, namespaced),
      ...kindFindings(object),
      ...(claims !== null && isService(object) ? takenFindings(object, claims) : []),
    ],
  };
}

const isService = (object: KubeObject): object is Service => object.kind === 'Service' && object.apiVersion === 'v1';

/**
 * A kind that no API server has: one that the simulation needs, in a group of Kubernetes that does not have it or in a version long gone; or, in a version that is served, one that does not exist (a typing error).
 * Everything else that the schema does not have is a custom resource, or was one of Kubernetes' own once. `apiVersion` is where the kind is, `null` for nowhere.
 */
function unknownKind(object: KubeObject): { readonly finding: Finding; readonly apiVersion: string | null } | undefined {
  if (resourceOf(object.apiVersion, object.kind) !== undefined) return undefined;
  const [group] = splitVersion(object.apiVersion);
  const served = allResources().filter((resource) => resource.apiVersion === object.apiVersion);
  const isNeeded = isOwnGroup(group) && simulatedKinds().some(({ kind }) => kind === object.kind);
  if (served.length === 0 && !isNeeded) return undefined;
  const says = `no matches for kind ${quoted(object.kind)} in version ${quoted(object.apiVersion)}`;
  const elsewhere = allResources().filter((resource) => resource.kind === object.kind);
  const meant = elsewhere.find((resource) => splitVersion(resource.apiVersion)[0] === group) ?? elsewhere[0];
  if (meant !== undefined) return { finding: { code: 'unknown-kind', field: 'apiVersion', says, help: `Write apiVersion: ${meant.apiVersion}` }, apiVersion: meant.apiVersion };
  const near = closest(object.kind, served.map((resource) => resource.kind));
  const help = distance(near.toLowerCase(), object.kind.toLowerCase()) <= Math.max(2, object.kind.length / 3) ? `Did you mean ${quoted(near)}?` : 'Kubernetes has no such kind.';
  return { finding: { code: 'unknown-kind', field: 'kind', says, help }, apiVersion: null };
}
