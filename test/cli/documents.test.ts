// Every command and sample in the documents is run: `console` blocks hold lines that begin with `$ `, and below them the output, checked loosely (ids,
// digests, places and people differ); `yaml` blocks with a schema version are policies; `make` targets exist. Proves that the documents tell the truth.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cavra, program, run, scratch, write } from "./program.js";

const ROOT = join(import.meta.dirname, "../..");
const DOCUMENTS = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...["docs", "docs/packs", "spec"].flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name))),
].filter((name) => name.endsWith(".md"));

interface Block {
  readonly document: string;
  readonly language: string;
  readonly text: string;
}

const blocks = DOCUMENTS.flatMap((document): Block[] => {
  const text = readFileSync(join(ROOT, document), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((found) => ({ document, language: found[1] ?? "", text: found[2] ?? "" }));
});
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

interface Sample {
  readonly command: string;
  readonly output: readonly string[];
}

function samplesIn(text: string): readonly Sample[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...output] = part.trimEnd().split("\n");
      return { command, output };
    });
}

/** What differs from machine to machine and from run to run. */
function loosely(line: string): string {
  return line
    .replaceAll(/\bdec_\w+/g, "ID")
    .replaceAll(/sha256:[0-9a-f]+…?/g, "DIGEST")
    .replaceAll(/\d{4}-\d\d-\d\d\.journal\+\d+/g, "PLACE")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\S+@\S+( on \S+)?$/g, "WHO")
    .trimEnd();
}

describe("the samples of", () => {
  const documents = [...new Set(of("console").map(({ document }) => document))];

  it("some document at least are there", () => {
    expect(documents).toContain("README.md");
  });

  it.each(documents)("%s run, one after the other, and print what they say", async (document) => {
    const place = scratch({ "shop/.env": "KEY=1\n", "shop/src/x": "" });
    const bin = write(join(place.root, "bin/cavra"), `#!/bin/sh\nexec '${process.execPath}' '${program()}' "$@"\n`);
    await run("chmod", ["755", bin]);
    const env = { ...place.env, PATH: `${join(place.root, "bin")}:${process.env.PATH}` };
    for (const { command, output } of of("console")
      .filter((block) => block.document === document)
      .flatMap(({ text }) => samplesIn(text))) {
      if (/^(npm|make|git) /.test(command)) continue;
      expect(command, document).toMatch(/^(npx )?cavra /);
      const done = await run("/bin/sh", ["-c", command.replace(/^npx /, "")], { cwd: place.repository, env });
      expect([0, 3, 4, 5], `${document}: ${command}\n${done.stdout}${done.stderr}`).toContain(done.status);
      const printed = (done.stdout + done.stderr).split("\n").map(loosely);
      let at = 0;
      for (const line of output.filter((text) => text.trim() !== "" && text.trim() !== "…").map(loosely)) {
        const found = printed.indexOf(line, at);
        expect(found, `${document}: \`${command}\` does not print \`${line}\` but\n${printed.join("\n")}`).not.toBe(-1);
        at = found + 1;
      }
    }
  });

  it.each(
    of("yaml")
      .filter(({ text }) => text.includes("schema_version: cavra.policy.v1"))
      .map((block) => [block.document, block] as const),
  )("a policy in %s holds", async (_, { text }) => {
    const place = scratch();
    write(join(place.repository, ".cavra/policy.yaml"), text);
    expect(await cavra(place, ["policy", "validate"])).toMatchObject({ status: 0, stderr: "" });
  });

  it("all documents name only make targets that exist", () => {
    const targets = new Set([...readFileSync(join(ROOT, "Makefile"), "utf8").matchAll(/^([a-z-]+):/gm)].map((found) => found[1]));
    const named = of("sh", "console").flatMap(({ document, text }) =>
      [...text.matchAll(/^(?:\$ )?make ([a-z-]+)/gm)].map((found) => [document, found[1]] as const),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(([, target]) => !targets.has(target))).toEqual([]);
  });
});

describe("spec/cli.md", () => {
  const text = readFileSync(join(ROOT, "spec/cli.md"), "utf8");
  const inTable = [...text.matchAll(/^\| `cavra ([a-z -]+)` \|/gm)].map((found) => found[1] ?? "");

  it("lists every command that there is, and no other", async () => {
    const place = scratch();
    const commandsOf = async (...path: string[]): Promise<string[]> => {
      const { stdout } = await cavra(place, [...path, "--help"]);
      const list = stdout.split("\nCommands:\n")[1] ?? "";
      return [...list.matchAll(/^ {2}([a-z]+(?:-[a-z]+)*)/gm)].map((found) => found[1] ?? "").filter((name) => name !== "help");
    };
    const there: string[] = [];
    for (const name of await commandsOf()) {
      const below = await commandsOf(name);
      there.push(...(below.length === 0 ? [name] : below.map((sub) => `${name} ${sub}`)));
    }
    expect([...inTable].sort()).toEqual(there.sort());
  });

  it("lists every code that the command line can give", () => {
    const folder = join(ROOT, "src/cli");
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    const codes = sources.flatMap((name) =>
      [...readFileSync(join(folder, name), "utf8").matchAll(/(?:code: |bad\(\s*|CavraError\(\s*|: )"([a-z]+(?:_[a-z]+)+)"/g)].map(
        (found) => found[1] ?? "",
      ),
    );
    // Words of other kinds that the pattern finds too.
    const words = new Set([
      "execute_command",
      "read_file",
      "write_file",
      "git_operation",
      "network_request",
      "mcp_tool_call",
      "require_approval",
      "not_installed",
      "taken_out",
      "was_there",
      "runs_unguarded",
      "known_bad",
      "known_good",
      "toolu_demo",
      "go_promotion",
      "observe_on",
      "exception_added",
      "exception_removed",
      "keys_made",
      "key_rotated",
      "root_pinned",
      "token_made",
      "token_revoked",
      "trust_signed",
      "not_configured",
      "ack_minutes",
      "escalation_owner",
      "repeat_minutes",
      "rate_limit",
    ]);
    // What answers HTTP has its codes there.
    const service = readFileSync(join(ROOT, "spec/service.md"), "utf8");
    const missing = [...new Set(codes)].filter((code) => !words.has(code) && !`${text}${service}`.includes(`\`${code}\``));
    expect(missing).toEqual([]);
  });
});
