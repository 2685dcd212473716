// A source span: where in the action's text something stands. Implements spec/change.md section 1. Twin of go/base/span.go.

/** Half-open UTF-8 byte offsets into the action's `target`. Code found inside a word keeps the span of the word that carries it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
