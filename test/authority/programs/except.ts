// A process that adds COUNT exceptions to the settings in the configuration folder, one change each, named NAME-0, NAME-1, …

import { changeHostSettings } from "../../../src/authority/index.js";

const [config = "", name = "", count = "0"] = process.argv.slice(2);
for (let n = 0; n < Number(count); n++) {
  const exception = { id: `${name}-${n}`, rule: "r", match: [{ effect: "read" }], reason: "r", until: "", decision_id: "", record_id: "" };
  changeHostSettings({ CAVRA_CONFIG_DIR: config }, (settings) => ({ ...settings, exceptions: [...settings.exceptions, exception] }));
}
