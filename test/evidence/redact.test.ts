// Redaction beyond the vectors: nothing that was found stays anywhere, hostile texts are linear, spans follow their text.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildRecord, findSecrets, redactedSpan } from "../../src/evidence/index.js";
import { tokenForms } from "../../src/evidence/secrets/tokens.js";
import { builtRecord, SAMPLE_KEY, sampleId, sampleInput } from "./sample.js";

describe("redaction", () => {
  test("every form of token is found by its shortest text, and one character less is not", () => {
    const filling: Readonly<Record<string, string>> = { hex: "a", upper: "B", path: "a" };
    for (const { kind, prefix, alphabet, count } of tokenForms()) {
      const token = prefix + (filling[alphabet] ?? "c").repeat(count);
      expect(findSecrets(`x ${token} y`).map((one) => one.kind)).toEqual([kind]);
      expect(findSecrets(`x ${token.slice(0, -1)} y`).filter((one) => one.kind === kind)).toEqual([]);
    }
  });

  test("a secret that was found is nowhere in the record's bytes, whatever stands around it", () => {
    const secret = `ghp_${"aB3dE5gH7jK9".repeat(3)}`;
    const around = fc.string({ unit: "grapheme", maxLength: 12 });
    fc.assert(
      fc.property(around, around, around, (a, b, c) => {
        const target = `${a} ${secret} ${b}${secret}${c}`;
        const effects = [
          { kind: "read", target: `/srv/${secret}${c}`, extent: "exact", place: "here", span: { start: 0, end: 1 }, via: [] },
        ] as const;
        const { judgement } = sampleInput();
        if (judgement === null) throw new Error("no judgement");
        const built = buildRecord(sampleInput({ target, judgement: { ...judgement, effects } }), SAMPLE_KEY);
        expect(built.ok && !built.value.text.includes(secret)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("findings are in order, apart, inside the text, and the same each time", () => {
    const pieces = [
      "password",
      "=",
      ":",
      " ",
      '"',
      "'",
      "\\",
      "--",
      "-p",
      "mysql ",
      "token",
      "abc123def",
      "://",
      "@",
      "u:p",
      "Bearer ",
      "Authorization",
      "eyJ",
      "ghp_",
      "a".repeat(36),
      "\n",
      "$X",
      "/",
      "é",
      "😀",
      "-----BEGIN ",
      "PRIVATE KEY-----",
      ";",
      "(",
      "\ud800",
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join("")),
        (text) => {
          const findings = findSecrets(text);
          let at = 0;
          for (const { start, end } of findings) {
            expect(start >= at && end > start && end <= text.length).toBe(true);
            at = end;
          }
          expect(findSecrets(text)).toEqual(findings);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test("hostile texts take linear time", () => {
    const hostile = [
      "pass=/",
      'password="',
      "://a:",
      "://",
      "authorization: ",
      "authorization: `",
      "-----BEGIN ",
      "eyJaaaaaaaaaa.",
      "a",
      "\\",
      "password:\\",
      "token ",
      'token "',
      "mysql -p ",
      "password='/",
      'password="/x" ',
      "cookie: $a ",
      "ghp_",
      "curl -u ",
      "=\\\\",
      'token=\\"',
    ];
    // A quadratic one takes minutes for these; the time limit of the test is what it would miss.
    for (const piece of hostile) findSecrets(piece.repeat(Math.ceil(300_000 / piece.length)));
  }, 20_000);

  test("commitments differ from record to record, from place to place and from key to key", () => {
    const target = "tool --token abc123def456";
    const one = builtRecord({ target }).record.redactions[0]?.commitment;
    const other = builtRecord({ target, recordId: sampleId(1) }).record.redactions[0]?.commitment;
    const keyed = buildRecord(sampleInput({ target }), new Uint8Array(32));
    expect(one).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
    expect(new Set([one, other, keyed.ok && keyed.value.record.redactions[0]?.commitment]).size).toBe(3);
  });

  test("the action's digest is no oracle: it says nothing about the secret that the marker does not", () => {
    const digest = (secret: string) => {
      const { record } = builtRecord({ target: `PASSWORD=${secret} psql` });
      return { marker: record.action?.target, digest: record.action_digest };
    };
    const [one, other] = [digest("letmein"), digest("letmeout")];
    expect(one.marker).not.toBe(other.marker);
    expect(one.digest).not.toBe(other.digest);
    const { record } = builtRecord({ target: one.marker ?? "" });
    expect(record.action_digest).toBe(one.digest); // computable from what the record shows
  });
});

describe("a span of the original", () => {
  const target = "PW=letmein cat a; TOKEN=abc123def cat b";
  const { record } = builtRecord({ target });
  const shown = record.action?.target ?? "";
  const cases: readonly (readonly [string, RegExp])[] = [
    ["PW", /^PW$/],
    ["PW=letmein", /^PW=\[redacted:password:\w{16}\]$/],
    ["tme", /^\[redacted:password:\w{16}\]$/],
    ["cat a", /^cat a$/],
    ["in cat a; TOKEN=ab", /^\[redacted:password:\w{16}\] cat a; TOKEN=\[redacted:secret:\w{16}\]$/],
    ["cat b", /^cat b$/],
    [target, /^PW=\[.*\] cat b$/],
  ];
  for (const [part, expected] of cases) {
    test(`for \`${part}\` is found in the redacted text`, () => {
      const start = target.indexOf(part);
      const span = redactedSpan({ start, end: start + part.length }, "/action/target", record.redactions);
      expect(Buffer.from(shown).subarray(span.start, span.end).toString()).toMatch(expected);
    });
  }
});
