// What deploy/ holds is what it says: files that are there, accounts that are not root, and command lines that this very program takes.
// docs/operations.md names the tools that judged these files once; here each is read strictly, and what it starts is started.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { cavra, program, run, scratch } from "../cli/program.js";
import { startServer } from "../server/server.js";
import { makeToken } from "../server/tokens.js";

const ROOT = join(import.meta.dirname, "../..");
const textOf = (name: string) => readFileSync(join(ROOT, "deploy", name), "utf8");

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Instructions, with lines that go on put together; everything else is refused. */
function readContainerfile(text: string): readonly Instruction[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const found = /^(FROM|RUN|COPY|USER|WORKDIR|VOLUME|ENV|EXPOSE|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT|CMD) +(.+)$/.exec(line);
    if (found === null) throw new Error(`no instruction: ${line}`);
    return { name: found[1] ?? "", rest: (found[2] ?? "").trim() };
  });
}

const container = readContainerfile(textOf("Containerfile"));
const only = (name: string): string => {
  const found = container.filter((one) => one.name === name);
  expect(found.length, name).toBe(1);
  return found[0]?.rest ?? "";
};

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

type Unit = ReadonlyMap<string, readonly (readonly [string, string])[]>;

/** Sections of `Key=value`; a section twice, and a line that is neither, is refused. */
function readUnit(text: string): Unit {
  const sections = new Map<string, (readonly [string, string])[]>();
  let current: (readonly [string, string])[] = [];
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [section, key] = [/^\[(\w+)\]$/.exec(line), /^([A-Z][A-Za-z]+)=(.*)$/.exec(line)];
    if (section !== null && !sections.has(section[1] ?? "")) {
      current = [];
      sections.set(section[1] ?? "", current);
    } else if (key !== null) current.push([key[1] ?? "", key[2] ?? ""]);
    else throw new Error(`no line of a unit: ${line}`);
  }
  return sections;
}

const valuesOf = (unit: Unit, section: string, key: string) =>
  (unit.get(section) ?? []).filter(([name]) => name === key).map(([, value]) => value);

const UNITS = ["cavra.service", "cavra-backup.service", "cavra-backup.timer"];

describe("the Containerfile", () => {
  it("begins with an image of one version, and ends as an account that is not root", () => {
    expect(only("FROM")).toMatch(/^docker[.]io\/library\/node:\d+[.]\d+[.]\d+-[a-z]+-slim$/);
    expect(only("USER")).toBe("10001:10001");
    const names = container.map(({ name }) => name);
    expect(names.indexOf("USER")).toBeGreaterThan(names.lastIndexOf("RUN"));
    expect(names.indexOf("USER")).toBeLessThan(names.indexOf("ENTRYPOINT"));
  });

  it("copies what is there, and nothing above it", () => {
    for (const { rest } of container.filter(({ name }) => name === "COPY"))
      for (const source of rest.split(" ").slice(0, -1)) expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
  });

  it("starts a server that its own health check finds ready", async () => {
    const place = scratch();
    await makeToken(place, { roles: ["owner"] });
    const env = Object.fromEntries(
      only("ENV")
        .split(/ +/)
        .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    );
    const [command, ...args] = JSON.parse(only("CMD")) as string[];
    expect([command, JSON.parse(only("ENTRYPOINT"))]).toEqual(["serve", ["cavra"]]);
    const flags = args.filter((flag) => flag !== "--json");
    // Any port, as the tests beside it have theirs; the check asks by the name that its variable allows.
    const free = await freePort();
    const server = await startServer(place, [...flags, "--port", String(free)], {
      CAVRA_SERVE_HOSTS: env.CAVRA_SERVE_HOSTS?.replace("8000", String(free)),
    });
    try {
      const check = JSON.parse(only("HEALTHCHECK").replace(/^.* CMD /, "")) as string[];
      expect(check[0]).toBe("node");
      const asked = (port: number) =>
        run(
          process.execPath,
          check.slice(1).map((part) => part.replace("8000", String(port))),
          { env: place.env },
        );
      expect((await asked(free)).status).toBe(0);
      await server.stop();
      expect((await asked(free)).status).toBe(1);
    } finally {
      await server.stop();
    }
  });
});

describe("the units", () => {
  it.each(UNITS)("%s is read without a line that is none", (name) => {
    expect(readUnit(textOf(name)).size).toBeGreaterThan(1);
  });

  it("run as an account of their own, with nothing to gain", () => {
    for (const name of ["cavra.service", "cavra-backup.service"]) {
      const unit = readUnit(textOf(name));
      expect(valuesOf(unit, "Service", "User")).toEqual(["cavra"]);
      expect([valuesOf(unit, "Service", "NoNewPrivileges"), valuesOf(unit, "Service", "CapabilityBoundingSet")]).toEqual([["yes"], [""]]);
    }
  });

  it("start what this program has", async () => {
    const lines = ["cavra.service", "cavra-backup.service"].flatMap((name) => valuesOf(readUnit(textOf(name)), "Service", "ExecStart"));
    expect(lines.length).toBe(3);
    for (const line of lines) {
      const [, words = ""] = /\/usr\/local\/bin\/cavra ([a-z ]+)/.exec(line) ?? [];
      const help = (await cavra(scratch(), [...words.trim().split(" "), "--help"])).stdout;
      expect(help).toContain(`Usage: cavra ${words.trim()}`);
      for (const flag of line.match(/--[a-z-]+/g) ?? []) expect(help, line).toContain(flag);
    }
  });

  it("back up by the line that the unit has", async () => {
    const place = scratch();
    await cavra(place, ["evaluate", "execute_command", "ls"]);
    const [line = ""] = valuesOf(readUnit(textOf("cavra-backup.service")), "Service", "ExecStart");
    // What systemd makes of it: `$$` is a dollar, `%%` a percent sign.
    const script = (/^\/bin\/sh -c '(.*)'$/.exec(line)?.[1] ?? "").replaceAll("$$", "$").replaceAll("%%", "%");
    const here = script.replace("/usr/local/bin/cavra", `'${process.execPath}' '${program()}'`).replace("/var/lib/cavra", place.root);
    const done = await run("/bin/sh", ["-c", here], { cwd: place.repository, env: place.env });
    expect(done.stderr).toBe("");
    expect(JSON.parse(done.stdout).target).toMatch(/\/backups\/\d{4}-\d\d-\d\dT\d{6}Z$/);
  });

  it("are what systemd reads, where it is here", () => {
    if (spawnSync("systemd-analyze", ["--version"]).status !== 0) return;
    const folder = mkdtempSync(join(realpathSync(inject("built")), "units-"));
    const paths = UNITS.map((name) => join(folder, name));
    for (const [at, name] of UNITS.entries()) writeFileSync(paths[at] ?? "", textOf(name).replaceAll("/usr/local/bin/cavra", "/bin/true"));
    const judged = spawnSync("systemd-analyze", ["verify", ...paths], { encoding: "utf8" });
    expect(judged.stderr.split("\n").filter((line) => line.includes("cavra"))).toEqual([]);
  });
});

describe("compose.yaml", () => {
  const compose = parse(textOf("compose.yaml"));

  it("builds the Containerfile, keeps its state, and lets nobody past the proxy", () => {
    const { cavra: service, proxy } = compose.services;
    expect(existsSync(join(ROOT, "deploy", service.build.context, service.build.dockerfile))).toBe(true);
    expect([service.ports, service.read_only, service.cap_drop]).toEqual([undefined, true, ["ALL"]]);
    expect(service.volumes).toEqual([`cavra:${JSON.parse(only("VOLUME"))[0]}`]);
    expect([compose.networks.inside.internal, service.networks]).toEqual([true, ["inside"]]);
    expect(proxy.image).toMatch(/:\d+[.]\d+[.]\d+/);
    expect(proxy.command.at(-1)).toBe(`cavra:${only("EXPOSE")}`);
  });

  it("has no key that it does not need, and no volume or network that it does not name", () => {
    expect(Object.keys(compose)).toEqual(["name", "services", "volumes", "networks"]);
    for (const service of Object.values(compose.services) as { volumes: string[]; networks: string[] }[]) {
      for (const volume of service.volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(":")[0]);
      for (const network of service.networks) expect(Object.keys(compose.networks)).toContain(network);
      expect(Object.keys(service)).not.toContain("privileged");
    }
  });
});
