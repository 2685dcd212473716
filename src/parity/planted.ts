// Planted mismatches: answers that were altered on purpose, of which the comparison must see every one. Implements spec/parity.md 6.1. Pure.
// The temptation is to trust a comparison because it found nothing: nothing is also what one finds that does not look.

import { canonicalJson, type JsonObject, type JsonValue, parseJson } from "../base/index.js";
import { agrees, expectedLine } from "./compare.js";

export interface Planted {
  readonly altered: number;
  readonly seen: number;
}

/** All alterations of one judgement, as answers to one request. */
export function plant(judgement: string, digests: { readonly request: string; readonly policy: string }): Planted {
  const line = (text: string, { request, policy }: typeof digests) =>
    expectedLine("1", { digest: request }, { ok: true, value: text }, policy);
  const expected = line(judgement, digests);
  const answers: Uint8Array[] = alterations(judgement).flatMap((text) => bytesOf(line(text, digests)));
  answers.push(
    ...bytesOf(line(judgement, { ...digests, request: digests.policy })),
    ...bytesOf(line(judgement, { ...digests, policy: digests.request })),
  );
  for (const bytes of bytesOf(expected)) answers.push(...brokenBytes(bytes));
  return { altered: answers.length, seen: answers.filter((answer) => !agrees(expected, answer)).length };
}

function bytesOf(expected: ReturnType<typeof expectedLine>): readonly Buffer[] {
  return expected.kind === "line" ? [Buffer.from(expected.text)] : [];
}

/** Texts of judgements with one value changed, one member left out or added, or two neighbours of a list swapped. */
function alterations(judgement: string): readonly string[] {
  const read = parseJson(judgement);
  const changed = read.ok ? altered(read.value) : [];
  return changed.flatMap((value) => {
    const text = canonicalJson(value);
    return text.ok && text.value !== judgement ? [text.value] : [];
  });
}

function altered(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return alteredList(value as readonly JsonValue[]);
  if (typeof value === "object" && value !== null) return alteredObject(value as JsonObject);
  if (typeof value === "string") return [`${value} `, value.slice(1), value.toUpperCase(), value === "" ? "x" : ""];
  if (typeof value === "number") return [value + 1, value - 1];
  return [typeof value === "boolean" ? !value : {}];
}

function alteredList(list: readonly JsonValue[]): readonly JsonValue[] {
  const each = list.flatMap((item, at) => altered(item).map((one) => [...list.slice(0, at), one, ...list.slice(at + 1)]));
  const without = list.map((_, at) => [...list.slice(0, at), ...list.slice(at + 1)]);
  const swapped = list.slice(1).map((item, at) => [...list.slice(0, at), item, list[at] ?? null, ...list.slice(at + 2)]);
  return [...each, ...without, ...swapped, [...list, null]];
}

function alteredObject(value: JsonObject): readonly JsonValue[] {
  const entries = Object.entries(value);
  const each = entries.flatMap(([key, member]) => altered(member).map((one) => ({ ...value, [key]: one })));
  const without = entries.map(([key]) => Object.fromEntries(entries.filter(([name]) => name !== key)));
  return [...each, ...without, { ...value, extra: "" }];
}

/** The bytes with one changed, one lost, one more: at the ends and at places spread over them. */
function brokenBytes(bytes: Uint8Array): readonly Uint8Array[] {
  const places = [...new Set([0, bytes.length - 1, ...Array.from({ length: PLACES }, (_, n) => Math.floor((bytes.length * n) / PLACES))])];
  return places.flatMap((at) => {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    return [
      flipped,
      Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
      Buffer.concat([bytes.subarray(0, at), Buffer.from(" "), bytes.subarray(at)]),
    ];
  });
}

const PLACES = 32;
