// Cuts what a worker writes into lines, however the system hands it over: half a line, ten at once, a byte a second.
// A line over the limit is told once, as soon as it is over, and its rest passed over: the temptation is to wait for its end, which may never come.

import { LINE_BYTES } from "./wire.js";

export interface LineCutter {
  /** Lines that are whole now, without their ends; null for one that is too long. */
  readonly take: (chunk: Uint8Array) => readonly (Buffer | null)[];
}

export function lineCutter(limitBytes: number = LINE_BYTES): LineCutter {
  let parts: Buffer[] = [];
  let size = 0;
  let skipping = false;
  const end = (): readonly Buffer[] => {
    const line = skipping ? [] : [Buffer.concat(parts)];
    parts = [];
    size = 0;
    skipping = false;
    return line;
  };
  return {
    take: (chunk) => {
      const lines: (Buffer | null)[] = [];
      let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      while (rest.length > 0) {
        const at = rest.indexOf(0x0a);
        const piece = at === -1 ? rest : rest.subarray(0, at);
        size += piece.length;
        if (size > limitBytes && !skipping) {
          skipping = true;
          parts = [];
          lines.push(null);
        }
        if (!skipping) parts.push(piece);
        if (at === -1) break;
        lines.push(...end());
        rest = rest.subarray(at + 1);
      }
      return lines;
    },
  };
}
