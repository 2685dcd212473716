// Where the running authority's things stand in the state folder, and what of the file system a process sees. Implements spec/backend.md 8.1 and 8.2.

import { readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { CavraError } from "../base/index.js";

export const SOCKET_FILE = "authority.sock";
/** A kernel's place for a socket's path, without the end that it wants: the smallest of those we run on. */
export const SOCKET_PATH_BYTES = 103;

export interface DaemonPlaces {
  readonly socket: string;
  readonly tickets: string;
  readonly about: string;
  readonly lock: string;
  readonly log: string;
}

/** Throws CavraError `socket_path_too_long`. */
export function daemonPlaces(stateFolder: string): DaemonPlaces {
  const socket = join(stateFolder, SOCKET_FILE);
  if (Buffer.byteLength(socket) > SOCKET_PATH_BYTES)
    throw new CavraError(
      "socket_path_too_long",
      `\`${socket}\` has more than ${SOCKET_PATH_BYTES} bytes, which no socket's path may have`,
      {
        hint: "set CAVRA_STATE_DIR to a folder with a shorter name",
      },
    );
  return {
    socket,
    tickets: join(stateFolder, "peers"),
    about: join(stateFolder, "authority.json"),
    lock: join(stateFolder, "authority.lock"),
    log: join(stateFolder, "authority.log"),
  };
}

/** Two processes with the same one find the same files under the same names: mount namespace and root folder. */
export function fileView(): string {
  const { dev, ino } = statSync("/");
  return `${mountNamespace()} ${dev}:${ino}`;
}

function mountNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/mnt");
  } catch {
    return "";
  }
}
