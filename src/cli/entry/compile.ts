// The bundle with the YAML reader: what the hook loads when a policy file is new.

export { compileSources } from "../../authority/index.js";
