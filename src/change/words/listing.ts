// File name expansion against folder listings that the facts supply. Implements spec/change.md section 5.7.
// Twin of go/change/words/listing.go.
// It answers only when every folder on the way is listed; it never looks at a file system.

import { compareBytes } from "../../base/order.js";
import { LIMITS, spend } from "./budget.js";
import type { WordContext } from "./context.js";
import { hasActive, matchesGlob, unescapeGlob } from "./glob.js";

/** The names that the glob makes, sorted by bytes; null when a needed folder is not listed, or there would be too many. */
export function expandListing(glob: string, cwd: string | null, context: WordContext): readonly string[] | null {
  const absolute = glob.startsWith("/");
  if (!absolute && cwd === null) return null;
  const components = glob.split("/").filter((component, i, all) => component !== "" || (i > 0 && i === all.length - 1));
  let found: readonly string[] = [absolute ? "/" : ""];
  let listed = false;
  for (const [i, component] of components.entries()) {
    // At the end only folders have it, and nobody says which of the names are folders. The temptation is to take all: `*/` would name files.
    if (listed && i === components.length - 1 && ["", ".", ".."].includes(component)) return found.length === 0 ? [] : null;
    const next = hasActive(component)
      ? matchesIn(found, component, cwd ?? "/", context)
      : listed
        ? existingIn(found, unescapeGlob(component), cwd ?? "/", context)
        : found.map((folder) => join(folder, unescapeGlob(component)));
    if (next === null || next.length > LIMITS.globNames) return null;
    listed ||= hasActive(component);
    found = next;
  }
  // `a[/b]` is a glob in none of its components: the word is no name, and stands as it is.
  return listed ? [...found].sort(compareBytes) : [];
}

function matchesIn(folders: readonly string[], component: string, cwd: string, context: WordContext): readonly string[] | null {
  const found: string[] = [];
  for (const folder of folders) {
    const names = context.listing(absoluteFolder(cwd, folder));
    if (names === null || !spend(context.budget, names.length)) return null;
    for (const name of names) {
      // A leading dot is matched by a dot only.
      if (name.startsWith(".") && !component.startsWith(".") && !component.startsWith("\\.")) continue;
      if (matchesGlob(component, name)) found.push(join(folder, name));
    }
  }
  return found;
}

/** A literal component after an active one must exist. What has no listing may be a plain file: nothing is known then. */
function existingIn(folders: readonly string[], name: string, cwd: string, context: WordContext): readonly string[] | null {
  if (name === "." || name === "..") return folders.map((folder) => join(folder, name));
  const found: string[] = [];
  for (const folder of folders) {
    const names = context.listing(absoluteFolder(cwd, folder));
    if (names === null) return null;
    if (names.includes(name)) found.push(join(folder, name));
  }
  return found;
}

function join(folder: string, name: string): string {
  return folder === "" || folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

function absoluteFolder(cwd: string, folder: string): string {
  if (folder.startsWith("/")) return folder === "/" ? "/" : folder.replaceAll("//", "/");
  if (folder === "") return cwd;
  return cwd === "/" ? `/${folder}` : `${cwd}/${folder}`;
}
