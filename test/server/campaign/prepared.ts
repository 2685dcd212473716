// A place that a campaign over the whole API finds something in: keys, a token of every scope, a drill schedule with routes, policies of the host. For scripts/api-campaign.mjs.

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatTime, makeId } from "../../../src/base/index.js";
import { scopesOf, secretDigest, tokenText } from "../../../src/identity/index.js";
import { foundTrust, keysFolder, newKey, openLedger, openTokens, SYSTEM_CLOCK, writePin } from "../../../src/store/index.js";

export interface Prepared {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly token: string;
}

export async function prepare(root: string): Promise<Prepared> {
  const [state, config, shop] = [join(root, "state"), join(root, "config"), join(root, "shop")];
  mkdirSync(join(root, "home"), { recursive: true });
  write(join(shop, ".git/HEAD"), "ref: refs/heads/main\n");
  makeKeys(state, join(config, "cavra"));
  write(
    join(config, "cavra/rollback-drill-schedule.json"),
    JSON.stringify({
      schema_version: "cavra.go-backend-rollback-drill-schedule.v1",
      schedule_id: "go-drills",
      enabled: true,
      interval_days: 7,
      due_soon_hours: 24,
      next_due_at: "",
      owners: ["alice"],
    }),
  );
  const env = { PATH: process.env.PATH, HOME: join(root, "home"), CAVRA_STATE_DIR: state, XDG_CONFIG_HOME: config };
  return { env, cwd: shop, token: await makeToken(state) };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function makeKeys(state: string, config: string): void {
  const ledger = openLedger(state, SYSTEM_CLOCK);
  const [root, key, approver] = [newKey("root"), newKey("ledger"), newKey("approver")];
  for (const one of [root, key, approver]) one.keep(keysFolder(state), "", SYSTEM_CLOCK);
  const named = [
    { role: "ledger", key, name: "ledger" },
    { role: "approver", key: approver, name: "alice" },
  ] as const;
  const founded = foundTrust(state, ledger.origin, root, named, SYSTEM_CLOCK);
  ledger.close();
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(config, root.keyId, SYSTEM_CLOCK);
}

async function makeToken(state: string): Promise<string> {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const [id, secret] = [makeId("tok", nowMs, randomBytes(10)), randomBytes(32)];
  const about = { token_id: id, name: "campaign", digest: secretDigest(secret), scopes: scopesOf(["owner"]), workspaces: ["*"], agent: "" };
  const times = { made_at: formatTime(nowMs), ends_at: formatTime(nowMs + 86_400_000), revoked: null };
  await openTokens(state, SYSTEM_CLOCK).add({ ...about, ...times });
  return tokenText(id, secret);
}
