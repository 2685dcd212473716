// Connections that never come to a request, come too slowly, or are too many: each is ended, and the others are answered meanwhile. Proves spec/service.md 3.7.

import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { LIMITS, type Limits } from "../../src/server/limits.js";
import { newMetrics } from "../../src/server/metrics.js";
import type { Service } from "../../src/server/service.js";
import { startServer as listen, type RunningServer } from "../../src/server/start.js";
import { send } from "./server.js";

describe("a connection", () => {
  const SHORT: Limits = { ...LIMITS, headMs: 300, requestMs: 600, idleMs: 200, lookMs: 50 };
  const opened: Socket[] = [];
  let running: RunningServer | null = null;
  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.destroy();
    await running?.close();
    running = null;
  });
  /** The server itself, over nothing: what is tried here never comes to a route that asks for more. */
  async function started(limits: Limits): Promise<number> {
    const identity = { isConfigured: async () => false, findToken: async () => null, issuers: [], nowMs: Date.now };
    const over = {
      version: "0.0.0",
      identity,
      newRequestId: () => "req_x",
      away: () => null,
      ready: () => [],
      decide: async () => ({ ok: true, value: {} }),
      keys: { close: async () => {} },
    };
    const options = {
      host: "127.0.0.1",
      port: 0,
      more: { hosts: [], origins: [], isBehindProxy: false },
      rateLimit: 0,
      log: () => {},
      logsRequests: false,
      metrics: newMetrics({ version: "", engine: "" }),
    };
    const made = await listen({ service: over as unknown as Service, ...options, limits });
    if (!made.ok) throw new Error(made.problem.message);
    running = made.value;
    return Number(new URL(made.value.url).port);
  }
  /** What came until the server closed. */
  const lasting = (port: number, text: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(text));
      opened.push(socket);
      let said = "";
      socket.on("data", (chunk) => {
        said += chunk.toString();
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(said));
    });
  const isWell = async (port: number) => (await send({ port }, "GET", "/healthz")).status;

  it("with half a head, half a body, or nothing on it is ended, and the others are answered meanwhile", async () => {
    const port = await started(SHORT);
    const head = `POST /v1/decisions HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n`;
    const slow = [lasting(port, head), lasting(port, `${head}\r\n{"action_type"`), lasting(port, ""), lasting(port, "G")];
    expect(await isWell(port)).toBe(200);
    const [halfHead = "", halfBody = "", nothing = "", letter = ""] = await Promise.all(slow);
    for (const said of [halfHead, halfBody, letter]) {
      expect(said).toMatch(/^HTTP\/1.1 408 /);
      expect(said).toContain('"code":"request_timeout"');
    }
    expect(nothing === "" || nothing.includes("request_timeout")).toBe(true);
    expect(await isWell(port)).toBe(200);
  });

  it("that drips a head one byte at a time is ended by the whole head's limit", async () => {
    const port = await started(SHORT);
    const socket = connect(port, "127.0.0.1");
    opened.push(socket);
    socket.on("error", () => {});
    const text = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${"X-A: b\r\n".repeat(100)}`;
    let at = 0;
    const dripping = setInterval(() => socket.write(text.charAt(at++) || "x"), 10);
    const said = await new Promise<string>((resolve) => {
      let got = "";
      socket.on("data", (chunk) => {
        got += chunk.toString();
      });
      socket.on("close", () => resolve(got));
    });
    clearInterval(dripping);
    expect(said).toMatch(/^HTTP\/1.1 408 /);
  });

  it("that waits for its next request is ended", async () => {
    const port = await started(SHORT);
    const said = await lasting(port, `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1.1 200 /);
  });

  it("beyond the most that there may be is not taken, and there is room again when they have gone", async () => {
    const port = await started({ ...SHORT, connections: 64 });
    const idle = Array.from({ length: 64 }, () => lasting(port, ""));
    await expect.poll(() => isWell(port).catch(() => "away"), { interval: 10, timeout: 10_000 }).toBe("away");
    await Promise.all(idle);
    await expect.poll(() => isWell(port).catch(() => "away"), { timeout: 10_000 }).toBe(200);
  });

  it("is one of 500 that say nothing, and all others are answered", async () => {
    const port = await started(LIMITS);
    for (let count = 0; count < 500; count++) void lasting(port, count % 2 === 0 ? "" : "GET / HT");
    const answers = await Promise.all(Array.from({ length: 50 }, () => isWell(port)));
    expect(answers).toEqual(Array(50).fill(200));
  });
});
