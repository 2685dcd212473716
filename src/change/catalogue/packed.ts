// A catalogue packed for fast starts: an index of names, and after it every program as JSON text of its own, read when it is first asked for.
// Implements spec/catalogue.md clause 2.1 over that form; no twin, and no law: it is made and read by one installation and never travels.
// INVARIANT: what it finds is what the whole catalogue holds under that name. It trusts its text as the installation is trusted.

import type { Catalogue, EnvironmentVariable, McpTool, Program, WholeCatalogue } from "./model.js";

export const PACKED_SCHEMA = "cavra.packed-catalogue.v1";

/** The first line of the packed text is JSON of this; the index follows, `index_length` characters long, and then the descriptions. */
interface Header {
  readonly schema_version: typeof PACKED_SCHEMA;
  readonly catalogue_digest: string;
  readonly index_length: number;
}

/** ASCII throughout, so that its characters are its bytes. */
export function packCatalogue(catalogue: WholeCatalogue, digest: string): string {
  const texts: string[] = [];
  let length = 0;
  const place = (value: unknown): string => {
    const text = asciiJson(value);
    texts.push(text);
    length += text.length;
    return `${length - text.length} ${text.length}`;
  };
  const lines = [
    ...Object.entries(catalogue.programs).map(([name, program]) => line("program", name, place(packProgram(program, place)))),
    ...Object.entries(catalogue.aliases).map(([name, canonical]) => line("alias", name, canonical)),
    ...Object.entries(catalogue.same).map(([name, other]) => line("same", name, other)),
    line("section", "environment", place(catalogue.environment)),
    line("section", "mcp", place(catalogue.mcp)),
  ];
  const index = `\n${lines.join("\n")}\n`;
  const header: Header = { schema_version: PACKED_SCHEMA, catalogue_digest: digest, index_length: index.length };
  return `${JSON.stringify(header)}${index}${texts.join("")}`;
}

/** Of a program whose sub-commands are long, each is a text of its own: an index of them stands in their place. */
interface PackedProgram extends Omit<Program, "subcommands"> {
  readonly packed_subcommands: string;
}

const LONG_ENOUGH = 4096;

function packProgram(program: Program, place: (value: unknown) => string): Program | PackedProgram {
  const { subcommands = {}, ...rest } = program;
  if (JSON.stringify(subcommands).length < LONG_ENOUGH) return program;
  const lines = Object.entries(subcommands).map(([name, below]) => line("sub", name, place(packProgram(below, place))));
  return { ...rest, packed_subcommands: `\n${lines.join("\n")}\n` };
}

type Described = (index: Index, kind: string, name: string) => unknown;

function openProgram(program: Program | PackedProgram, described: Described): Program {
  if (!("packed_subcommands" in program)) return program;
  const { packed_subcommands: index, ...rest } = program;
  return { ...rest, subcommands: readWhenAsked(index, described) };
}

/** To whoever reads it a record like any other; git alone would fill half of the hook's time with sub-commands that nobody asked for. */
function readWhenAsked(index: string, described: Described): Readonly<Record<string, Program>> {
  const find = remembered((name) => {
    const program = described(index, "sub", name) as Program | PackedProgram | undefined;
    return program === undefined ? undefined : openProgram(program, described);
  });
  const has = (name: string | symbol) => typeof name === "string" && findLine(index, "sub", name) !== undefined;
  return new Proxy<Record<string, Program>>(Object.create(null), {
    get: (_, name) => (typeof name === "string" ? find(name) : undefined),
    has: (_, name) => has(name),
    ownKeys: () => namesIn(index),
    getOwnPropertyDescriptor: (_, name) =>
      has(name) ? { value: find(name as string), enumerable: true, configurable: true, writable: true } : undefined,
  });
}

function namesIn(index: string): string[] {
  return index
    .split("\n")
    .slice(1, -1)
    .map((entry) => entry.split(" ")[1] ?? "");
}

function line(kind: string, name: string, value: string): string {
  if (!isPlain(name))
    throw new Error(`\`${name}\` cannot be the name of a ${kind}: blanks, controls and letters beyond ASCII cannot be packed`);
  return `${kind} ${name} ${value}`;
}

function asciiJson(value: unknown): string {
  let text = "";
  for (const unit of JSON.stringify(value).split("")) {
    text += unit < "\x80" ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }
  return text;
}

export interface PackedCatalogue {
  readonly digest: string;
  readonly catalogue: Catalogue;
}

/**
 * `read` gives `length` bytes of the packed text from `offset` on; it is asked for more only when something is looked up. The index stays bytes:
 * as a string it would fill a twentieth of what V8 allocates before it first collects, which few hooks live to see.
 */
export function openPacked(read: (offset: number, length: number) => Buffer): PackedCatalogue {
  const beginning = read(0, HEADER_LENGTH).toString("latin1");
  const headerEnd = beginning.indexOf("\n");
  const header = JSON.parse(beginning.slice(0, headerEnd)) as Header;
  if (header.schema_version !== PACKED_SCHEMA) throw new Error(`a catalogue packed as \`${header.schema_version}\` cannot be read`);
  const index = read(headerEnd, header.index_length);
  const at = headerEnd + header.index_length;
  const described: Described = (among, kind, name) => {
    const place = findLine(among, kind, name);
    if (place === undefined) return undefined;
    const [offset = 0, length = 0] = place.split(" ").map(Number);
    return JSON.parse(read(at + offset, length).toString("latin1"));
  };
  const environment = once(() => described(index, "section", "environment") as Readonly<Record<string, EnvironmentVariable>>);
  const mcp = once(() => described(index, "section", "mcp") as readonly McpTool[]);
  return {
    digest: header.catalogue_digest,
    catalogue: {
      schema_version: "cavra.catalogue.v1",
      programs: remembered((name) => {
        const program = described(index, "program", name) as Program | PackedProgram | undefined;
        return program === undefined ? undefined : openProgram(program, described);
      }),
      aliases: (name) => findLine(index, "alias", name),
      same: (name) => findLine(index, "same", name),
      get environment() {
        return environment();
      },
      get mcp() {
        return mcp();
      },
    },
  };
}

/** More than any header has. */
const HEADER_LENGTH = 512;

/** Lines `KIND NAME VALUE`, each between line breaks: of the whole catalogue as bytes of the file, of a program as text. */
type Index = string | Buffer;

function findLine(index: Index, kind: string, name: string): string | undefined {
  // A name with a blank or a line break could be made to match across what parts the index.
  if (!isPlain(name)) return undefined;
  const start = `\n${kind} ${name} `;
  const at = index.indexOf(start);
  if (at === -1) return undefined;
  const end = index.indexOf("\n", at + start.length);
  return typeof index === "string" ? index.slice(at + start.length, end) : index.toString("latin1", at + start.length, end);
}

function isPlain(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) <= 0x20 || name.charCodeAt(i) >= 0x7f) return false;
  return name !== "";
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

// Only what is there is remembered: names that nobody described come from whoever asks, and have no end.
function remembered<T>(find: (name: string) => T | undefined): (name: string) => T | undefined {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = find(name);
    if (found !== undefined) known.set(name, found);
    return found;
  };
}
