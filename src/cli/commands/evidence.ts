// `cavra evidence`: the commands over what was recorded, their options and help. What they do stands in evidence/, one file each. Implements spec/cli.md section 6.

import type { Command } from "commander";
import type { ExitStatus } from "../exit.js";
import { withFilters } from "../record-filter.js";
import type { Terminal } from "../terminal.js";
import { type BundleOptions, bundle, type RevealOptions, reveal } from "./evidence/bundles.js";
import { type CheckpointOptions, checkpoint } from "./evidence/heads.js";
import { exportTiles, type ProofOptions, proof } from "./evidence/proofs.js";
import { type PushOptions, push } from "./evidence/push.js";
import { LIST_LIMIT, type ListOptions, list, show } from "./evidence/records.js";
import { type VerifyOptions, verify } from "./evidence/verify.js";
import { type FileOptions, verifyFile } from "./evidence/verify-file.js";
import { type WitnessOptions, witness } from "./evidence/witness.js";

type Ends = (status: ExitStatus) => void;

export function evidenceCommands(group: Command, terminal: Terminal, ends: Ends): void {
  recordCommands(group, terminal, ends);
  verifyCommand(group, terminal, ends);
  fileCommands(group, terminal, ends);
  headCommands(group, terminal, ends);
  pushCommand(group, terminal, ends);
}

function pushCommand(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("push")
    .description("this machine's journal to a server whose ledger several share, from where it stopped")
    .requiredOption("--to <url>", "the server, such as `https://cavra.example.org`")
    .option("--token-file <file>", "its token, in a file that nobody else may read (CAVRA_TOKEN)")
    .option("--json", "print JSON")
    .action(async (options: PushOptions) => ends(await push(terminal, options)));
}

function verifyCommand(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("verify")
    .argument("[file]", "a bundle or a proof; without one, the ledger and the journal of this machine")
    .description("check every record, digest, place and signed head; or a file, from the root key that is pinned")
    .option("--state-dir <folder>", "look at this state folder, and change nothing in it (default: yours)")
    .option("--root-key <key_id>", "FILE: believe this root key, this once, instead of the pinned one")
    .option("--seen <file>", "FILE: a checkpoint that was seen before; an older one is refused")
    .option("--trust <file>", "FILE: trust documents (`cavra trust show --chain`) that continue the bundle's, or that a proof needs")
    .option("--reveal <file...>", "FILE: redacted values to prove against its records")
    .option("--records", "FILE: print its records, one a line, once they are proven")
    .option("--json", "print JSON")
    .action((file: string | undefined, options: VerifyOptions & FileOptions) =>
      ends(file === undefined ? verify(terminal, options) : verifyFile(terminal, file, options)),
    );
}

function fileCommands(group: Command, terminal: Terminal, ends: Ends): void {
  withFilters(
    group
      .command("bundle")
      .description("records, their proof, the signed head and the keys, in one file that anybody can verify")
      .requiredOption("--output <file>", "where it is written; nothing is overwritten")
      .option("--id <record_id...>", "only these records (default: all that the filters leave)")
      .option("--reveal <file...>", "redacted values that go along (`cavra evidence reveal`)"),
  )
    .option("--json", "print JSON")
    .action((options: BundleOptions) => ends(bundle(terminal, options)));
  group
    .command("proof")
    .argument("<record_id>", "a decision or a change of the guard, or the beginning of its id")
    .description("one record and its way to the signed head (C2SP tlog-proof)")
    .option("--output <file>", "where it is written; nothing is overwritten")
    .option("--json", "print JSON")
    .action((id: string, options: ProofOptions) => ends(proof(terminal, id, options)));
  group
    .command("export")
    .argument("<folder>", "where the files are written")
    .description("the tree as static files (C2SP tlog-tiles): checkpoint, tiles, trust documents; no record is in them")
    .option("--json", "print JSON")
    .action((folder: string, options: { json?: boolean }) => ends(exportTiles(terminal, folder, options)));
  group
    .command("reveal")
    .argument("<decision_id>", "a decision, or the beginning of its id")
    .description("prove to one person what stood in a redacted place (standard input: the value)")
    .option("--path <pointer>", "which string of the record, as `redactions` names it")
    .option("--start <n>", "where in it the value began, in bytes")
    .option("--output <file>", "where it is written; nothing is overwritten")
    .option("--json", "print JSON")
    .action((id: string, options: RevealOptions) => ends(reveal(terminal, id, options)));
}

function headCommands(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("checkpoint")
    .description("the newest signed head (C2SP tlog-checkpoint); what a witness is asked; what it answered")
    .option("--since <n>", "print a witness's request: the head, and the proof that it continues its first N records")
    .option("--add <file>", "put a witness's line under the head")
    .option("--size <n>", "the head of so many records instead of the newest")
    .option("--json", "print JSON")
    .action((options: CheckpointOptions) => ends(checkpoint(terminal, options)));
  group
    .command("witness")
    .description("be a witness, on another account: cosign heads of a ledger that only grows")
    .option("--init <name>", "make a key and a memory under this name, such as `example.org/ada`")
    .option("--show", "print the witness's public key and what it cosigned")
    .option("--request <file>", "what `cavra evidence checkpoint --since N` printed")
    .option("--trust <file>", "what `cavra trust show --chain` printed; its root key must be pinned here")
    .option("--json", "print JSON")
    .action((options: WitnessOptions) => ends(witness(terminal, options)));
}

function recordCommands(group: Command, terminal: Terminal, ends: Ends): void {
  const limit = `how many (1 to ${LIST_LIMIT})`;
  withFilters(group.command("list").description("records, the last written first").option("--limit <n>", limit, "20"))
    .option("--json", "print JSON lines")
    .action((options: ListOptions) => ends(list(terminal, [], options)));
  withFilters(
    group
      .command("search")
      .argument("<words...>", "what a record must hold, all of them, whatever their case")
      .description("records that hold these words, the last written first")
      .option("--limit <n>", limit, "20"),
  )
    .option("--json", "print JSON lines")
    .action((words: readonly string[], options: ListOptions) => ends(list(terminal, words, options)));
  group
    .command("show")
    .argument("<record_id>", "a decision or a change of the guard, or the beginning of its id")
    .description("one record, whole")
    .option("--json", "print the canonical record")
    .action((id: string, options: { json?: boolean }) => ends(show(terminal, id, options.json === true)));
}
