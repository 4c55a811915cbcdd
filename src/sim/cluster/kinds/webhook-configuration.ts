// ValidatingWebhookConfiguration in `kubectl get`: who is asked before an object is taken (pkg/printers/internalversion, printValidatingWebhook).
import { ageColumn, column, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const validatingWebhookConfiguration: Kind = {
  kind: 'ValidatingWebhookConfiguration', plural: 'validatingwebhookconfigurations', singular: 'validatingwebhookconfiguration', shortNames: [], group: 'admissionregistration.k8s.io', versions: ['v1'], namespaced: false,
  columns: (stored, store) => [nameColumn(stored), column('WEBHOOKS', 'webhooks' in stored.object && Array.isArray(stored.object.webhooks) ? stored.object.webhooks.length : 0), ageColumn(stored, store)],
};
