// The reference page: the server's own document, written for people. One file of HTML without a script. Implements spec/service.md 14.3. Pure.
// SECURITY: every text of the document is escaped; its policy allows this style alone, by its digest.

import { createHash } from "node:crypto";
import { STYLE } from "./style.js";

type Json = Readonly<Record<string, unknown>>;

interface Operation extends Json {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema?: Json }>> }>
  >;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Json;
}

export interface Documented {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Json>> };
}

export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

interface Placed {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function referencePage({ info, tags = [], paths, components }: Documented): string {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Placed => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = tags.map(({ name, description = "" }) => ({
    name,
    description,
    placed: all.filter(({ operation }) => operation.tags?.[0] === name),
  }));
  const body = [
    `<header><h1>${esc(info.title)} <span class="dim">${esc(info.version)}</span></h1><p>${esc(info.description ?? "")}</p>`,
    `<p class="dim">The same for programs: <a href="openapi.json">openapi.json</a>. A problem is <code>application/problem+json</code> with a <code>code</code>; what each means stands in spec/service.md.</p></header>`,
    `<nav aria-label="operations">${groups.map(contents).join("")}</nav>`,
    `<main>${groups.map(section).join("")}`,
    `<h2 id="schemas">Schemas</h2>${Object.entries(components?.schemas ?? {})
      .map(schemaBlock)
      .join("")}</main>`,
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${esc(info.title)} reference</title><style>${STYLE}</style></head>\n<body>${body.join("\n")}</body></html>\n`;
}

interface Group {
  readonly name: string;
  readonly description: string;
  readonly placed: readonly Placed[];
}

function contents({ name, placed }: Group): string {
  const links = placed.map(
    ({ method, path, operation }) =>
      `<li><a href="#${esc(operation.operationId)}"><span class="method ${esc(method)}">${esc(method)}</span> <code>${esc(path)}</code></a></li>`,
  );
  return `<h3>${esc(name)}</h3><ul>${links.join("")}</ul>`;
}

function section({ name, description, placed }: Group): string {
  return `<h2 id="tag-${esc(name)}">${esc(name)}</h2><p class="dim">${esc(description)}</p>${placed.map(operationBlock).join("\n")}`;
}

function operationBlock({ method, path, operation }: Placed): string {
  const { operationId, summary = "", security, parameters = [], requestBody, responses } = operation;
  const scope = Object.values(security?.[0] ?? {})[0]?.[0];
  const head = `<summary><span class="method ${esc(method)}">${esc(method)}</span> <code>${esc(path)}</code> <span class="scope">${esc(scope ?? "open")}</span><p>${esc(summary)}</p></summary>`;
  const parts = [
    parameters.length === 0 ? "" : `<h3>Parameters</h3><dl>${parameters.map(parameterRow).join("")}</dl>`,
    ...Object.entries(requestBody?.content ?? {}).map(
      ([type, { schema }]) => `<h3>Body <code>${esc(type)}</code></h3>${bodyShown(schema)}`,
    ),
    `<h3>Answers</h3><dl>${answerRows(responses)}</dl>`,
  ];
  return `<details id="${esc(operationId)}" open>${head}<div>${parts.join("")}</div></details>`;
}

function parameterRow({ name, in: where, required = false, description = "", schema = {} }: Parameter): string {
  return `<dt><code>${esc(name)}</code></dt><dd>${esc(where)}${required ? ", needed" : ""} · ${typeOf(schema)}${description === "" ? "" : `<br><span class="dim">${esc(description)}</span>`}</dd>`;
}

/** Key by key; a body of another form as its schema. */
function bodyShown(schema: Json): string {
  const { properties, required = [] } = schema as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  if (properties === undefined) return shown(schema);
  const rows = Object.entries(properties).map(([name, { description = "", ...about }]) => {
    const told = `${required.includes(name) ? "needed · " : ""}${typeOf(about)}`;
    return `<dt><code>${esc(name)}</code></dt><dd>${told}${description === "" ? "" : `<br><span class="dim">${esc(String(description))}</span>`}</dd>`;
  });
  return rows.length === 0 ? "<p><code>{}</code></p>" : `<dl>${rows.join("")}</dl>`;
}

/** Problems are all alike: one line has them all. */
function answerRows(responses: Operation["responses"]): string {
  const entries = Object.entries(responses);
  const isProblem = ([, { content = {} }]: (typeof entries)[number]) => "application/problem+json" in content;
  const good = entries
    .filter((one) => !isProblem(one))
    .map(([status, { description = "", content = {} }]) => {
      const bodies = Object.entries(content).map(
        ([type, { schema }]) => ` · <code>${esc(type)}</code>${schema === undefined ? "" : ` ${typeOf(schema)}`}`,
      );
      return `<dt>${esc(status)}</dt><dd>${esc(description)}${bodies.join("")}</dd>`;
    });
  const bad = entries.filter(isProblem).map(([status]) => esc(status));
  const problems = bad.length === 0 ? "" : `<dt>problems</dt><dd>${bad.join(", ")} · ${reference("problem")}</dd>`;
  return `${good.join("")}${problems}`;
}

function typeOf(schema: Json): string {
  const { $ref, type, enum: names, pattern, items, anyOf } = schema;
  if (typeof $ref === "string") return reference($ref.split("/").at(-1) ?? "");
  if (Array.isArray(names)) return names.map((name) => `<code>${esc(String(name))}</code>`).join(" ");
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeOf(one as Json)).join(" or ");
  if (type === "array" && typeof items === "object" && items !== null) return `list of ${typeOf(items as Json)}`;
  const keys = Object.keys((schema.properties ?? {}) as object);
  if (keys.length > 0) return `{ ${keys.map((key) => `<code>${esc(key)}</code>`).join(", ")} }`;
  return `${esc(typeof type === "string" ? type : "any")}${typeof pattern === "string" ? ` <code>${esc(pattern)}</code>` : ""}`;
}

function reference(name: string): string {
  return `<a href="#schema-${esc(name)}"><code>${esc(name)}</code></a>`;
}

function schemaBlock([name, schema]: readonly [string, Json]): string {
  return `<details id="schema-${esc(name)}"><summary><code>${esc(name)}</code></summary><div>${shown(schema)}</div></details>`;
}

/** As JSON, in which every reference leads to what it names. */
function shown(schema: Json): string {
  if (typeof schema.$ref === "string") return `<p>${typeOf(schema)}</p>`;
  const text = esc(JSON.stringify(schema, null, 2));
  const linked = text.replace(/#\/components\/schemas\/([A-Za-z0-9_.-]+)/g, (_, name: string) => reference(name));
  return `<pre tabindex="0">${linked}</pre>`;
}

function esc(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
