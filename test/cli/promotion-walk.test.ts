// docs/promotion.md as a new user would walk it: every line of its `sh` blocks in order, persons at a real terminal, the second engine really promoted and taken back.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAULTS_ALWAYS } from "../../src/promotion/index.js";
import { readPin } from "../../src/store/index.js";
import { AUDIT_SCRIPT, verifyWithShell } from "../interop/shell.js";
import { atTerminal, NO_TERMINAL } from "./at-terminal.js";
import { committedSources, goCaches } from "./committed-sources.js";
import { cavra, program, run, type Scratch, scratch } from "./program.js";

const ROOT = join(import.meta.dirname, "../..");
const RUNTIME = join(dirname(program()), "bin/cavra-runtime");
const PAGE = readFileSync(join(ROOT, "docs/promotion.md"), "utf8");
const LINES = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) => block.trimEnd().split("\n"));

/** What only a person does, at a terminal. */
const BY_PERSON = /^cavra (keys (init|rotate)|approval approve|runtime go-hold lift)/;
/** Ends that the page speaks of; everything else ends with 0. */
const ENDS: Readonly<Record<string, number>> = { "go-promote --output promotion --reason": 5 };

describe.skipIf(!existsSync(RUNTIME) || NO_TERMINAL !== "")("docs/promotion.md", () => {
  let place: Scratch;
  let source: string;
  let env: Record<string, string | undefined>;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    place = scratch();
    source = await committedSources(place);
    // Nothing here is measured: a worker may take its time.
    env = { ...place.env, ...goCaches(), CAVRA_GO_BACKEND_DEADLINE_MS: "10000" };
  });
  afterAll(async () => {
    await cavra(place, ["down"], { env });
  });

  /** One line as the page has it: `apr_` and `hol_` stand for the id that the command before it told. */
  async function walk(line: string): Promise<string> {
    const exported = /^export (\w+)=(.*)$/.exec(line);
    if (line.startsWith("cavra runtime go-rollback-plan check")) leniently(place);
    if (exported !== null) {
      env[exported[1] ?? ""] = (exported[2] ?? "").replace("$PWD", place.repository);
      return "";
    }
    // The program under test is a copy: it says where it was built.
    const from = line.includes("go-package build") ? ` --source "${source}"` : "";
    const whole = `${line}${from}`.replace(/\b(apr|hol)_(?= |$)/, (id) => ids.get(id) ?? id);
    const { status, shown } = BY_PERSON.test(line) ? await atTerminal(place, wordsOf(whole).slice(1), undefined, env) : await plain(whole);
    const ends = Object.entries(ENDS).find(([part]) => line.includes(part))?.[1] ?? 0;
    expect(status, `${line}\n${shown}`).toBe(ends);
    for (const [id = "", prefix = ""] of shown.matchAll(/\b((?:apr|hol)_)[0-9a-z]{26}\b/g)) ids.set(prefix, id);
    return shown;
  }

  async function plain(line: string): Promise<{ status: number | null; shown: string }> {
    const isOurs = line.startsWith("cavra ");
    const done = isOurs
      ? await cavra(place, wordsOf(line).slice(1), { env })
      : await run("/bin/sh", ["-c", line], { cwd: place.repository, env });
    return { status: done.status, shown: done.stdout + done.stderr };
  }

  it("is walked from `disabled` to `promoted` and back", { timeout: 900_000 }, async () => {
    const told: Record<string, string> = {};
    for (const line of LINES) {
      told[line] = await walk(line);
      if (line === "cavra up") told.leased = await promoted();
    }
    const at = (part: string) => Object.entries(told).find(([line]) => line.includes(part))?.[1] ?? "";
    expect(at("go-promotion-readiness --mode promoted"), "the last one, under the hold").toContain("disabled (promoted)");
    expect(told.leased).toMatch(/lease lea_/);
    const pilot = JSON.parse(at("go-pilot-evaluate"));
    expect(pilot).toMatchObject({ backend_mode: "promoted", selected_backend: "go", fallback_used: false, effective_decision: "allow" });
    expect(at("go-hold list")).toContain("answers look wrong");
    expect(at("audit-kit verify")).toContain("holds");
    await accountedFor();
  });

  /** Whoever was not there can prove by what Go was chosen when it was: from the record of the lease to the person who approved, with and without our code. */
  async function accountedFor(): Promise<void> {
    const journal = readdirSync(join(place.state, "journal")).map((name) => readFileSync(join(place.state, "journal", name), "utf8"));
    const issued = /"event":"leased".*?"issued_at":"([^"]+)"/.exec(journal.join(""))?.[1] ?? "";
    const kit = join(place.root, "leased.kit");
    const { status, stdout } = await cavra(place, ["runtime", "audit-kit", "--at", issued, "--output", kit, "--json"], { env });
    const { answer, documents } = JSON.parse(stdout);
    expect([status, answer.selected, answer.state], stdout).toEqual([0, true, "leased"]);
    expect(documents.map(({ kind, found }: { kind: string; found: boolean }) => `${kind} ${found}`)).toEqual([
      "approval_answer true",
      "approval_request true",
      "deployment_report true",
      "parity_report true",
      "promotion_evidence true",
      "rehearsal true",
      "rollback_plan true",
    ]);
    const pin = readPin(join(place.config, "cavra"))?.root_key_id ?? "";
    const now = new Date().toISOString();
    const { code, output } = await verifyWithShell({ bundle: readFileSync(kit), pin, now, script: AUDIT_SCRIPT });
    expect([code, output.trimEnd().split("\n").at(-1)]).toEqual(["", JSON.stringify(answer)]);
    const [evidence, request, yes] = await takenOut(kit);
    expect(documents.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(evidence.predicate.evidence_digests));
    expect(request.subject.documents.map(({ digest }: { digest: string }) => digest)).toEqual(evidence.predicate.evidence_digests);
    expect(yes).toMatchObject({ answer: "approved", approval_id: evidence.predicate.approval_id });
  }

  /** What the lines of docs/audit-kit.md take out of a kit: evidence, request and answer. */
  async function takenOut(kit: string) {
    const page = readFileSync(join(dirname(AUDIT_SCRIPT), "audit-kit.md"), "utf8");
    const lines = page.split("\n").filter((line) => line.startsWith("awk '$1"));
    expect(lines.length).toBe(3);
    const found = lines.map((line) => run("/bin/sh", ["-c", line.replace("why.kit", `'${kit}'`)], { cwd: place.root, env: place.env }));
    return (await Promise.all(found)).map(({ stdout }) => JSON.parse(stdout));
  }

  /** What `cavra status` says of the authority's first lease, once a hook's call was answered by Go alone under it. */
  async function promoted(): Promise<string> {
    for (let tries = 0; tries < 200; tries++) {
      const { stdout } = await cavra(place, ["status"], { env });
      if (/lease lea_/.test(stdout) && (await isAnsweredByGo())) return stdout;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error("Go answered nothing alone");
  }

  /** On a machine with other work the first answer may come from the hook itself, or from TypeScript: each of them is the same. */
  async function isAnsweredByGo(): Promise<boolean> {
    const payload = {
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: "rm -rf /" },
      cwd: place.repository,
      session_id: "s",
    };
    const answered = await cavra(place, ["hook", "claude-code"], { env, input: JSON.stringify(payload) });
    expect(answered.stdout).toContain('"permissionDecision":"deny"');
    const { stdout } = await cavra(place, ["evidence", "list", "--limit", "1", "--json"], { env });
    return stdout.includes('"answered":"alone"');
  }
});

/** What a loaded machine can hold too, and the faults that every plan has: how fast the way back is, and all others, is what campaigns measure. */
function leniently({ repository }: Scratch): void {
  const path = join(repository, "plan.json");
  const plan = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(
    path,
    JSON.stringify({ ...plan, objectives: { first_answer_p99_ms: 1_000, full_demotion_ms: 60_000 }, faults: FAULTS_ALWAYS }),
  );
}

/** A line of the page as a shell would cut it: words, and double-quoted ones. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
