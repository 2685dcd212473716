// What a notice says, in the forms that providers take. Implements spec/notices.md 7.2.

import { canonicalJson, type JsonObject } from "../../base/index.js";
import type { AlertLevel, Category } from "./model.js";

export const NOTICE_SCHEMA = "cavra.drill-notice.v1";

export interface Notice {
  readonly schema_version: typeof NOTICE_SCHEMA;
  readonly notice_id: string;
  readonly plan_id: string;
  readonly at: string;
  readonly schedule_id: string;
  readonly category: Category;
  readonly alert_level: AlertLevel;
  readonly key: string;
  readonly route_id: string;
  readonly owner: string;
  readonly subject: string;
  readonly summary: string;
  /** The command; "" where nobody needs to answer. */
  readonly acknowledge: string;
}

/** All but what follows from the rest. */
export type NoticeInput = Omit<Notice, "schema_version" | "subject" | "acknowledge"> & { readonly ackMinutes: number };

const SUBJECTS: Readonly<Record<Category, string>> = {
  due_soon: "a rollback drill is due soon",
  overdue: "a rollback drill is overdue",
  stale_critical: "rollback drills are stale: the gate is closed",
  drill_failed: "a rollback drill failed",
  demotion: "Go was taken back",
  mismatch: "the engines answered differently",
  digest: "what a maintenance window hid",
  escalation: "nobody answered",
};

export function noticeOf({ ackMinutes, ...input }: NoticeInput): Notice {
  // What an escalation asks for is an answer to the plan that nobody answered.
  const plan = input.category === "escalation" ? (input.key.split(":")[2] ?? input.plan_id) : input.plan_id;
  return {
    schema_version: NOTICE_SCHEMA,
    ...input,
    subject: SUBJECTS[input.category],
    acknowledge: ackMinutes === 0 ? "" : `cavra runtime go-rollback-drill-notification-ack ${plan} ${input.route_id}`,
  };
}

/** One line of canonical JSON, without its end. */
export function noticeJson(notice: Notice): string {
  const text = canonicalJson(notice as unknown as JsonObject);
  // All its values are texts, and what is no text of Unicode was refused where it was read.
  return text.ok ? text.value : "{}";
}

/** One line for people, without its end. */
export function noticeLine({ alert_level, subject, summary, owner, schedule_id, acknowledge }: Notice): string {
  const whose = schedule_id === "" ? owner : `${owner}, ${schedule_id}`;
  return `[${alert_level}] ${subject}: ${summary} (${whose})${acknowledge === "" ? "" : ` · ${acknowledge}`}`;
}

/** The body of an incoming webhook as Slack takes it. */
export function slackJson(notice: Notice): string {
  const { alert_level, subject, summary, owner, schedule_id, acknowledge, notice_id } = notice;
  const about = [
    `*Owner* ${escaped(owner)}`,
    ...(schedule_id === "" ? [] : [`*Schedule* ${escaped(schedule_id)}`]),
    `*Notice* ${escaped(notice_id)}`,
  ];
  const blocks: JsonObject[] = [
    { type: "header", text: { type: "plain_text", text: `${MARK[alert_level]} ${subject}`.slice(0, HEADER_CHARS) } },
    { type: "section", text: { type: "mrkdwn", text: escaped(summary).slice(0, SECTION_CHARS) } },
    { type: "context", elements: about.map((text) => ({ type: "mrkdwn", text })) },
  ];
  if (acknowledge !== "") blocks.push({ type: "section", text: { type: "mrkdwn", text: `\`${escaped(acknowledge)}\`` } });
  const text = canonicalJson({ text: escaped(`[${alert_level}] ${subject}: ${summary}`).slice(0, SECTION_CHARS), blocks });
  return text.ok ? text.value : "{}";
}

const MARK: Readonly<Record<AlertLevel, string>> = { info: ":information_source:", warning: ":warning:", critical: ":rotating_light:" };
/** What Slack takes at most. */
const [HEADER_CHARS, SECTION_CHARS] = [150, 2_900];

// SECURITY: a name in a summary must not become a mention or a link.
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("`", "'");
}
