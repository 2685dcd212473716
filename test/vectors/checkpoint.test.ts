// spec/vectors/checkpoint: notes, checkpoints, cosignatures and the witness's rule; keys and signatures were made by another program.

import { expect } from "vitest";
import { privateKeyOfSeed, type Result, type Signer, signerOf } from "../../src/base/index.js";
import {
  cosign,
  formatVerifierKey,
  judgeGrowth,
  type NoteKey,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  parseWitnessRequest,
  signCheckpoint,
  verifyCosignatures,
} from "../../src/evidence/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly call: "sign" | "verifier_key" | "open" | "cosign" | "cosigned" | "witness";
  readonly input: Input;
  readonly expect: unknown;
}

interface Input {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  readonly seed: string;
  readonly text: string;
  readonly note: string;
  readonly keys: readonly string[];
  readonly name: string;
  readonly time_seconds: number;
  readonly request: string;
  readonly memory: { readonly size: number; readonly root: string } | null;
}

runArea<Vector>("checkpoint", "evidence.md", (vector) => expect(answer(vector)).toEqual(vector.expect));

function answer({ call, input }: Vector): unknown {
  switch (call) {
    case "sign":
      return { note: signCheckpoint({ origin: input.origin, size: input.size, root: bytes(input.root) }, signer(input.seed)) };
    case "verifier_key":
      return told(parseVerifierKey(input.text), (key) => {
        expect(formatVerifierKey(key)).toBe(input.text);
        return { name: key.name, algorithm: key.algorithm, public_key: hex(key.publicKey) };
      });
    case "open":
      return told(openCheckpoint(input.note, keysOf(input)), ({ origin, size, root }) => ({ origin, size, root: hex(root) }));
    case "cosign":
      return { line: cosign(input.text, input.time_seconds, input.name, signer(input.seed)) };
    case "cosigned":
      return cosigned(input);
    case "witness":
      return witness(input);
  }
}

function cosigned(input: Input): unknown {
  const note = parseNote(input.note);
  if (!note.ok) return { code: note.problem.code };
  return told(verifyCosignatures(note.value, keysOf(input)), (found) => ({
    witnesses: found.map(({ key, timeSeconds }) => [key.name, timeSeconds]),
  }));
}

function witness(input: Input): unknown {
  const request = parseWitnessRequest(input.request);
  if (!request.ok) return { code: request.problem.code };
  const memory = input.memory === null ? undefined : { size: input.memory.size, root: bytes(input.memory.root) };
  return told(judgeGrowth(request.value, keysOf(input), memory), ({ checkpoint }) => ({ size: checkpoint.size }));
}

function keysOf({ keys }: Input): readonly NoteKey[] {
  return keys.flatMap((text) => {
    const key = parseVerifierKey(text);
    expect(key.ok).toBe(true);
    return key.ok ? [key.value] : [];
  });
}

function signer(seed: string): Signer {
  const made = signerOf(privateKeyOfSeed(bytes(seed)));
  if (made === null) throw new Error("no signer");
  return made;
}

function told<T>(result: Result<T>, show: (value: T) => unknown): unknown {
  return result.ok ? show(result.value) : { code: result.problem.code };
}

function hex(value: Uint8Array): string {
  return Buffer.from(value).toString("hex");
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "hex");
}
