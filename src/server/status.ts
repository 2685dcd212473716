// The one place that turns a code into a status of HTTP. Implements spec/service.md 3.5.

const CODES: Readonly<Record<number, readonly string[]>> = {
  401: ["token_invalid", "token_missing"],
  403: ["ack_other_person", "agent_differs", "identity_missing", "origin_not_allowed", "scope_missing"],
  404: [
    "ack_plan_unknown",
    "ack_route_unknown",
    "approval_not_found",
    "policy_not_found",
    "record_not_found",
    "route_not_found",
    "tile_not_found",
  ],
  405: ["method_not_allowed"],
  408: ["request_timeout"],
  409: ["idempotency_in_progress", "ack_twice", "already_answered", "approval_not_pending"],
  413: ["body_too_large", "json_too_large"],
  414: ["url_too_long"],
  415: ["media_type_unsupported"],
  421: ["host_not_allowed"],
  429: ["rate_limited"],
  422: [
    "ack_early",
    "ack_future",
    "ack_malformed",
    "ack_other_plan",
    "answer_after_end",
    "answer_early",
    "answer_future",
    "answer_malformed",
    "answer_other_name",
    "answer_other_request",
    "answer_own",
    "bundle_empty",
    "bundle_too_large",
    "envelope_malformed",
    "idempotency_key_reused",
    "key_retired",
    "key_revoked",
    "signature_invalid",
    "unknown_signer",
    "wrong_role",
  ],
  431: ["headers_too_large"],
  500: ["internal_error"],
  503: [
    "database_missing",
    "database_too_new",
    "database_unavailable",
    "evidence_too_large",
    "evidence_unavailable",
    "installation_changed",
    "no_descriptors",
    "overloaded",
    "record_unsigned",
    "report_unavailable",
    "stopping",
    // The server's own settings.
    "bad_deadline",
    "bad_lease",
    "policy_invalid",
    "policy_unreadable",
    "policy_unsigned",
    "settings_unreadable",
    "unknown_mode",
    "unknown_pack",
    "unknown_surface",
  ],
};

const STATUS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)] as const)),
);

/** `otherwise`: 400 for what was said of the caller's words, 503 for what was said of the world. */
export function statusOf(code: string, otherwise: 400 | 503): number {
  return STATUS.get(code) ?? otherwise;
}

/** The status in words: RFC 9110. */
export const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
