// Starts the built program's server in a scratch place, asks it as any client would, and holds every answer against the server's own document.

import { type ChildProcess, spawn } from "node:child_process";
import { type Agent, request } from "node:http";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { type Environment, program, type Scratch } from "../cli/program.js";

export interface Server {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The line that it printed. */
  readonly said: object;
  /** Sends the signal and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  readonly ended: Promise<number | null>;
  readonly complaints: () => string;
}

/** Throws what it printed where it did not start. */
export async function startServer(place: Scratch, args: readonly string[] = [], env: Environment = {}): Promise<Server> {
  const child = spawn(process.execPath, [program(), "serve", "--port", "0", "--json", ...args], {
    cwd: place.repository,
    env: { ...place.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (status) => resolve(status));
  });
  const line = await firstLine(child, ended);
  const said = JSON.parse(line);
  if (said.state !== "started") throw new Error(`${line}${complaints}`);
  const stop = (signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    return ended;
  };
  return { url: said.url, port: Number(new URL(said.url).port), pid: said.pid, said, stop, ended, complaints: () => complaints };
}

async function firstLine(child: ChildProcess, ended: Promise<unknown>): Promise<string> {
  if (child.stdout === null) throw new Error("no standard output");
  const lines = createInterface({ input: child.stdout });
  return Promise.race([
    new Promise<string>((resolve) => {
      lines.once("line", resolve);
    }),
    ended.then(() => '{"state":"ended"}'),
  ]);
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;
  /** The JSON that came; null for none. */
  readonly value: ReturnType<typeof JSON.parse>;
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
  /** Without one each request has a connection of its own. */
  readonly agent?: Agent | false;
}

/** Any request at all, also one that no browser would send. */
export function send(
  { port }: Pick<Server, "port">,
  method: string,
  path: string,
  { headers = {}, body, agent = false }: Asked = {},
): Promise<Answer> {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const about = body === undefined ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, method, path, headers: { ...about, ...headers }, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const said = bytes.toString();
        const isJson = /json/.test(String(response.headers["content-type"]));
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: said,
          bytes,
          value: isJson && said !== "" ? JSON.parse(said) : null,
        });
      });
    });
    asking.on("error", reject);
    asking.end(text);
  });
}

/** Bytes as they are; everything that came back until the server closed. */
export function sendRaw({ port }: Pick<Server, "port">, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** The same as `send`, and the answer must be one that the document names, of the schema that it gives. */
export type Ask = (method: string, path: string, asked?: Asked) => Promise<Answer>;

export async function documented(server: Server): Promise<{ readonly ask: Ask; readonly document: ReturnType<typeof JSON.parse> }> {
  const document = (await send(server, "GET", "/openapi.json")).value;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const known = new Map<object, ValidateFunction>();
  const ask: Ask = async (method, path, asked) => {
    const answer = await send(server, method, path, asked);
    const fault = faultOf(document, method, path, answer, (schema) => {
      const validate = known.get(schema) ?? ajv.compile({ ...schema, components: document.components });
      known.set(schema, validate);
      return validate;
    });
    if (fault !== "") throw new Error(`${method} ${path} answered ${answer.status}: ${fault}\n${answer.text.slice(0, 2_000)}`);
    return answer;
  };
  return { ask, document };
}

/** "" where the document has such an answer. Paths that are not in it answer problems alone. */
function faultOf(
  document: ReturnType<typeof JSON.parse>,
  method: string,
  path: string,
  { status, headers, value, text }: Answer,
  validator: (schema: object) => ValidateFunction,
): string {
  const asked = (path.split("?")[0] ?? "").split("/");
  const fits = (template: string) => {
    const parts = template.split("/");
    return parts.length === asked.length && parts.every((part, at) => part.startsWith("{") || part === asked[at]);
  };
  const template = Object.keys(document.paths).find(fits);
  const operation = template === undefined ? undefined : document.paths[template][method.toLowerCase()];
  const type = String(headers["content-type"] ?? "").split(";")[0] ?? "";
  const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/problem" } } };
  const response = operation === undefined ? { content: problem } : operation.responses[status];
  if (response === undefined) return "the document has no such status";
  if (response.content === undefined) return text === "" ? "" : "the document has no body there";
  const schema = response.content[type]?.schema;
  if (schema === undefined) return `the document has no \`${type}\` there`;
  const validate = validator(schema);
  return validate(/json/.test(type) ? value : text) ? "" : JSON.stringify(validate.errors);
}
