// spec/vectors/dsse: envelopes, signed by another program.

import { expect } from "vitest";
import { privateKeyOfSeed, signerOf } from "../../src/base/index.js";
import { isSignedBy, parseEnvelope, preAuthEncoding, signEnvelope } from "../../src/evidence/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly call: "encoding" | "sign" | "read";
  readonly input: {
    readonly type: string;
    readonly payload: string;
    readonly signers: readonly (readonly [string, string])[];
    readonly envelope: string;
    readonly public_key: string;
  };
  readonly expect: unknown;
}

runArea<Vector>("dsse", "trust.md", (vector) => expect(answer(vector)).toEqual(vector.expect));

function answer({ call, input }: Vector): unknown {
  switch (call) {
    case "encoding":
      return { message: Buffer.from(preAuthEncoding(input.type, bytes(input.payload))).toString("hex") };
    case "sign": {
      const signers = input.signers.flatMap(([keyId, seed]) => {
        const signer = signerOf(privateKeyOfSeed(bytes(seed)));
        return signer === null ? [] : [{ keyId, signer }];
      });
      const signed = signEnvelope(input.type, bytes(input.payload), signers);
      return signed.ok ? { envelope: signed.value } : { code: signed.problem.code };
    }
    case "read":
      return read(input.envelope, bytes(input.public_key));
  }
}

function read(text: string, publicKey: Uint8Array): unknown {
  const envelope = parseEnvelope(text);
  if (!envelope.ok) return { code: envelope.problem.code };
  const { payloadType, payload, signatures } = envelope.value;
  const signed = signatures.map((one) => isSignedBy(envelope.value, one, publicKey));
  return { type: payloadType, payload: Buffer.from(payload).toString("hex"), signed };
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "hex");
}
