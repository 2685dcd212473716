// `cavra runtime go-package build | verify` and `go-deployment-readiness`: flags and help. What they do stands beside. Implements spec/promotion.md section 3 and spec/cli.md section 18.

import type { Command } from "commander";
import type { ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { type DeploymentOptions, deploymentReadiness } from "./deployment-readiness.js";
import { type BuildPackageOptions, buildPackage } from "./package-build.js";
import { type VerifyPackageOptions, verifyPackage } from "./package-verify.js";

export function packageCommands(runtime: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  const group = runtime.command("go-package").description("make and verify a release package of the second engine");
  withSigner(group.command("build"))
    .description("build it for every platform, with sums, list of parts, provenance and manifest, and sign all of it")
    .option("--output <folder>", "a folder that is not there yet")
    .option("--channel <channel>", "stable, from a commit only, or candidate (the default)")
    .option("--platform <name...>", "only these: darwin-arm64, linux-amd64, linux-arm64, windows-amd64")
    .option("--source <folder>", "the repository (default: the one that this cavra was built in)")
    .option("--json", "print JSON")
    .action(async (options: BuildPackageOptions) => ends(await buildPackage(terminal, options)));
  withSigner(group.command("verify"))
    .argument("<folder>", "a release package")
    .description("is every file there as it was signed, and is the runtime the packaged one; exit status 4 when not")
    .option("--runtime-path <file>", "the cavra-runtime binary (CAVRA_GO_RUNTIME_PATH)")
    .option("--surface <name>", "ci-runner or workstation (the default)")
    .option("--pin <key_id>", "the root key that counts (default: the one that this account has pinned)")
    .option("--report [file]", "write the signed deployment report (default: into the package's folder)")
    .option("--json", "print JSON")
    .action((folder: string, options: VerifyPackageOptions) => ends(verifyPackage(terminal, folder, options)));
  runtime
    .command("go-deployment-readiness")
    .description("may the package be deployed here? opens and hashes all of it, and the runtime")
    .option("--package-dir <folder>", "release package (CAVRA_GO_RUNTIME_PACKAGE_DIR)")
    .option("--runtime-path <file>", "the cavra-runtime binary (CAVRA_GO_RUNTIME_PATH)")
    .option("--surface <name>", "ci-runner or workstation (the default)")
    .option("--json", "print JSON")
    .action((options: DeploymentOptions) => ends(deploymentReadiness(terminal, options)));
}

export function withSigner(command: Command): Command {
  return command
    .option("--key-folder <folder>", "where the builder's private key is (default: the state folder)")
    .option("--passphrase-file <file>", "its passphrase is the first line of this file");
}
