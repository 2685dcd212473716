// Compiles the `environment` and `mcp` sections. Implements spec/catalogue.md section 6. No twin: only the compiled catalogue travels.

import { compareBytes } from "../../base/order.js";
import { conditions } from "./compile-parts.js";
import { Fields, sparse } from "./fields.js";
import { lowerAscii } from "./lookup.js";
import type { EnvironmentVariable, McpTool } from "./model.js";
import type { Entry, Problems } from "./source.js";

export function compileEnvironment(sections: readonly Entry[], problems: Problems): Readonly<Record<string, EnvironmentVariable>> {
  const variables = new Map<string, EnvironmentVariable>();
  for (const entry of sections.flatMap((section) => (section.value.kind === "map" ? section.value.entries : []))) {
    const fields = new Fields(entry.value, ["about", "role", "used_by", "inject", "when", "unless"], problems);
    for (const name of entry.key.split(",").map((one) => one.trim())) {
      if (variables.has(name)) problems.add(entry.at, `\`${name}\` is described twice`);
      variables.set(name, {
        role: fields.role("role"),
        ...sparse({ used_by: fields.names("used_by"), inject: fields.names("inject") }),
        ...conditions(fields),
      });
    }
  }
  return Object.fromEntries([...variables].sort(([a], [b]) => compareBytes(a, b)));
}

export function compileTools(sections: readonly Entry[], problems: Problems): readonly McpTool[] {
  return sections.flatMap(({ value }) =>
    (value.kind === "list" ? value.items : []).map((item) => {
      const fields = new Fields(item, ["about", "server", "tool", "capability", "arguments"], problems);
      const capability = fields.choice("capability", ["read", "write", "execute", "network"], "execute");
      if (!fields.has("capability")) problems.add(fields.at, "`capability` is missing");
      return {
        server: alternatives(lowerAscii(fields.text("server"))),
        tool: [...new Set(alternatives(lowerAscii(fields.text("tool"))))],
        capability,
        arguments: fields.roleMap("arguments"),
      };
    }),
  );
}

/** `get_{a,b}` → `get_a`, `get_b`. Braces do not stand inside braces. */
function alternatives(glob: string): readonly string[] {
  const open = glob.indexOf("{");
  const close = glob.indexOf("}", open);
  if (open < 0 || close < 0) return [glob];
  const choices = glob.slice(open + 1, close).split(",");
  return choices.flatMap((choice) => alternatives(glob.slice(0, open) + choice.trim() + glob.slice(close + 1)));
}
