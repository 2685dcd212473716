// Runs spec/vectors/notice-outcome/: routes, a moment and what is remembered in, what becomes of a notice on the root out.
// Proves spec/notices.md sections 3.5 to 3.7, 4.2, 4.3 and 5.

import { expect } from "vitest";
import { type AlertLevel, allRoutes, type Category, decide, EMPTY_MEMORY, openMoment, readRouting } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: {
    readonly routes: unknown;
    readonly now: string;
    readonly category: Category;
    readonly level: AlertLevel;
    readonly key: string;
    readonly memory: {
      readonly sent_at: string;
      readonly held_since: string;
      readonly in_delivery: boolean;
      readonly acknowledged_at: string;
      readonly acknowledged_by: string;
      readonly counted: readonly string[];
    };
  };
  readonly expect: unknown;
}

const moment = (time: string) => (time === "" ? null : Date.parse(time));

runArea<Vector>("notice-outcome", "notices.md", ({ input, expect: expected }) => {
  const routing = readRouting(JSON.stringify(input.routes));
  if (!routing.ok) throw new Error(routing.problem.message);
  const route = allRoutes(routing.value.root).get("root");
  if (route === undefined) throw new Error("no root");
  const { sent_at, held_since, in_delivery, acknowledged_at, acknowledged_by, counted } = input.memory;
  const acknowledgedMs = moment(acknowledged_at);
  const memory = {
    ...EMPTY_MEMORY,
    thread: () => ({
      sentMs: moment(sent_at),
      heldSinceMs: moment(held_since),
      inDelivery: in_delivery,
      acknowledged: acknowledgedMs === null ? null : { atMs: acknowledgedMs, person: acknowledged_by },
    }),
    counted: (_: string, sinceMs: number) => counted.map((time) => Date.parse(time)).filter((ms) => ms >= sinceMs),
  };
  const { category, level, key } = input;
  const condition = { category, level, key, schedule: "go-drills", summary: "" };
  const { decided } = decide(condition, route, openMoment(routing.value, memory, Date.parse(input.now)));
  expect(decided ?? { outcome: "deliver", cause: "", author: "", until: "", window: "" }).toEqual(expected);
});
