// The door of notify: delivers notices through webhooks, Slack, files and the screen.

export { type Delivered, type DeliverGiven, deliverWaiting } from "./deliver.js";
export { type Outgoing, outgoing, redactedRequest } from "./request.js";
export { send } from "./send.js";
