// BackendTLSPolicy, gateway.networking.k8s.io/v1: with which name and authority a Gateway speaks TLS to a Service, and what is wrong with that.
import type { BackendTlsPolicy } from '../model/edge-objects.ts';
import type { BackendVerification } from '../model/edge.ts';
import { refOf, refText, type Service } from '../model/object.ts';
import { listOf, namespaceOf, type EdgeContext } from './edge-context.ts';

export interface BackendTls {
  readonly policy: BackendTlsPolicy;
  readonly verifies: BackendVerification;
  /** What keeps it from working: requests to its backends are answered with an error; `null`: nothing. */
  readonly broken: { readonly reason: 'InvalidCACertificateRef' | 'InvalidKind'; readonly field: string; readonly why: string } | null;
}

type Target = NonNullable<NonNullable<BackendTlsPolicy['spec']>['targetRefs']>[number];

const meant = (target: Target, service: Service, portName: string): boolean =>
  target.kind === 'Service' && target.group === '' && target.name === service.metadata.name && (target.sectionName === undefined || target.sectionName === portName);

function brokenOf(context: EdgeContext, policy: BackendTlsPolicy): BackendTls['broken'] {
  const references = listOf(policy.spec?.validation?.caCertificateRefs);
  const name = refText(refOf(policy));
  const faults = references.map(({ group, kind, name: called }, index): BackendTls['broken'] => {
    const field = `spec.validation.caCertificateRefs[${index}]`;
    if (group !== '' || (kind !== 'ConfigMap' && kind !== 'Secret')) return { reason: 'InvalidKind', field: `${field}.kind`, why: `${name} names ${kind} ${called} as its authority: only ConfigMaps are known` };
    const home = namespaceOf(policy);
    const held = kind === 'Secret' ? context.secret(home, called)?.data : context.configMap(home, called)?.data;
    if (held === undefined) return { reason: 'InvalidCACertificateRef', field: `${field}.name`, why: `${kind} ${home}/${called} of ${name} does not exist` };
    return Object.hasOwn(held, 'ca.crt') ? null : { reason: 'InvalidCACertificateRef', field: `${field}.name`, why: `${kind} ${home}/${called} of ${name} has no key ca.crt` };
  });
  // One good authority is enough.
  return faults.length > 0 && faults.every((fault) => fault !== null) ? faults[0] ?? null : null;
}

/** The policy for a port of a Service: one that names the port before one that names the Service, the older one before the newer (GEP-713, conflict resolution). */
export function backendTlsOf(context: EdgeContext, service: Service, portName: string): BackendTls | null {
  const own = context.backendTls.filter((policy) => namespaceOf(policy) === namespaceOf(service));
  const targeting = (exact: boolean): BackendTlsPolicy | undefined => own.find((policy) => listOf(policy.spec?.targetRefs).some((target) => meant(target, service, portName) && (target.sectionName !== undefined) === exact));
  const policy = targeting(true) ?? targeting(false);
  if (policy === undefined) return null;
  const { hostname = '', subjectAltNames } = policy.spec?.validation ?? {};
  const given = listOf(subjectAltNames);
  // With names of its own the hostname is asked for, and no longer looked for in the certificate; URIs are not looked at.
  const names = given.length === 0 ? [hostname] : given.flatMap((one) => (one.hostname === undefined ? [] : [one.hostname]));
  const broken = brokenOf(context, policy);
  if (broken !== null) context.warn(policy, 'authority-missing', broken.field, `${broken.why}: requests to ${refText(refOf(service))} fail.`);
  return { policy, verifies: { object: refOf(policy), field: given.length > 0 ? 'spec.validation.subjectAltNames' : 'spec.validation.hostname', hostname, names }, broken };
}
