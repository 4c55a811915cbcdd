// An expected failure is a value: a result holds what was asked for, or everything that stood in its way.

/** Either a value or the list of failures that prevented it (never empty). */
export type Result<Value, Failure> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failures: readonly Failure[] };

export const succeed = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

export const fail = <Failure>(...failures: readonly Failure[]): { readonly ok: false; readonly failures: readonly Failure[] } => ({ ok: false, failures });
