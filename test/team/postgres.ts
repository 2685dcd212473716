// Suites that want a PostgreSQL: where there is none they say so and are skipped, and in CI that is a failure.

import { describe, it } from "vitest";
import { programsFolder } from "./cluster.js";

/** As `describe`, where there is a PostgreSQL. */
export function describeWithPostgres(name: string, suite: () => void): void {
  if (programsFolder() !== "") describe(name, suite);
  else if (process.env.CI === "true")
    it(name, () => {
      throw new Error("PostgreSQL 15 or newer is not installed: `apt-get install postgresql-15`");
    });
  else describe.skip(`${name} (skipped: PostgreSQL 15 or newer is not installed here)`, suite);
}
