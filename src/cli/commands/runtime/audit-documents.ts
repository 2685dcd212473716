// The documents that leases named, looked for by their digests. Implements spec/promotion.md 10.6.
// INVARIANT: a file is taken for what its bytes are; where it lies and what it is called says nothing.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { compareBytes, sha256 } from "../../../base/index.js";
import { AUDIT_ANSWERS, type AuditKind, askedBeside, type KitDocument } from "../../../promotion/index.js";
import { type DocumentPaths, readDocumentFile } from "../../../release/index.js";
import { findApproval } from "../../../store/index.js";

export interface DocumentPlaces {
  readonly paths: DocumentPaths;
  /** Folders where documents were kept. */
  readonly folders: readonly string[];
  readonly stateFolder: string;
}

const FOLDER_FILES = 1_000;

/** What a kit has of the evidence of these digests and of all that it speaks of, by kind and name; what is not found has no content. */
export function gatherDocuments(evidence: readonly string[], places: DocumentPlaces): readonly KitDocument[] {
  const find = finderOf(places);
  const found = new Map<string, KitDocument>();
  const add = (document: KitDocument) => void found.set(`${document.kind} ${document.name}`, document);
  for (const digest of evidence) {
    const content = find(digest);
    const beside = content === null ? null : askedBeside("promotion_evidence", content);
    // A file of that digest that is no evidence was never what a gate passed: the kit says that it is missing.
    add({ kind: "promotion_evidence", name: digest, content: beside === null ? null : content });
    for (const line of beside ?? []) {
      const [kind = "", name = ""] = line.split(" ");
      if (kind === "approval_request") for (const one of approvalOf(name, places.stateFolder)) add(one);
      else add({ kind: kind as AuditKind, name, content: find(name) });
    }
  }
  return [...found.entries()].sort(([a], [b]) => compareBytes(a, b)).map(([, document]) => document);
}

function approvalOf(approvalId: string, stateFolder: string): readonly KitDocument[] {
  const stored = findApproval(stateFolder, approvalId);
  const request = { kind: "approval_request", name: approvalId } as const;
  if (stored === null || !stored.ok || stored.approvalId !== approvalId) return [{ ...request, content: null }];
  const { asked, answers } = stored.files;
  const given = answers
    .map(({ text }) => Buffer.from(text))
    .filter((content) => askedBeside("approval_answer", content) !== null)
    .slice(0, AUDIT_ANSWERS);
  return [
    { ...request, content: Buffer.from(asked.text) },
    ...given.map((content) => ({ kind: "approval_answer" as const, name: sha256(content), content })),
  ];
}

function finderOf({ paths, folders }: DocumentPlaces): (digest: string) => Buffer | null {
  const named = Object.values(paths).filter((path) => path !== "");
  const around = [...new Set([...named.map(dirname), ...(paths.package === "" ? [] : [paths.package]), ...folders])];
  const waiting = [...new Set([...named, ...around.flatMap(filesIn)])];
  const known = new Map<string, string>();
  return (digest) => {
    const before = known.get(digest);
    if (before !== undefined) return readAgain(before, digest);
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const bytes = readDocumentFile(path);
      if (bytes === null) continue;
      const one = sha256(bytes);
      if (!known.has(one)) known.set(one, path);
      if (one === digest) return Buffer.from(bytes);
    }
    return null;
  };
}

/** It may have been replaced since it was looked at. */
function readAgain(path: string, digest: string): Buffer | null {
  const bytes = readDocumentFile(path);
  return bytes !== null && sha256(bytes) === digest ? Buffer.from(bytes) : null;
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .slice(0, FOLDER_FILES)
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}
