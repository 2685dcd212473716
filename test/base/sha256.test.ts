// Our own SHA-256 gives what node:crypto gives, and a digest does not tell who made it. Proves spec/record.md section 3.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sha256 } from "../../src/base/index.js";
import { sha256Bytes } from "../../src/base/sha256.js";

const ofNode = (content: Uint8Array | string) => createHash("sha256").update(content).digest("hex");
const ours = (content: Uint8Array) => Buffer.from(sha256Bytes(content)).toString("hex");

it("hashes every length up to five blocks, where the padding turns", () => {
  for (let size = 0; size <= 320; size++) {
    const content = Uint8Array.from({ length: size }, (_, i) => (i * 167 + size) & 0xff);
    expect(ours(content), `${size} bytes`).toBe(ofNode(content));
  }
});

it("hashes any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 5_000 }), (content) => ours(content) === ofNode(content)));
});

it("hashes the example of the standard", () => {
  expect(ours(Buffer.from("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

it("gives the same digest before and after the process has hashed as much as it hashes itself", () => {
  const content = "é😀".repeat(400);
  for (let round = 0; round < 8; round++) expect(sha256(content)).toBe(`sha256:${ofNode(content)}`);
});
