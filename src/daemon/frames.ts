// Cuts what comes over the authority's socket into frames, and makes them. Implements spec/backend.md 8.2. Pure.
// SECURITY: the length comes from elsewhere; nothing of that size is set aside before the bytes are there.

/** Of the text in one frame. */
export const FRAME_BYTES = 8 * 1024 * 1024;
const HEAD_BYTES = 4;

/** Null for a text that does not fit into a frame, and for none at all. */
export function frameOf(text: string): Buffer | null {
  const size = Buffer.byteLength(text);
  if (size === 0 || size > FRAME_BYTES) return null;
  const frame = Buffer.allocUnsafe(HEAD_BYTES + size);
  frame.writeUInt32BE(size);
  frame.write(text, HEAD_BYTES);
  return frame;
}

/** What has come so far: not all of it, one frame with how many bytes stand behind it, or a length that no frame has. */
export type Cut =
  | { readonly kind: "partial" }
  | { readonly kind: "frame"; readonly text: Buffer; readonly moreBytes: number }
  | { readonly kind: "malformed"; readonly sizeBytes: number };

export interface FrameCutter {
  readonly take: (chunk: Buffer) => Cut;
}

/** For one frame: a connection carries one each way but for the hello, and what follows is another frame. */
export function frameCutter(): FrameCutter {
  let chunks: Buffer[] = [];
  let have = 0;
  return {
    take: (chunk) => {
      chunks.push(chunk);
      have += chunk.length;
      if (have < HEAD_BYTES) return { kind: "partial" };
      // The chunks are put together when the head can be read, and again when the frame is whole: twice, however many they are.
      if ((chunks[0]?.length ?? 0) < HEAD_BYTES) chunks = [Buffer.concat(chunks)];
      const size = chunks[0]?.readUInt32BE() ?? 0;
      if (size === 0 || size > FRAME_BYTES) return { kind: "malformed", sizeBytes: size };
      if (have < HEAD_BYTES + size) return { kind: "partial" };
      const whole = Buffer.concat(chunks);
      chunks = [whole];
      return { kind: "frame", text: whole.subarray(HEAD_BYTES, HEAD_BYTES + size), moreBytes: have - HEAD_BYTES - size };
    },
  };
}

/** The frames of one direction, one after the other, each as soon as it is whole. Nothing follows a length that no frame has. */
export function frameReader(): (chunk: Buffer) => readonly Exclude<Cut, { kind: "partial" }>[] {
  let cutter = frameCutter();
  let broken = false;
  return (chunk) => {
    const found: Exclude<Cut, { kind: "partial" }>[] = [];
    for (let rest = chunk; rest.length > 0 && !broken; ) {
      const cut = cutter.take(rest);
      if (cut.kind === "partial") break;
      found.push(cut);
      broken = cut.kind === "malformed";
      rest = cut.kind === "frame" ? rest.subarray(rest.length - cut.moreBytes) : Buffer.alloc(0);
      cutter = frameCutter();
    }
    return found;
  };
}
