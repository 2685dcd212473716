// The list of parts of cavra-runtime (CycloneDX 1.6), from what Go wrote into the binaries themselves: module, dependencies, toolchain.
// No clock, no serial number, no machine: the same binaries have the same list. The form is that of CycloneDX's own library (docs/decisions/0016).

import { spawnSync } from "node:child_process";
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";

/** `binaries`: `{ path, file, digest }`, by path; `path` is the name in the package, `digest` 64 hexadecimal digits. */
export function sbomOf(version, binaries) {
  const inside = binaries.map(({ file }) => builtInto(file));
  const [first] = inside;
  // One list for all: what only one platform needed would have to be told apart.
  if (inside.some((one) => JSON.stringify(one) !== JSON.stringify(first)))
    throw new Error("the binaries are not built from the same parts");
  const main = new Models.Component(Enums.ComponentType.Application, "cavra-runtime", {
    version,
    bomRef: "cavra-runtime",
    purl: `pkg:golang/${first.module}@${version}`,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense("Apache-2.0")]),
    components: new Models.ComponentRepository(binaries.map(binaryComponent)),
  });
  const parts = [
    goModule("std", first.toolchain, { licenses: new Models.LicenseRepository([new Models.SpdxLicense("BSD-3-Clause")]) }),
    ...first.dependencies.map(({ path, version, sum }) =>
      goModule(path, version, { properties: new Models.PropertyRepository([new Models.Property("cavra:go-sum", sum)]) }),
    ),
  ];
  for (const part of parts) main.dependencies.add(part.bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({
      component: main,
      lifecycles: new Models.LifecycleRepository([Enums.LifecyclePhase.Build]),
    }),
    components: new Models.ComponentRepository(parts),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function binaryComponent({ path, digest }) {
  return new Models.Component(Enums.ComponentType.File, path, {
    bomRef: path,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm["SHA-256"], digest]]),
  });
}

function goModule(name, version, more) {
  const purl = `pkg:golang/${name}@${version}`;
  return new Models.Component(Enums.ComponentType.Library, name, { version, bomRef: purl, purl, ...more });
}

/** What Go says is in a binary, whichever platform it is for: lines of `key TAB value…`. */
function builtInto(file) {
  const ended = spawnSync("go", ["version", "-m", file], { encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`go does not say what is in ${file}: ${ended.stderr}`);
  const [head = "", ...lines] = ended.stdout.trimEnd().split("\n");
  const rows = lines.map((line) => line.trimStart().split("\t"));
  const dependencies = rows.filter(([key]) => key === "dep").map(([, path, version, sum = ""]) => ({ path, version, sum }));
  if (rows.some(([key]) => key === "=>")) throw new Error(`a module in ${file} was replaced by another`);
  const module = rows.find(([key]) => key === "mod")?.[1];
  const toolchain = head.slice(head.lastIndexOf(": ") + 2);
  if (module === undefined || !toolchain.startsWith("go")) throw new Error(`go says nothing of ${file}`);
  return { module, toolchain, dependencies };
}
