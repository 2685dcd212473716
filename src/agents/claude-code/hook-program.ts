// Whether what an installed command starts is still there. Implements spec/agents.md section 4.7.
// Looks only at the words before `hook claude-code`; a command that was written by hand and names no absolute path is left to the doctor, who runs it.

import { statSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Problem } from "../../base/index.js";

/** The first absolute path that the command starts and that is no file any more. */
export function missingProgram(command: string): Problem | null {
  const words = wordsOf(command);
  const end = words.findIndex((word, index) => word === "hook" && words[index + 1] === "claude-code");
  const missing = words.slice(Math.max(0, end - 2), Math.max(0, end)).find((word) => isAbsolute(word) && !isFile(word));
  if (missing === undefined) return null;
  return {
    code: "hook_program_missing",
    message: `the installed hook starts \`${missing}\`, and there is no such file: every call is refused, or runs unasked`,
    hint: "run `cavra agent install claude-code` again",
  };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Words as our own installer writes them: blanks between, single quotes around, `\'` for a quote. */
function wordsOf(command: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let at = 0; at < command.length; at++) {
    const char = command[at] ?? "";
    if (quoted && char !== "'") word = (word ?? "") + char;
    else if (char === "'") {
      quoted = !quoted;
      word = word ?? "";
    } else if (char === "\\") {
      at++;
      word = (word ?? "") + (command[at] ?? "");
    } else if (char !== " ") word = (word ?? "") + char;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  return word === null ? words : [...words, word];
}
