// The digest of the sources that the first engine is built from (spec/backend.md 2.1): what was compared is compared for these alone.

declare const CAVRA_ENGINE: string | undefined;

/** Stamped by the build; "" when it runs from source. */
export const ENGINE_DIGEST: string = typeof CAVRA_ENGINE === "string" ? CAVRA_ENGINE : "";
