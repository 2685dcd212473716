// Makes docs/packs/<id>.md from each pack in policies/, and the table in docs/packs/README.md: node scripts/generate-pack-pages.mjs [--check]
// With --check it writes nothing and ends with 1 where a page is not what its pack says. The verdicts of the examples are those of the pack's own
// tests, which other tests run: a page can be out of date, but not wrong. Deterministic.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages = join(root, "docs", "packs");
const README = join(pages, "README.md");
const TABLE = ["<!-- packs: made by scripts/generate-pack-pages.mjs -->", "<!-- end of packs -->"];
/** Who may make exceptions to a rule, by its `overridable`. */
const EXCEPTIONS = { never: "nobody", host: "the host", workspace: "host and repository" };
const VERBS = { read_file: "read", git_operation: "git", network_request: "request", mcp_tool_call: "MCP" };

const { loadPack, TEST_WORLD } = await load("src/policy/index.ts");
const names = readdirSync(join(root, "policies"))
  .filter((name) => name.endsWith(".yaml"))
  .sort();
const packs = names.map((name) => read(name));
const made = new Map(packs.map((pack) => [join(pages, `${pack.id}.md`), page(pack)]));
made.set(README, withTable(existsSync(README) ? readFileSync(README, "utf8") : `# Policy packs\n\n${TABLE.join("\n")}\n`));

mkdirSync(pages, { recursive: true });
const left = readdirSync(pages).filter((name) => name.endsWith(".md") && !made.has(join(pages, name)));
const stale = [...made].filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text);
if (process.argv.includes("--check")) {
  for (const [file] of stale) console.error(`out of date: ${file.slice(root.length + 1)}; run node scripts/generate-pack-pages.mjs`);
  for (const name of left) console.error(`no pack has the page docs/packs/${name}`);
  process.exit(stale.length + left.length === 0 ? 0 : 1);
}
for (const [file, text] of stale) writeFileSync(file, text);
for (const name of left) rmSync(join(pages, name));
console.log(`${made.size} pages, ${stale.length} written`);

function read(name) {
  const source = readFileSync(join(root, "policies", name), "utf8");
  const loaded = loadPack(source, name, "host");
  if (!loaded.ok) throw new Error(`policies/${name}: ${loaded.problems[0].message}`);
  return { ...loaded.value, sections: sectionsOf(source), about: aboutOf(source) };
}

/** What the pack's source says of itself before its first key. */
function aboutOf(source) {
  const lines = source.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  return lines
    .slice(0, end)
    .map((line) => line.slice(2))
    .join(" ")
    .replaceAll(" The language is spec/policy.md.", "")
    .trim();
}

/** Headings of the source (`# --- name ---`) by line, so that the page has the order and the chapters that the author gave the rules. */
function sectionsOf(source) {
  return source.split("\n").flatMap((line, at) => {
    const found = /^ {2}# --- (.*?) -+$/.exec(line);
    return found === null ? [] : [{ line: at + 1, title: found[1] }];
  });
}

function page(pack) {
  return `${[
    `# ${pack.id}`,
    `<!-- Made from policies/${pack.id}.yaml by scripts/generate-pack-pages.mjs. Change the pack, not this page. -->`,
    pack.description,
    pack.about,
    facts(pack),
    "## Switch it on",
    switchOn(pack),
    "## Rules",
    ...rules(pack),
    ...overrides(pack),
    ...defaults(pack),
    "## Examples",
    `From the pack's own tests, which every build runs. The workspace is \`${TEST_WORLD.workspace_root}\`, the home folder \`${TEST_WORLD.home}\`, the default branch \`${TEST_WORLD.default_branch}\`.`,
    ...examples(pack),
  ].join("\n\n")}\n`;
}

function facts({ version, inherits, rules, tests }) {
  const parents = inherits.map(({ id }) => `[${id}](${id}.md)`).join(", ");
  const own = `${rules.length} rules and ${tests.length} tests of its own`;
  return `Version ${version}. ${parents === "" ? "Inherits nothing" : `Inherits ${parents}, whose rules all hold as well`}; ${own}.`;
}

function switchOn({ id }) {
  const host = `schema_version: cavra.policy.v1\nid: host\nversion: 1.0.0\ndescription: This machine's policy.\ninherits: [${id}]`;
  return [
    "For everything on this machine, in `~/.config/cavra/policy.yaml`:",
    fenced("yaml", host),
    "For one repository, on top of what each person's machine says, in its `.cavra/policy.yaml` (a repository can only tighten):",
    fenced("yaml", host.replace("id: host", "id: this-repository").replace("This machine's policy.", "This repository's policy.")),
    "To try it without switching anything on:",
    fenced("console", `$ npx cavra policy describe ${id}\n$ npx cavra evaluate execute_command 'git status' --dry-run --policy-pack ${id}`),
    "Several packs together: [the overview](README.md).",
  ].join("\n\n");
}

function rules(pack) {
  const chapters = new Map();
  for (const rule of pack.rules) {
    const line = Number(rule.at.split(":").at(-2));
    const title = pack.sections.filter((section) => section.line < line).at(-1)?.title ?? "";
    chapters.set(title, [...(chapters.get(title) ?? []), rule]);
  }
  return [...chapters].flatMap(([title, list]) => [...(title === "" ? [] : [`### ${capital(title)}`]), ruleTable(list)]);
}

function ruleTable(list) {
  const rows = list.map(({ id, verdict, severity, overridable, reason, instead }) => {
    const advice = instead === null ? "" : ` *Instead:* ${instead.text}${instead.command === "" ? "" : `: ${code(instead.command)}`}`;
    return row([`\`${id}\``, verdict, severity, EXCEPTIONS[overridable], `${capital(reason)}.${advice}`]);
  });
  return [
    row(["rule", "verdict", "severity", "exceptions by", "why, and what instead"]),
    row(["---", "---", "---", "---", "---"]),
    ...rows,
  ].join("\n");
}

function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function overrides(pack) {
  if (pack.overrides.length === 0) return [];
  const lines = pack.overrides.map(({ rule, verdict, instead }) => {
    const said = [verdict ?? "", instead === null ? "" : `instead: ${instead.text}`].filter(Boolean);
    return `- \`${rule}\`: ${said.join("; ")}`;
  });
  return ["### Changed in what it inherits", lines.join("\n")];
}

function defaults(pack) {
  if (pack.defaults.length === 0) return [];
  const rows = pack.defaults.map(({ kind, verdict, unknown }) => row([kind, verdict ?? "", unknown ?? ""]));
  return ["### Where no rule speaks", ["| effect | known | not known before it runs |", "|---|---|---|", ...rows].join("\n")];
}

function examples(pack) {
  const shown = pack.tests.filter(({ input }) => input.kind === "action");
  const passing = shown.filter(({ expect }) => expect === "allow");
  const stopping = shown.filter(({ expect }) => expect !== "allow");
  return [
    "### What passes",
    passing.map((test) => `- ${action(test)}`).join("\n"),
    "### What does not",
    ["| action | verdict | rule |", "|---|---|---|", ...stopping.map(exampleRow)].join("\n"),
  ];
}

function exampleRow(test) {
  return row([action(test), test.expect, test.rule === "" ? "" : `\`${test.rule}\``]);
}

function action({ input }) {
  const text = input.target.startsWith(`${TEST_WORLD.workspace_root}/`)
    ? input.target.slice(TEST_WORLD.workspace_root.length + 1)
    : input.target;
  const verb = input.action_type === "write_file" ? input.operation : (VERBS[input.action_type] ?? "");
  const given = input.action_type === "mcp_tool_call" && !["", "{}"].includes(input.arguments) ? ` ${code(input.arguments)}` : "";
  return `${verb === "" ? "" : `${verb} `}${code(text)}${given}`;
}

function withTable(text) {
  const [begin, end] = TABLE.map((mark) => text.indexOf(mark));
  if (begin === -1 || end === -1) throw new Error("docs/packs/README.md has lost the marks of its table");
  const rows = packs.map(
    ({ id, description, rules, tests }) => `| [${id}](${id}.md) | ${description} | ${rules.length} | ${tests.length} |`,
  );
  const table = ["| pack | what it is | rules | tests |", "|---|---|---|---|", ...rows].join("\n");
  return `${text.slice(0, begin)}${TABLE[0]}\n${table}\n${text.slice(end)}`;
}

function code(text) {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function fenced(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function load(path) {
  const outfile = join(tmpdir(), `cavra-pages-${process.pid}.mjs`);
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  await build({ entryPoints: [join(root, path)], outfile, bundle: true, platform: "node", format: "esm", banner, logLevel: "warning" });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
