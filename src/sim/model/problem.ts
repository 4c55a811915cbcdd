// What a person wrote wrong, with the place and what to do about it. Collected, never only the first.

export interface Where {
  readonly file: string;
  /** Both count from 1; `null` where the input has no lines (an object made by a command). */
  readonly line: number | null;
  readonly column: number | null;
  /** `KIND NAMESPACE/NAME`, or `KIND NAME` for what has no namespace. */
  readonly object: string | null;
  /** In the API server's form: `spec.ports[0].nodePort`. */
  readonly field: string | null;
}

export interface Problem {
  /** A word of a closed set, in kebab case: `yaml-syntax`, `unknown-field`, `invalid-value` … */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence, the API server's own where it has one. */
  readonly says: string;
  readonly where: Where | null;
  /** What to do about it. */
  readonly help: string | null;
}
