// Which of the packaged platforms this machine is. Implements spec/promotion.md 3.1.

import { PLATFORMS, type Platform } from "../promotion/index.js";

const SYSTEMS: Readonly<Record<string, string>> = { darwin: "darwin", linux: "linux", win32: "windows" };
const MACHINES: Readonly<Record<string, string>> = { arm64: "arm64", x64: "amd64" };

/** Null where packages are made for no such machine. */
export function platformHere(system: string = process.platform, machine: string = process.arch): Platform | null {
  return PLATFORMS.find((platform) => platform === `${SYSTEMS[system]}-${MACHINES[machine]}`) ?? null;
}
