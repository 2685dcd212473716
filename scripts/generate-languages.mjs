// spec/catalogue/languages.yaml → languages.json: the table of each language, with its short entries checked. A step of scripts/generate.mjs.
// The short form and its errors are described in spec/languages.md section 4; a mistake in the table stops the build.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const ROLES = new Set(
  "read write delete read_tree write_tree delete_tree delete_contents delete_maybe_tree move open mode perl_open shell sql code code_text script require process command exec_list send receive url host callback chdir setenv putenv dump opaque skip popen load url_known".split(
    " ",
  ),
);

/** The text of languages.json. */
export function languagesJson(root) {
  const tables = parse(readFileSync(join(root, "spec", "catalogue", "languages.yaml"), "utf8"), { merge: true });
  const compiled = Object.fromEntries(
    ["python", "javascript", "perl", "ruby", "php"].map((language) => [language, table(tables[language], language)]),
  );
  return `${JSON.stringify(compiled)}\n`;
}

function table(source, language) {
  const lexicon = source.lexicon;
  return {
    lexicon: {
      line_comments: lexicon.line_comments,
      block_comments: lexicon.block_comments ?? [],
      operators: words(lexicon.operators).sort((a, b) => b.length - a.length),
      keywords: words(lexicon.keywords),
      name_characters: lexicon.name_characters ?? "",
      sigils: lexicon.sigils ?? "",
      newlines_end_statements: lexicon.newlines_end_statements,
    },
    functions: entries(source.functions, language),
    methods: Object.fromEntries(
      Object.entries(source.methods ?? {}).map(([type, methods]) => [type, entries(methods, `${language}.${type}`)]),
    ),
    values: source.values ?? {},
    renames: source.renames ?? {},
    hiding: words(source.hiding ?? ""),
    bare: words(source.bare ?? ""),
    growing: words(source.growing ?? ""),
    changing: words(source.changing ?? ""),
  };
}

// One line may name several functions that do the same: `os.remove os.unlink: "path:delete"`.
function entries(source, where) {
  const all = {};
  for (const [names, line] of Object.entries(source ?? {})) {
    for (const name of words(names)) {
      if (Object.hasOwn(all, name)) throw new Error(`spec/catalogue/languages.yaml: ${where}: \`${name}\` stands twice`);
      all[name] = entry(String(line), `${where}.${name}`);
    }
  }
  return all;
}

// `path:delete other:write... -> result`, with `self:role` for the receiver: checked here, and read where it is looked up, so that the table
// stays a third of the size that it would have spelled out.
function entry(line, where) {
  const [left = "", result = "", more] = line.split("->").map((part) => words(part).join(" "));
  if (more !== undefined) throw new Error(`spec/catalogue/languages.yaml: ${where}: more than one \`->\``);
  for (const word of words(left)) {
    const role = (word.endsWith("...") ? word.slice(0, -3) : word).split(":")[1] ?? "";
    if (role !== "" && !ROLES.has(role)) throw new Error(`spec/catalogue/languages.yaml: ${where}: unknown role \`${role}\``);
  }
  return result === "" ? left : `${left} -> ${result}`.trim();
}

function words(text) {
  return String(text)
    .split(/\s+/)
    .filter((word) => word !== "");
}
