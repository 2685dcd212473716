// The door of the agents' adapters.

export { DOCTOR_SESSION, fireProbes, hostWould, type Probe } from "./claude-code/doctor.js";
export { answerHook, answerHookBeside, HOOK_READ_BYTES, type HookInput, type LivingDecider } from "./claude-code/hook.js";
export {
  type FoundHook,
  hookCommand,
  type InstallReport,
  installedHook,
  installHook,
  lostHook,
  settingsPath,
  uninstallHook,
} from "./claude-code/install.js";
export { findHook, type HookSpec, type InstalledHook, withHook, withoutHook } from "./claude-code/settings.js";
