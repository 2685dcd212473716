// Which workspaces somebody is for: names of repositories as records have them, exactly or with `*`. Implements spec/service.md 4.8. Pure.
// `*` is the one sign that is none of a name: what is asked in TypeScript, in SQLite and in PostgreSQL must be the same question.

import { bad, compileTextGlob, type Glob, matchTextGlob, ok, type Result } from "../base/index.js";

/** Workspaces that one token or rule names; bytes of one of them; `*` in one of them. */
export const MAX_WORKSPACES = 64;
export const WORKSPACE_BYTES = 512;
export const WORKSPACE_STARS = 4;
export const EVERY_WORKSPACE = "*";

/** Problem: `bad_workspace`. */
export function checkWorkspaces(workspaces: readonly string[]): Result<readonly string[]> {
  if (workspaces.length === 0 || workspaces.length > MAX_WORKSPACES)
    return bad("bad_workspace", `from 1 to ${MAX_WORKSPACES} workspaces are named, not ${workspaces.length}`);
  const wrong = workspaces.find((text) => !isWorkspace(text));
  if (wrong === undefined) return ok(workspaces);
  return bad("bad_workspace", `\`${wrong}\` is no workspace`, {
    hint: `a repository as records name it, of at most ${WORKSPACE_BYTES} bytes, or several by \`*\`, such as \`https://git.example.org/shop/*\``,
  });
}

function isWorkspace(text: string): boolean {
  return (
    text !== "" &&
    Buffer.byteLength(text) <= WORKSPACE_BYTES &&
    text.split("*").length - 1 <= WORKSPACE_STARS &&
    !/[\u0000-\u001f]/.test(text)
  );
}

/** True for the names that one of these is, or fits. */
export function workspaceTest(workspaces: readonly string[]): (name: string) => boolean {
  if (workspaces.includes(EVERY_WORKSPACE)) return () => true;
  const globs = workspaces.flatMap((text): readonly Glob[] => {
    const glob = compileTextGlob(text.replace(/[\\?[\]{}]/g, "\\$&").replace(/\*+/g, "*"), false);
    return glob.ok ? [glob.value] : [];
  });
  return (name) => globs.some((glob) => matchTextGlob(glob, name));
}

/** The same for SQLite's GLOB. */
export function workspaceGlob(text: string): string {
  return text.replace(/[?[]/g, "[$&]");
}

/** The same for PostgreSQL's LIKE, with a backslash before what stands for itself. */
export function workspaceLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&").replace(/\*/g, "%");
}
