// Delivers what waits, until nothing does or the rest would have to be waited for too long. Implements spec/notices.md 7.3.
// INVARIANT: between two transactions only the provider is spoken to. Killed anywhere, the notice waits still, and the next one to come delivers it.

import type { Result } from "../base/index.js";
import type { Provider } from "../promotion/index.js";
import {
  ATTEMPTS,
  beginDeliveries,
  type Clock,
  type Delivery,
  type DeliveryResult,
  type EndedDelivery,
  endDeliveries,
  type NoticeStore,
  nextDelivery,
  waitingDeliveries,
} from "../store/index.js";
import { type Outgoing, outgoing, redactedRequest } from "./request.js";
import { send } from "./send.js";

/** So many are out at a time. */
const AT_ONCE = 32;

export interface DeliverGiven {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly clock: Clock;
  readonly redactionKey: Uint8Array;
  readonly userAgent: string;
  /** For providers of the kind `stdout`: a line with its end. */
  readonly print: (line: string) => void;
  /** Waits for retries at most so long, all in all. */
  readonly waitMs: number;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface Delivered {
  readonly sent: number;
  readonly failed: number;
  /** What waits for another attempt that would come too late. */
  readonly left: number;
}

export async function deliverWaiting(store: NoticeStore, given: DeliverGiven): Promise<Delivered> {
  const untilMs = given.clock.nowMs() + given.waitMs;
  let [sent, failed] = [0, 0];
  for (;;) {
    const ended = await deliverSome(store, given);
    sent += ended.filter(({ result }) => result.kind === "sent").length;
    failed += ended.filter(isFinal).length;
    if (ended.length > 0) continue;
    const nextMs = nextDelivery(store);
    const nowMs = given.clock.nowMs();
    if (nextMs === null || nextMs > untilMs) return { sent, failed, left: waitingDeliveries(store) };
    await given.sleep(Math.max(1, nextMs - nowMs));
  }
}

function isFinal({ delivery, result }: EndedDelivery): boolean {
  return result.kind === "failed" || (result.kind === "again" && delivery.attempt >= ATTEMPTS);
}

async function deliverSome(
  store: NoticeStore,
  { providers, clock, redactionKey, userAgent, print }: DeliverGiven,
): Promise<readonly EndedDelivery[]> {
  const made = new Map<number, Result<Outgoing>>();
  const make = (delivery: Delivery): Result<Outgoing> => {
    const known = made.get(delivery.noticeNo) ?? outgoing(delivery.notice, providers.get(delivery.provider), userAgent);
    made.set(delivery.noticeNo, known);
    return known;
  };
  const requestOf = (delivery: Delivery) => redactedRequest(make(delivery), delivery.notice.notice_id, redactionKey);
  const begun = beginDeliveries(store, clock.nowMs(), AT_ONCE, requestOf);
  const ended = await Promise.all(
    begun.map(async (delivery): Promise<EndedDelivery> => {
      const out = make(delivery);
      return { delivery, result: out.ok ? await send(out.value, print) : unsendable(out.problem.code) };
    }),
  );
  if (ended.length > 0) endDeliveries(store, ended, clock.nowMs());
  return ended;
}

function unsendable(code: string): DeliveryResult {
  return { kind: "failed", cause: code === "provider_insecure" ? "provider_insecure" : "provider_unconfigured", told: code };
}
