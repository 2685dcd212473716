// A server from its start to its end: one for a state folder, one for an address, nobody left unanswered. Proves spec/service.md section 2.

import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { cavra, cavraJson, type Scratch, scratch } from "../cli/program.js";
import { type Server, send, startServer } from "./server.js";

const refusedStart = async (place: Scratch, ...args: string[]) => {
  const { status, value } = await cavraJson(place, ["serve", ...args]);
  return [status, value.error.code];
};

describe("`cavra serve`", () => {
  it.each([
    [["--host", "0.0.0.0"], "identity_missing"],
    [["--host", "::"], "identity_missing"],
    [["--host", "cavra.example.org"], "identity_missing"],
    [["--host", "a b"], "bad_host"],
    [["--port", "65536"], "bad_port"],
    [["--port", "-1"], "bad_port"],
    [["--port", "http"], "bad_port"],
    [["--allow-origin", "*"], "bad_origin"],
    [["--allow-origin", "https://example.org/path"], "bad_origin"],
    [["--allow-host", "a/b"], "bad_host"],
  ])("%j is refused, and nothing is made", async (args, code) => {
    const place = scratch();
    expect(await refusedStart(place, ...args)).toEqual([2, code]);
    expect(existsSync(place.state)).toBe(false);
  });

  it("is the one authority of its state folder, and gives all back where its address is taken", async () => {
    const [place, other] = [scratch(), scratch()];
    const server = await startServer(place);
    try {
      expect(await refusedStart(place, "--port", "0")).toEqual([2, "authority_runs"]);
      expect((await cavraJson(place, ["up"])).value).toMatchObject({ state: "running", pid: server.pid });
      expect(await refusedStart(other, "--port", String(server.port))).toEqual([2, "address_in_use"]);
      expect(await refusedStart(other, "--port", String(server.port))).toEqual([2, "address_in_use"]);
    } finally {
      await server.stop();
    }
  });

  it("says where it listens", async () => {
    const server = await startServer(scratch());
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../spec/schema/cli.schema.json"), "utf8")).$defs.serve;
    expect(new Ajv2020().validate(schema, server.said)).toBe(true);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await server.stop("SIGINT")).toBe(0);
  });
});

/** Sends the head and half of a body; `finish` sends the rest and gives the answer. */
function begun(server: Server, cwd: string): { readonly finish: () => Promise<{ status: number; connection: string; text: string }> } {
  const body = JSON.stringify({ action_type: "execute_command", target: "ls", cwd });
  const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  const asking = request({ host: "127.0.0.1", port: server.port, method: "POST", path: "/v1/decisions", headers });
  asking.write(body.slice(0, 10));
  return {
    finish: () =>
      new Promise((resolve, reject) => {
        asking.on("error", reject);
        asking.on("response", (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => {
            text += chunk.toString();
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, connection: String(response.headers.connection), text }));
        });
        asking.end(body.slice(10));
      }),
  };
}

describe("the end of a server", () => {
  it("answers what was taken, takes nothing more, and gives the state folder back", async () => {
    const place = scratch();
    const server = await startServer(place);
    const half = begun(server, place.repository);
    // It has taken the half when it answers another one that came later.
    expect((await send(server, "GET", "/healthz")).status).toBe(200);
    const ended = server.stop();
    await expect
      .poll(
        () =>
          send(server, "GET", "/healthz").then(
            () => "answered",
            () => "away",
          ),
        { timeout: 10_000 },
      )
      .toBe("away");
    const { status, connection, text } = await half.finish();
    expect([status, connection]).toEqual([200, "close"]);
    expect(await ended).toBe(0);
    const { decision_id } = JSON.parse(text);
    expect((await cavraJson(place, ["evidence", "show", decision_id])).value.record_id).toBe(decision_id);
    expect(["authority.sock", "authority.json"].map((name) => existsSync(join(place.state, name)))).toEqual([false, false]);
    expect((await cavraJson(place, ["up"])).value.state).toBe("started");
    await cavra(place, ["down"]);
  });

  it("is what `cavra down` asks for", async () => {
    const place = scratch();
    const server = await startServer(place);
    expect((await cavraJson(place, ["down"])).value.state).toBe("ended");
    expect(await server.ended).toBe(0);
  });

  it("by SIGKILL loses nothing that was answered", async () => {
    const place = scratch();
    const server = await startServer(place);
    const body = { action_type: "execute_command", target: "ls", cwd: place.repository };
    const asked = Array.from({ length: 200 }, () => send(server, "POST", "/v1/decisions", { body }).catch(() => null));
    const first = await Promise.race(asked);
    await server.stop("SIGKILL");
    const answered = (await Promise.all(asked)).filter((one) => one?.status === 200).map((one) => one?.value.decision_id);
    expect(first?.status).toBe(200);
    const { stdout } = await cavra(place, ["evidence", "list", "--limit", "1000", "--json"]);
    expect(answered.filter((id) => !stdout.includes(id))).toEqual([]);
    const again = await startServer(place);
    expect((await send(again, "GET", `/v1/decisions/${answered[0]}`)).status).toBe(200);
    await again.stop();
  });
});
