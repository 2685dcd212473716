// spec/vectors/shell: each text goes through the shell reader, and its tree, or what is unsupported in it, is compared with what is written.

import { describe, expect, test } from "vitest";
import { readShell } from "../../src/change/shell/index.js";
import { render, type Show } from "../shell/render.js";
import { readCases } from "./cases.js";

/** A piece of a text: repeated, or half a surrogate pair, written as the three bytes that UTF-8 would have for it. */
type Piece = { readonly text: string; readonly times?: number } | { readonly hex: string };

interface Case {
  readonly id: string;
  readonly note: string;
  readonly text: string | readonly Piece[];
  readonly show: Show;
  readonly expect: string;
}

describe("vectors: shell", () => {
  for (const one of readCases<Case>("shell")) {
    test(`${one.id} ${one.note}`, () => {
      expect(render(readShell(textOf(one)), one.show)).toBe(one.expect);
    });
  }
});

function textOf({ text }: Case): string {
  if (typeof text === "string") return text;
  return text.map((piece) => ("hex" in piece ? halfPair(piece.hex) : piece.text.repeat(piece.times ?? 1))).join("");
}

function halfPair(hex: string): string {
  const [first = 0, second = 0, third = 0] = Buffer.from(hex, "hex");
  return String.fromCharCode(((first & 15) << 12) | ((second & 63) << 6) | (third & 63));
}
