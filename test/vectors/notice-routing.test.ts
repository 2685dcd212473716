// Runs spec/vectors/notice-routing/: a file of routes and a condition in, the routes that take it with all that they inherit out. Proves spec/notices.md section 3.

import { expect } from "vitest";
import { type AlertLevel, type Category, readRouting, routingFor, wayOf } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: {
    readonly routes: unknown;
    readonly subject: { readonly category: Category; readonly level: AlertLevel; readonly schedule: string };
  };
  readonly expect: unknown;
}

runArea<Vector>("notice-routing", "notices.md", ({ input, expect: expected }) => {
  const routing = routingFor(input.routes === null ? null : readRouting(JSON.stringify(input.routes)), ["ann"]);
  const taken = wayOf(input.subject, routing.root).taken.map(({ id, settings, escalation }) => ({
    route: id,
    owner: settings.owner,
    provider: settings.provider,
    ack_minutes: settings.ackMinutes,
    repeat_minutes: settings.repeatMinutes,
    rate_limit: settings.rateLimit,
    escalation,
  }));
  expect({ taken, problems: routing.problems.map(({ code }) => code) }).toEqual(expected);
});
