// RFC 6962 section 2.1 word for word, over leaves in memory: what the tree of tiles is compared with.

import { createHash } from "node:crypto";

const sha = (...parts: readonly (string | Uint8Array)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1);

/** MTH over data. */
export function naiveRoot(data: readonly Uint8Array[]): Buffer {
  if (data.length === 0) return sha();
  const [first] = data;
  if (data.length === 1 && first !== undefined) return sha(Buffer.from([0]), first);
  const k = split(data.length);
  return sha(Buffer.from([1]), naiveRoot(data.slice(0, k)), naiveRoot(data.slice(k)));
}

/** PATH(m, D[n]). */
export function naivePath(m: number, data: readonly Uint8Array[]): readonly Buffer[] {
  if (data.length === 1) return [];
  const k = split(data.length);
  if (m < k) return [...naivePath(m, data.slice(0, k)), naiveRoot(data.slice(k))];
  return [...naivePath(m - k, data.slice(k)), naiveRoot(data.slice(0, k))];
}

/** PROOF(m, D[n]). */
export function naiveProof(m: number, data: readonly Uint8Array[]): readonly Buffer[] {
  return subproof(m, data, true);
}

function subproof(m: number, data: readonly Uint8Array[], whole: boolean): readonly Buffer[] {
  if (m === data.length) return whole ? [] : [naiveRoot(data)];
  const k = split(data.length);
  if (m <= k) return [...subproof(m, data.slice(0, k), whole), naiveRoot(data.slice(k))];
  return [...subproof(m - k, data.slice(k), false), naiveRoot(data.slice(0, k))];
}
