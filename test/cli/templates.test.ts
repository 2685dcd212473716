// The policy files that `init` writes hold as they stand, and so do their examples once the `#` is taken away.

import { describe, expect, it } from "vitest";
import { compileSources } from "../../src/authority/index.js";
import { HOST_TEMPLATE, WORKSPACE_TEMPLATE } from "../../src/cli/templates.js";

const NONE = { host: null, workspace: null, settings: null, library: [] };

/** The lines after the note about the `#`, without it. */
function uncommented(template: string): string {
  const [head, tail] = template.split(/^# Take the # away.*\n/m);
  return `${head}${(tail ?? "").replace(/^# /gm, "")}`;
}

describe("a template", () => {
  it.each([
    ["of a workspace", WORKSPACE_TEMPLATE, "workspace"],
    ["of a workspace, uncommented", uncommented(WORKSPACE_TEMPLATE), "workspace"],
    ["of a host", HOST_TEMPLATE, "host"],
    ["of a host, uncommented", uncommented(HOST_TEMPLATE), "host"],
  ] as const)("%s compiles", (_, text, layer) => {
    const compiled = compileSources({ ...NONE, [layer]: { path: "policy.yaml", text } });
    expect(compiled.ok ? [] : compiled.problems).toEqual([]);
    if (text.includes("\nexceptions:")) expect(compiled.ok && compiled.value.exceptions).toHaveLength(1);
    if (text.includes("\nrules:")) expect(compiled.ok && compiled.value.rules.some(({ id }) => id === "repository.migrations")).toBe(true);
  });
});
