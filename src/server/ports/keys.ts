// Where idempotency keys are kept. Implements spec/service.md 3.9; in the state folder, or in the database that several servers share.

export type BegunKey =
  /** It is ours to do. `attempts`: when it was tried, in milliseconds, this one last; with others before it nobody knows whether it was done. */
  | { readonly kind: "ours"; readonly attempts: readonly number[] }
  | { readonly kind: "under_way" }
  | { readonly kind: "other_body" }
  | ({ readonly kind: "kept" } & KeptAnswer);

export interface KeptAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
}

/** Rejects where the keys cannot be used: then nothing is done. */
export interface KeysPort {
  /** On the disk when it settles. `name` says caller, method, target and key. */
  readonly begin: (name: string, bodyDigest: string) => Promise<BegunKey>;
  readonly keep: (name: string, answer: KeptAnswer) => Promise<void>;
  /** It was not done, or nobody can say: the next one finds it uncertain. */
  readonly release: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A request that is done once: what ids are made of, so that what it recorded can be found. */
export interface Once {
  readonly name: string;
  readonly attempts: readonly number[];
}
