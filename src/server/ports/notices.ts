// What the routes over notices ask for. Implements spec/service.md section 12; what each says is spec/notices.md's.

import type { Result } from "../../base/index.js";

export type NoticePlan = "notification" | "escalation";

/** Reads write nothing, neither the database nor a folder. */
export interface NoticesPort {
  /** Who would be told now. */
  readonly plan: (kind: NoticePlan) => Promise<object>;
  /** The same kept and delivered, and what waits from before. */
  readonly deliver: (kind: NoticePlan) => Promise<object>;
  /** What became of every notice, the last first. `cursor` is "" or what came with the page before. Problems: `bad_time`, `ack_plan_unknown`. */
  readonly history: (filter: NoticeFilter, limit: number, cursor: string) => Promise<Result<NoticePage>>;
  /** Problems: `bad_time`, `too_many_buckets`. */
  readonly trends: (asked: { readonly from?: string; readonly to?: string; readonly bucket?: string }) => Promise<Result<object>>;
  /** Keeps what a person signed. Problems: those of spec/notices.md 6.3, and of what was signed by nobody who may. */
  readonly acknowledge: (scheduleId: string, envelope: string) => Promise<Result<object>>;
}

/** All that are given must hold. */
export interface NoticeFilter {
  readonly schedule?: string;
  readonly plan?: string;
  readonly provider?: string;
  readonly owner?: string;
  readonly route?: string;
  readonly action?: string;
  readonly category?: string;
  readonly cause?: string;
  readonly level?: string;
  readonly window?: string;
  readonly from?: string;
  readonly to?: string;
}

export interface NoticePage {
  readonly rows: readonly object[];
  /** "" at the end. */
  readonly nextCursor: string;
}
