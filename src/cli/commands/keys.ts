// `cavra keys` and `cavra trust`: who may sign for this ledger, and whom this account believes. Options, help and what is shown. Implements spec/cli.md section 12.

import type { Command } from "commander";
import type { Result } from "../../base/index.js";
import type { TrustDocument } from "../../evidence/index.js";
import { stateDir, trustChain } from "../../store/index.js";
import { count } from "../count.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { report, type Terminal } from "../terminal.js";
import { type InitOptions, initKeys, OWN_ROLES, type RevokeOptions, type RotateOptions, revokeKey, rotateKey } from "./keys/change.js";
import { pinRoot, type ShownKeys, type SignOptions, shownKeys, signTrustAgain } from "./keys/trust.js";

type Ends = (status: ExitStatus) => void;
interface Json {
  readonly json?: boolean;
}

const REASON = "why; it is recorded";

export function keysCommands(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("init")
    .description("make the root key and the ledger key, and pin the root; for people")
    .option("--root-out <folder>", "keep the root's private key there (a stick, another account) and not in the state folder")
    .option("--passphrase-file <file>", "keep the root's private key under the passphrase in the file's first line")
    .option("--reason <text>", REASON)
    .option("--json", "print JSON")
    .action((options: InitOptions & Json) => ends(tellChange(terminal, initKeys(terminal, options), options)));
  withRoot(
    group.command("rotate").argument("<role>", OWN_ROLES.join(", ")).description("replace the key of a role by a new one; for people"),
  )
    .option("--root-out <folder>", "where a new root's private key is kept")
    .option("--name <text>", "what people call the new key")
    .action((role: string, options: RotateOptions & Json) => ends(tellChange(terminal, rotateKey(terminal, role, options), options)));
  withRoot(
    group
      .command("revoke")
      .argument("<key_id>", "see `cavra keys show`")
      .description("call a key back: nothing that it signed counts any more; for people"),
  ).action((keyId: string, options: RevokeOptions & Json) => ends(tellChange(terminal, revokeKey(terminal, keyId, options), options)));
  group
    .command("show")
    .description("the keys of this ledger, their roles and states, and which of them are here")
    .option("--json", "print JSON")
    .action((options: Json) => ends(tellKeys(terminal, options)));
}

export function trustCommands(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("show")
    .description("the trust document in force, and the root key that this account has pinned")
    .option("--chain", "print the signed documents, one a line, oldest first: what others need to verify")
    .option("--json", "print JSON")
    .action((options: Json & { chain?: boolean }) => ends(options.chain ? tellChain(terminal, options) : tellKeys(terminal, options)));
  group
    .command("pin")
    .argument("<key_id>", "the root key, as its owner read it out to you")
    .description("believe this root key from now on; for people")
    .option("--reason <text>", REASON)
    .option("--json", "print JSON")
    .action((keyId: string, options: Json & { reason?: string }) => {
      const pinned = pinRoot(terminal, keyId, options);
      if (!pinned.ok) return ends(report(terminal, pinned.problem, options.json === true));
      const { root_key_id, pinned_at } = pinned.value;
      terminal.print(options.json ? `${JSON.stringify({ root_key_id, pinned_at })}\n` : `pinned ${root_key_id} at ${pinned_at}\n`);
      ends(EXIT.done);
    });
  withRoot(group.command("sign").description("sign the next version of the trust document: witnesses, an end; for people"))
    .option("--witness <key...>", "name a witness: `name+hash+base64`, as `cavra evidence witness --show` prints it")
    .option("--witnesses-required <n>", "so many of them must cosign a head before it counts")
    .option("--expires <time>", "when the document ends, or `never`")
    .action((options: SignOptions & Json) => ends(tellChange(terminal, signTrustAgain(terminal, options), options)));
}

function withRoot(command: Command): Command {
  return command
    .option("--root-folder <folder>", "where the root's private key is (default: the state folder)")
    .option("--passphrase-file <file>", "a file whose first line opens the root's private key")
    .option("--reason <text>", REASON)
    .option("--json", "print JSON");
}

function tellChange(terminal: Terminal, done: Result<TrustDocument>, { json }: Json): ExitStatus {
  return done.ok ? tellKeys(terminal, { json: json === true }) : report(terminal, done.problem, json === true);
}

function tellChain(terminal: Terminal, { json }: Json): ExitStatus {
  const chain = trustChain(stateDir(terminal.env));
  if (chain.length === 0) return report(terminal, NO_KEYS, json === true);
  terminal.print(json ? `${JSON.stringify({ chain })}\n` : `${chain.join("\n")}\n`);
  return EXIT.done;
}

const NO_KEYS = { code: "trust_missing", message: "there are no keys here, so nothing is signed", hint: "run `cavra keys init`" };

function tellKeys(terminal: Terminal, { json }: Json): ExitStatus {
  const shown = shownKeys(terminal);
  if (!shown.ok) return report(terminal, shown.problem, json === true);
  const { trust, pin, here } = shown.value;
  terminal.print(json ? `${JSON.stringify({ trust, pinned: pin?.root_key_id ?? "", here })}\n` : render(shown.value, terminal));
  return EXIT.done;
}

function render({ trust, pin, here }: ShownKeys, { colours }: Terminal): string {
  const { dim, green, red, yellow } = colours;
  const states = { active: green, retired: yellow, revoked: red };
  const rows = trust.keys.map((key) => {
    const end =
      key.until === "" ? `since ${key.since}` : `${key.state} at ${key.until}${key.reason === "" ? "" : `: ${oneLine(key.reason, 80)}`}`;
    const place = here.includes(key.key_id) ? ", private key here" : "";
    return `  ${key.key_id}  ${key.role.padEnd(8)}  ${states[key.state](key.state.padEnd(7))}  ${oneLine(key.name, 60)}  ${dim(`${end}${place}`)}`;
  });
  const expires = trust.expires_at === "" ? "" : `, until ${trust.expires_at}`;
  const witnesses = trust.witnesses_required === 0 ? "" : `, ${count(trust.witnesses_required, "witness", "witnesses")} needed`;
  return [
    `${trust.trust_id} version ${trust.version}, signed at ${trust.issued_at}${expires}${witnesses}`,
    `  ${dim("ledger")}  ${trust.origin}`,
    `  ${dim("pinned")}  ${pin?.root_key_id ?? "nothing"}`,
    ...rows,
    "",
  ].join("\n");
}
