// What a typed line is made of: pipelines of commands, loops and conditions, each with its redirections. Words stay as they were written.

/** Where a stream goes or comes from; `word` is raw, to be expanded when it runs. */
export type Redirect =
  | { readonly kind: 'file'; readonly stream: 'out' | 'err' | 'both'; readonly append: boolean; readonly word: string }
  | { readonly kind: 'join'; readonly stream: 'out' | 'err'; readonly to: 'out' | 'err' }
  | { readonly kind: 'from-file'; readonly word: string }
  /** A here-document whose delimiter was quoted is not expanded. */
  | { readonly kind: 'here'; readonly text: string; readonly expand: boolean }
  /** `<<< word` */
  | { readonly kind: 'here-word'; readonly word: string };

export type Body = readonly Pipeline[];

export type Command =
  | { readonly kind: 'simple'; readonly text: string }
  | { readonly kind: 'for'; readonly name: string; readonly list: string; readonly body: Body }
  | { readonly kind: 'while'; readonly until: boolean; readonly test: Body; readonly body: Body }
  | { readonly kind: 'if'; readonly branches: readonly { readonly test: Body; readonly body: Body }[]; readonly otherwise: Body | null }
  | { readonly kind: 'case'; readonly word: string; readonly branches: readonly { readonly patterns: readonly string[]; readonly body: Body }[] }
  | { readonly kind: 'group'; readonly body: Body; readonly subshell: boolean }
  | { readonly kind: 'arithmetic'; readonly text: string };

export interface Stage {
  readonly command: Command;
  readonly redirects: readonly Redirect[];
}

export interface Pipeline {
  /** When it runs: always, or by the status of what ran before. */
  readonly after: ';' | '&&' | '||';
  /** `! …` */
  readonly negated: boolean;
  /** `time …` */
  readonly timed: boolean;
  readonly stages: readonly Stage[];
}
