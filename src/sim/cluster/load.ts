// The first load: every document of the manifests into an empty cluster, the same outcome whatever the order of the files.
import { fail, succeed } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { sortedBy } from '../base/order.ts';
import { suffix } from '../base/choose.ts';
import type { KubeObject, Service } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import type { Decoded } from './decode.ts';
import { isSimulated } from './kinds.ts';
import { bareKind } from './kinds/not-simulated.ts';
import { objectText, placeOf, problemAt, quoted, whereOf } from './problem-at.ts';
import { isRecord, sameJson } from './record.ts';
import { placed, stamp, timestampOf, uidOf } from './server-metadata.ts';
import { keyOf } from './store.ts';
import type { Store, Stored } from './store.ts';
import { judge } from './validate.ts';
import { claimsIn, familiesIn, strayAddresses, take, usualRanges } from './validate/taken.ts';

export interface LoadOptions {
  /** False: what a cluster would refuse is kept as far as it can be read, and said in the warnings. */
  readonly validate?: boolean;
}

/**
 * The store with the documents in it. Fields that a running cluster had set are taken as they are. Fails with every problem of every document; with `validate: false` these are warnings.
 * Warnings: `declared-twice` (the later document stands), `kind-not-simulated` (once for each kind).
 */
export function loadDocuments(store: Store, documents: readonly Decoded[], options: LoadOptions = {}): Result<{ readonly store: Store; readonly warnings: readonly Problem[] }, Problem> {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const chosen = new Map<string, Decoded>();
  for (const document of documents) {
    const object = placed(nameGiven(document.object));
    const key = keyOf(refOf(object));
    const before = chosen.get(key);
    if (before !== undefined && !sameJson(before.object, object)) warnings.push(declaredTwice(before, { object, origin: document.origin }));
    chosen.set(key, { object, origin: document.origin });
  }
  const sorted = sortedBy(chosen.entries(), ([key]) => key);
  const objects = new Map(store.objects);
  const kept: Decoded[] = [];
  let revision = store.revision;
  // Ranges are the Cluster document's, so that it must stand in the store before any Service is judged.
  const ranges: Store = { ...store, objects: new Map([...store.objects, ...sorted.filter(([, { object }]) => object.apiVersion === 'k8snet-lab/v1').map(([key, { object, origin }]) => [key, keep(judge(object, null).object, object, origin, 0)] as const)]) };
  const known = claimsIn(ranges, true);
  // A dump of a cluster with both families shows it by its addresses.
  const families = familiesIn(ranges, sorted.flatMap(([, { object }]) => { const { object: full } = judge(object, null); return isService(full) ? [full] : []; }));
  const claims = { ranges: known.ranges, families, addresses: new Map(known.addresses), nodePorts: new Map(known.nodePorts) };
  for (const [key, { object, origin }] of sorted) {
    const { object: full, findings } = judge(object, claims);
    for (const finding of findings) problems.push(problemAt(object, origin, finding));
    if (isService(full) && object.metadata.uid === undefined && object.metadata.resourceVersion === undefined) warnings.push(...strayAddresses(full, claims).map((ip) => strayAddress(object, origin, ip)));
    if (isService(full)) take(full, claims.addresses, claims.nodePorts);
    revision += 1;
    objects.set(key, keep(full, object, origin, revision));
    kept.push({ object: full, origin });
  }
  warnings.push(...notSimulated(kept));
  if (problems.length > 0 && options.validate !== false) return fail(...inOrderOfFiles(problems));
  const refusals = problems.map((problem): Problem => ({ ...problem, severity: 'warning' }));
  return succeed({ store: { ...store, objects, revision }, warnings: [...inOrderOfFiles(refusals), ...inOrderOfFiles(warnings)] });
}

const isService = (object: KubeObject): object is Service => object.kind === 'Service' && object.apiVersion === 'v1';

const strayAddress = (object: KubeObject, origin: Decoded['origin'], ip: string): Problem => ({
  code: 'unusual-address', severity: 'warning', says: `${ip} is not in ${usualRanges.join(', ')}: the Services of this cluster are taken to have another range`,
  where: whereOf(object, origin, 'spec.clusterIPs'), help: `Where ${usualRanges.join(', ')} is the range, the API server refuses this address. spec.network.services of a Cluster document says the range.`,
});

// A name that the server is to make up is made up from the object itself: the order of documents must not matter.
function nameGiven(object: KubeObject): KubeObject {
  const prefix = object.metadata.generateName;
  return object.metadata.name !== '' || prefix === undefined ? object : { ...object, metadata: { ...object.metadata, name: `${prefix}${suffix(0, JSON.stringify(object), 5)}` } };
}

/** The object as the store keeps it: loaded ones were there from the beginning. */
function keep(full: KubeObject, written: KubeObject, origin: Decoded['origin'], revision: number): Stored {
  const { uid, creationTimestamp, resourceVersion } = full.metadata;
  const object = stamp(full, {
    uid: uid ?? uidOf(keyOf(refOf(full))),
    creationTimestamp: creationTimestamp ?? timestampOf(0),
    resourceVersion: resourceVersion ?? String(revision),
  });
  return { object, origin, lastApplied: lastAppliedOf(written), implied: false, created: 0 };
}

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

// A manifest was applied; a dump says in its annotation what was, or never was applied at all.
function lastAppliedOf(written: KubeObject): KubeObject | null {
  const text = written.metadata.annotations?.[annotation];
  if (text === undefined) return written.metadata.uid === undefined && written.metadata.resourceVersion === undefined ? written : null;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && isRecord(value['metadata']) ? { ...value, apiVersion: written.apiVersion, kind: written.kind, metadata: { ...value['metadata'], name: written.metadata.name } } : null;
  } catch {
    return null;
  }
}

function declaredTwice(before: Decoded, after: Decoded): Problem {
  const place = placeOf(before.origin, '');
  return {
    code: 'declared-twice', severity: 'warning', says: `${objectText(after.object)} is declared twice; the later document stands`,
    where: whereOf(after.object, after.origin, null), help: `The other one is in ${before.origin.file}${place === null ? '' : `, line ${place[0]}`}.`,
  };
}

// Once for each kind, with the place of its first object.
function notSimulated(documents: readonly Decoded[]): readonly Problem[] {
  const found = new Map<string, Decoded[]>();
  for (const document of documents) {
    const { apiVersion, kind } = document.object;
    if (isSimulated(apiVersion, kind)) continue;
    const id = `${bareKind(kind)} (${apiVersion})`;
    const same = found.get(id);
    if (same === undefined) found.set(id, [document]);
    else same.push(document);
  }
  return [...found].flatMap(([id, same]): readonly Problem[] => {
    const [first] = same;
    return first === undefined ? [] : [{
      code: 'kind-not-simulated', severity: 'warning', says: `${id} is kept but not simulated: ${same.length === 1 ? `${quoted(first.object.metadata.name)} has` : `its ${same.length} objects have`} no effect on the network.`,
      where: whereOf(first.object, first.origin, null), help: null,
    }];
  });
}

const inOrderOfFiles = (problems: readonly Problem[]): readonly Problem[] =>
  sortedBy(problems.map((problem, index) => ({ problem, index })), ({ problem, index }) =>
    `${problem.where?.file ?? ''}\u0000${String(problem.where?.line ?? 0).padStart(9, '0')}\u0000${String(index).padStart(9, '0')}`).map(({ problem }) => problem);
