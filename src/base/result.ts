// Bad input as a value, a broken world as an exception; both carry a code. Twin of go/base/result.go.
// Codes are API: snake_case, listed in spec/, the same in TypeScript, Go, HTTP and CLI. Messages are not.

/** What is wrong with an input: `code` for machines, `message` and `hint` for people, `at` where it stands (`policy.yaml:3:5`). */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly at?: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function bad<T>(code: string, message: string, more: { hint?: string; at?: string } = {}): Result<T> {
  return { ok: false, problem: { code, message, ...more } };
}

/** A broken world (disk full, folder not writable, damaged installation): thrown, never returned. `cause` is kept. */
export class CavraError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, more: { hint?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "CavraError";
    this.code = code;
    this.hint = more.hint ?? "";
  }
}
