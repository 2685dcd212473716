// The stream: every decision once and in order, also for who comes back, for a thousand readers, and for nobody who may not. Proves spec/service.md section 8.

import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { candidateOf, wantedTest } from "../../src/server/stream/wanted.js";
import { type Scratch, scratch } from "../cli/program.js";
import { type Ask, documented, type Server, send, startServer } from "./server.js";
import { makeToken, revokeToken } from "./tokens.js";

let place: Scratch;
let server: Server;
let ask: Ask;
beforeAll(async () => {
  place = scratch();
  server = await startServer(place);
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: ReturnType<typeof JSON.parse>;
}

interface Stream {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly events: Event[];
  /** Settles when so many events have come, or the stream has ended. */
  readonly until: (count: number) => Promise<readonly Event[]>;
  readonly ended: Promise<void>;
  readonly close: () => void;
}

type Headers = Readonly<Record<string, string>>;

function stream(query = "", headers: Headers = {}, to: Pick<Server, "port"> = server): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const asking: ClientRequest = request(
      { host: "127.0.0.1", port: to.port, path: `/v1/decisions/stream${query}`, headers, agent: false },
      (response) => {
        const events: Event[] = [];
        let [text, waiting]: [string, (() => void)[]] = ["", []];
        const tell = () => {
          const now = waiting;
          waiting = [];
          for (const one of now) one();
        };
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          for (let at = text.indexOf("\n\n"); at >= 0; at = text.indexOf("\n\n")) {
            const fields = new Map(
              text
                .slice(0, at)
                .split("\n")
                .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
            );
            text = text.slice(at + 2);
            if (fields.has("event"))
              events.push({ id: fields.get("id") ?? "", event: fields.get("event") ?? "", data: JSON.parse(fields.get("data") ?? "{}") });
          }
          tell();
        });
        let isOver = false;
        const ended = new Promise<void>((over) => {
          response.on("close", () => {
            isOver = true;
            tell();
            over();
          });
        });
        const until = async (count: number) => {
          while (events.length < count && !isOver)
            await new Promise<void>((next) => {
              waiting.push(next);
            });
          return events;
        };
        response.on("error", () => {});
        resolve({ status: response.statusCode ?? 0, headers: response.headers, events, until, ended, close: () => asking.destroy() });
      },
    );
    asking.on("error", reject);
    asking.end();
  });
}

const decide = async (target: string, more: object = {}, headers: Headers = {}) =>
  (await ask("POST", "/v1/decisions", { headers, body: { action_type: "execute_command", target, cwd: place.repository, ...more } })).value
    .decision_id as string;
const idsOf = (events: readonly Event[]) => events.filter(({ event }) => event === "decision").map(({ data }) => data.record.record_id);

describe("a stream", () => {
  it("begins with the next decision, and tells each once and in order", async () => {
    await decide("echo before");
    const open = await stream();
    expect([open.status, open.headers["content-type"], open.headers["x-request-id"]]).toEqual([
      200,
      "text/event-stream",
      expect.stringMatching(/^req_/),
    ]);
    const made = [];
    for (let count = 0; count < 5; count++) made.push(await decide(`echo ${count}`));
    const events = await open.until(5);
    expect(idsOf(events)).toEqual(made);
    expect(events.map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 5]);
    const { value } = await ask("GET", `/v1/decisions/${made[0]}`);
    expect(events[0]?.data).toEqual(value);
    open.close();
  });

  it("goes on where it was left, by either way, without loss or doubling, while decisions are made", async () => {
    const made: string[] = [];
    const making = (async () => {
      for (let count = 0; count < 60; count++) made.push(await decide(`echo again ${count}`, { session: "again" }));
    })();
    const seen: Event[] = [];
    let last = -1;
    for (let turn = 0; seen.length < 60; turn++) {
      const open = await (turn % 2 === 0
        ? stream(`?session=again&after=${last}`)
        : stream("?session=again", { "last-event-id": String(Math.max(0, last)) }));
      const got = [...(await open.until(Math.min(7 + turn, 60 - seen.length)))];
      open.close();
      seen.push(...got);
      last = Number(got.at(-1)?.id ?? last);
    }
    await making;
    expect(idsOf(seen).slice(0, 60)).toEqual(made);
  });

  it("has the filters of lists", async () => {
    const open = await Promise.all(["?decision=deny", "?agent=codex", "?words=NEEDLE%20echo", "?rule=secrets.read"].map((q) => stream(q)));
    const [, codex, needle] = [await decide("ls"), await decide("ls", { agent: "codex" }), await decide("echo needle")];
    const denied = await decide("cat .env");
    const got = await Promise.all(open.map(async ({ until }) => idsOf(await until(1))));
    expect(got).toEqual([[denied], [codex], [needle], [denied]]);
    for (const one of open) one.close();
  });

  it.each([
    ["?after=1000000", "bad_parameter"],
    ["?after=x", "bad_parameter"],
    ["?since=1h", "bad_parameter"],
    [`?words=${"a%20".repeat(9)}`, "bad_parameter"],
  ])("refuses %s", async (query, code) => {
    expect((await ask("GET", `/v1/decisions/stream${query}`)).value).toMatchObject({ status: 400, code });
  });

  it("refuses an id that is none, and answers HEAD", async () => {
    expect((await ask("GET", "/v1/decisions/stream", { headers: { "last-event-id": "-1" } })).value.code).toBe("bad_parameter");
    expect((await send(server, "HEAD", "/v1/decisions/stream")).status).toBe(200);
  });
});

describe("a thousand streams and 24", () => {
  it("get each decision once; one more is too many, and other requests are answered as before", async () => {
    const streams: Stream[] = [];
    for (let count = 0; count < 1_024; count += 64) streams.push(...(await Promise.all(Array.from({ length: 64 }, () => stream()))));
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await ask("GET", "/v1/decisions/stream")).value).toMatchObject({ status: 503, code: "overloaded" });
    const made = [await decide("echo one"), await decide("echo two")];
    await Promise.all(streams.map(({ until }) => until(2)));
    for (const { events } of streams) expect(idsOf(events)).toEqual(made);
    for (const one of streams) one.close();
    await Promise.all(streams.map(({ ended }) => ended));
  });
});

describe("a stream ends", () => {
  it("with `bye` when its token is revoked, and shows only the token's workspaces", async () => {
    const all = await makeToken(place, { roles: ["owner"] });
    const narrow = await makeToken(place, { roles: ["reader"], workspaces: ["/elsewhere"] });
    const [seeing, blind] = [await stream("", all.headers), await stream("", narrow.headers)];
    const made = await decide("echo secret", {}, all.headers);
    expect(idsOf(await seeing.until(1))).toEqual([made]);
    await revokeToken(place, narrow);
    await blind.ended;
    expect(blind.events.map(({ event }) => event)).toEqual(["bye"]);
    seeing.close();
  });

  it("with `bye` when the server ends", async () => {
    const other = scratch();
    const own = await startServer(other);
    const open = await stream("", {}, own);
    expect(await own.stop()).toBe(0);
    await open.ended;
    expect(open.events.map(({ event }) => event)).toEqual(["bye"]);
  });
});

describe("what a reader of everything is handed", () => {
  const record = {
    decision: "deny",
    who: { agent: "codex", session: "s", repository: "/srv/shop" },
    judgement: { rule_id: "secrets.read" },
    action: { action_type: "execute_command", target: 'echo "A\nb" ä' },
  };
  const fits = (over: object, words: readonly string[] = [], workspaces: readonly string[] = ["*"]) =>
    wantedTest({ filter: over, words, workspaces })(candidateOf({ index: 0, digest: "", record } as never));

  it.each([
    [{}, [], ["*"], true],
    [{ agent: "codex", rule: "secrets.read", decision: "deny", session: "s", repository: "/srv/shop" }, [], ["*"], true],
    [{ agent: "other" }, [], ["*"], false],
    [{ action_type: "read_file" }, [], ["*"], false],
    [{}, ["ECHO", "a\nB"], ["*"], true],
    [{}, ["Ä"], ["*"], false],
    [{}, [], ["/srv/*"], true],
    [{}, [], ["/other"], false],
  ])("fits %j with %j for %j: %s", (filter, words, workspaces, expected) => {
    expect(fits(filter, words, workspaces)).toBe(expected);
  });
});
