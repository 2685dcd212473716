// Whether documents must be signed here: a setting of the host, and of nobody else. Implements spec/promotion.md 4.3.

import { join } from "node:path";
import { bad, ok, parseJson, type Result, shapeFault } from "../base/index.js";
import { readNoFollow } from "../store/index.js";

export type TrustSetting = "signed" | "asserted";

/** In the configuration folder, or the system's. */
export const TRUST_FILE = "promotion.json";
const SYSTEM_FOLDER = "/etc/cavra";

/** `signed` where no file says otherwise; the system's file goes before the user's. Problem: `promotion_settings_malformed`. */
export function trustSetting(configFolder: string): Result<TrustSetting> {
  for (const folder of [SYSTEM_FOLDER, configFolder]) {
    const path = join(folder, TRUST_FILE);
    const text = textOf(path);
    if (text === null) continue;
    const read = parseJson(text);
    const isForm =
      read.ok &&
      shapeFault(read.value, {
        schema_version: { $oneOf: ["cavra.promotion-settings.v1"] },
        trust: { $oneOf: ["signed", "asserted"] },
      }) === "";
    if (!isForm) return bad("promotion_settings_malformed", `\`${path}\` does not hold the settings of promotion`);
    return ok((read.value as { readonly trust: TrustSetting }).trust);
  }
  return ok("signed");
}

function textOf(path: string): string | null {
  try {
    return readNoFollow(path)?.text ?? null;
  } catch {
    return "";
  }
}
