// The schemas of spec/schema as the server's document has them: each file and each definition that is needed is one schema with a name.
// Implements spec/service.md 14.1: what is defined there is not written again here.

import action from "../../spec/schema/action.schema.json" with { type: "json" };
import approvalRequest from "../../spec/schema/approval-request.schema.json" with { type: "json" };
import cli from "../../spec/schema/cli.schema.json" with { type: "json" };
import decision from "../../spec/schema/decision.schema.json" with { type: "json" };
import record from "../../spec/schema/record.schema.json" with { type: "json" };
import { CavraError, type JsonObject, type JsonValue } from "../base/index.js";

const FILES: Readonly<Record<string, JsonObject>> = {
  action: action as unknown as JsonObject,
  "approval-request": approvalRequest as unknown as JsonObject,
  cli: cli as unknown as JsonObject,
  decision: decision as unknown as JsonObject,
  record: record as unknown as JsonObject,
};

/** These and all that they refer to, by name (`record`, `record.verdict`), each with that as its `$id`. */
export function published(names: readonly string[]): readonly JsonObject[] {
  const found = new Map<string, JsonObject>();
  const wanted = [...names];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (found.has(name)) continue;
    const [file = "", definition] = name.split(".");
    const moved = move(sourceOf(file, definition), file, wanted) as JsonObject;
    found.set(name, { $id: name, ...moved });
  }
  return [...found.values()];
}

/** The names that a key of a published schema may have. */
export function publishedNames(name: string, key: string): string[] {
  const [file = "", definition] = name.split(".");
  const about = (sourceOf(file, definition).properties as JsonObject | undefined)?.[key] as JsonObject | undefined;
  return [...((about?.enum ?? []) as readonly string[])];
}

function sourceOf(file: string, definition: string | undefined): JsonObject {
  const whole = FILES[file];
  const source = definition === undefined ? whole : ((whole?.$defs as JsonObject | undefined)?.[definition] as JsonObject | undefined);
  if (source === undefined) throw new CavraError("installation_damaged", `no schema ${file} ${definition ?? ""}`);
  return source;
}

/** What only places a schema says nothing to a reader of the document. */
const PLACING: ReadonlySet<string> = new Set(["$schema", "$id", "$defs"]);

function move(value: JsonValue, file: string, wanted: string[]): JsonValue {
  if (Array.isArray(value)) return value.map((item) => move(item, file, wanted));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as JsonObject).filter(([key]) => !PLACING.has(key));
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      if (key !== "$ref" || typeof inner !== "string") return [key, move(inner, file, wanted)];
      const name = nameOf(inner, file);
      wanted.push(name);
      return [key, `${name}#`];
    }),
  );
}

/** `#/$defs/x` of a file, `other.schema.json#/$defs/x`, or a whole file. */
function nameOf(reference: string, file: string): string {
  const found = /^(?:(?:https:\/\/cavra\.dev\/schema\/)?([a-z-]+)\.schema\.json)?(?:#\/\$defs\/([a-z0-9_]+))?$/.exec(reference);
  if (found === null) throw new CavraError("installation_damaged", `a schema refers to ${reference}`);
  return [found[1] ?? file, found[2]].filter((part) => part !== undefined).join(".");
}
