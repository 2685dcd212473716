// What docs/service.md says of tokens and issuers is done as it stands there. Proves that page, "Who may ask".

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readServeSettingsText } from "../../src/identity/index.js";
import { atTerminal, NO_TERMINAL } from "../cli/at-terminal.js";
import { cavraJson, run, scratch } from "../cli/program.js";
import { writeServeSettings } from "./issuer.js";
import { startServer } from "./server.js";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/service.md"), "utf8");
const blocks = (language: string) =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((found) => found[1] ?? "");
const lines = (beginning: string) =>
  blocks("sh")
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.startsWith(beginning));
const args = (line: string) =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((found) => found[1] ?? found[2] ?? found[3] ?? "").slice(1);

describe("docs/service.md", () => {
  it.skipIf(NO_TERMINAL !== "")("makes tokens that open what it says, uses one, and ends it", async () => {
    const place = scratch();
    const made = lines("cavra token create");
    expect(made.length).toBeGreaterThan(2);
    const texts: string[] = [];
    for (const line of made) {
      const { status, shown } = await atTerminal(place, args(line));
      expect([line, status]).toEqual([line, 0]);
      texts.push(/cavra_[0-9a-z]{26}_[\w-]{43}/.exec(shown)?.[0] ?? "");
    }
    const [list = ""] = lines("cavra token list");
    const { tokens } = (await cavraJson(place, args(list))).value;
    expect(tokens.map(({ name }: { name: string }) => name)).toEqual(["ci", "dashboard", "codex-alice"]);
    const server = await startServer(place);
    try {
      const [curl = ""] = lines("curl -s http://127.0.0.1:8000/v1/decisions?limit");
      const asked = async () => {
        const command = curl.replace("127.0.0.1:8000", `127.0.0.1:${server.port}`);
        return JSON.parse((await run("/bin/sh", ["-c", command], { env: { ...place.env, TOKEN: texts[1] } })).stdout);
      };
      expect(await asked()).toEqual({ items: [], next_cursor: "" });
      const [revoke = ""] = lines("cavra token revoke");
      expect(
        (
          await cavraJson(
            place,
            args(revoke).map((arg) => (arg === "$TOKEN_ID" ? tokens[1].token_id : arg)),
          )
        ).status,
      ).toBe(0);
      expect((await asked()).code).toBe("token_invalid");
    } finally {
      await server.stop();
    }
  });

  it("shows a `serve.json` that holds, and a server behind a proxy that starts with it", async () => {
    const [settings = ""] = blocks("json").filter((text) => text.includes("cavra.serve-settings.v1"));
    expect(readServeSettingsText(Buffer.from(settings))).toMatchObject({ ok: true, value: [{ audience: "cavra" }, {}] });
    const place = scratch();
    writeServeSettings(place, JSON.parse(settings));
    const [line = ""] = lines("cavra serve --host");
    const server = await startServer(place, args(line).slice(1));
    try {
      const { stdout } = await run("curl", ["-s", "-H", "Host: cavra.example.org", `http://127.0.0.1:${server.port}/v1/decisions`], {
        env: place.env,
      });
      expect(JSON.parse(stdout).code).toBe("token_missing");
    } finally {
      await server.stop();
    }
  });
});
