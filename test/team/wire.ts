// A wire between servers and their database that can be cut, or swallow everything: a Unix socket in a folder of its own.

import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Wire {
  /** The same database, by this wire. */
  readonly url: string;
  /** Nothing comes through any more, and nobody is told. */
  readonly swallow: () => void;
  /** Ends every connection that there is. */
  readonly cut: () => void;
  readonly mend: () => void;
  readonly remove: () => Promise<void>;
}

const NAME = ".s.PGSQL.5432";

export async function wireTo(url: string): Promise<Wire> {
  const real = decodeURIComponent(new URL(url).hostname);
  const folder = mkdtempSync(join(tmpdir(), "cavra-wire-"));
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  const server = createServer((here) => {
    const there = connect(join(real, NAME));
    for (const [from, to] of [
      [here, there],
      [there, here],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => {
        if (!isSwallowing) to.write(chunk);
      });
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(join(folder, NAME), resolve);
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.replace(encodeURIComponent(real), encodeURIComponent(folder)),
    swallow: () => {
      isSwallowing = true;
    },
    cut,
    mend: () => {
      isSwallowing = false;
      cut();
    },
    remove: async () => {
      cut();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
