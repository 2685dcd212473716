// The line that asks a second engine. Implements spec/backend.md 2.3 and 3.3; the same bytes as backend/wire.ts, made faster where the world is one of a few.

import * as crypto from "node:crypto";
import type { Evaluation, Request } from "../backend/index.js";
import { canonicalJson, hasLoneSurrogate, sha256 } from "../base/index.js";
import type { Action } from "../change/index.js";

/** Null where the evaluation has no canonical form. */
export function requestLine(id: string, deadlineMs: number, { action, facts, subject }: Evaluation): Request | null {
  const [about, asker, world] = [actionText(action), writtenOnce(subject), writtenOnce(facts)];
  if (about === null || asker === null || world === null) return null;
  const asked = `"action":${about},"facts":${world},"subject":${asker}}`;
  return { line: `{"kind":"evaluate","id":"${id}","deadline_ms":${deadlineMs},${asked}`, digest: digestOf(`{${asked}`) };
}

/** Facts and subjects are told with thousands of actions each. */
const WRITTEN = new WeakMap<object, string>();

function writtenOnce(value: object): string | null {
  const known = WRITTEN.get(value);
  if (known !== undefined) return known;
  const text = canonicalJson(value);
  if (text.ok) WRITTEN.set(value, text.value);
  return text.ok ? text.value : null;
}

// Six texts in their order: what the canonical form of any value does for each key is half of what a request costs.
function actionText(action: Action): string | null {
  const { action_type, arguments: more, cwd, operation, target, workspace_root } = action;
  if ([action_type, more, cwd, operation, target, workspace_root].some(hasLoneSurrogate)) return null;
  const [type, given, folder, how, what, root] = [action_type, more, cwd, operation, target, workspace_root].map((text) =>
    JSON.stringify(text),
  );
  return `{"action_type":${type},"arguments":${given},"cwd":${folder},"operation":${how},"target":${what},"workspace_root":${root}}`;
}

/** In one step where Node.js has it (20.12): half the cost of an object that is told, asked and thrown away. */
const hash = (crypto as { readonly hash?: (name: string, text: string) => string }).hash;
const digestOf = hash === undefined ? sha256 : (text: string) => `sha256:${hash("sha256", text)}`;
