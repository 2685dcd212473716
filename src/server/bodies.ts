// What requests carry, as schemas: the one source of what is checked and of what /openapi.json says. Implements spec/service.md 7.1, 7.4 and 7.5.

import { type Static, Type } from "typebox";
import { bad, ok, type Result, VERDICTS } from "../base/index.js";
import { ACTION_TYPES } from "../change/index.js";

const CLOSED = { additionalProperties: false };

/** Of an agent's name and its session, in characters. */
const NAME_CHARACTERS = 256;
/** Of one batch. */
export const BATCH_ACTIONS = 1_000;
/** Of one page. */
export const PAGE_ITEMS = 1_000;
const DEFAULT_PAGE_ITEMS = 100;
export const CURSOR_CHARACTERS = 256;

const name = (description: string) => Type.Optional(Type.String({ maxLength: NAME_CHARACTERS, description }));
const folder = (description: string) => Type.String({ pattern: "^/[^\\u0000]*$", description });

export const ActionBodySchema = Type.Object(
  {
    action_type: Type.Enum([...ACTION_TYPES], { description: "what is asked for" }),
    target: Type.String({ description: "the command, path or address" }),
    operation: Type.Optional(
      Type.String({
        description: "write_file: write, edit or delete; network_request: the method; mcp_tool_call: digest of the tool's description",
      }),
    ),
    arguments: Type.Optional(Type.String({ description: "mcp_tool_call: the tool's input, as JSON text" })),
    cwd: folder("working folder of the action, absolute"),
    workspace_root: Type.Optional(folder("without it, the repository around `cwd`")),
    agent: name("the agent that acts"),
    sub_agent: name("the agent inside the agent"),
    session: name("the agent's session"),
    unattended: Type.Optional(Type.Boolean({ description: "nobody is there to be asked; true where it is not said" })),
  },
  CLOSED,
);
export type ActionBody = Static<typeof ActionBodySchema>;

export const BatchBodySchema = Type.Object(
  {
    actions: Type.Array(
      Type.Unknown({ description: "each as the body of POST /v1/decisions; one that is none is an error in its place" }),
      {
        minItems: 1,
        maxItems: BATCH_ACTIONS,
      },
    ),
  },
  CLOSED,
);
export type BatchBody = Static<typeof BatchBodySchema>;

/** A filter's value, in characters: all of them together stay below the longest target, where they are ASCII. */
const FILTER_CHARACTERS = 512;
export const text = (description: string) => Type.Optional(Type.String({ maxLength: FILTER_CHARACTERS, description }));
export const moment = (description: string) => Type.Optional(Type.String({ maxLength: 24, description }));

export const DecisionsQuerySchema = Type.Object(
  {
    decision: Type.Optional(Type.Enum([...VERDICTS], { description: "only these verdicts" })),
    agent: text("only this agent's"),
    session: text("only this session's"),
    rule: text("only those that this rule decided"),
    repository: text("only this repository's, named as the records name it"),
    action_type: Type.Optional(Type.Enum([...ACTION_TYPES], { description: "only these actions" })),
    since: moment("from this time on: a day or a moment in UTC"),
    until: moment("before this time"),
    words: Type.Optional(Type.String({ maxLength: 2_048, description: "what a record must hold: words with blanks between, at most 8" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_ITEMS, default: DEFAULT_PAGE_ITEMS })),
    cursor: Type.Optional(Type.String({ maxLength: CURSOR_CHARACTERS, description: "`next_cursor` of the page before" })),
  },
  CLOSED,
);
export type DecisionsQuery = Static<typeof DecisionsQuerySchema>;

const MOST_WORDS = 8;

/** Problem: `bad_parameter`. */
export function wordsOf(said: string | undefined): Result<readonly string[]> {
  const words = (said ?? "").split(" ").filter((word) => word !== "");
  return words.length > MOST_WORDS ? bad("bad_parameter", `\`words\` has more than ${MOST_WORDS}`, { at: "words" }) : ok(words);
}

export function pageItems({ limit }: Pick<DecisionsQuery, "limit">): number {
  return limit ?? DEFAULT_PAGE_ITEMS;
}

export const DecisionParamsSchema = Type.Object(
  { decision_id: Type.String({ pattern: "^dec_[0-7][0-9a-hjkmnp-tv-z]{25}$", description: "the whole id" }) },
  CLOSED,
);
export type DecisionParams = Static<typeof DecisionParamsSchema>;

export const NothingSchema = Type.Object({}, CLOSED);
