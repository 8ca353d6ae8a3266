// Types and reference of emulator.js: an emulator of Azure Communication Services Chat in a page, a worker or Node.
//
// It needs no server, no Go and no Azure account. docs/emulator.md says what it emulates. It is for development and tests: its access key is
// public, and everybody who can run scripts in the page can read everything.

/**
 * Starts an emulator.
 *
 * It rejects with a `TypeError` for bad options, and with an `Error` if a file cannot be loaded, or if `shared` or `persist` is not
 * possible here. The message says what to do.
 *
 * ```js
 * const emulator = await createEmulator({ users: ["jane", "alex"] });
 * const client = createClient({ endpoint: emulator.endpoint, token: emulator.users.jane.token, fetch: emulator.fetch });
 * ```
 */
export function createEmulator(options?: EmulatorOptions): Promise<Emulator>;

export interface EmulatorOptions {
  /** Names of users to create. With `state`, `persist` and `shared`, a name that exists already is the same user. */
  users?: string[];
  /** A state from `exportState`, also after `JSON.stringify` and `JSON.parse`. With `persist` it fills an empty database only. */
  state?: EmulatorState;
  /**
   * Pages of one origin that pass the same name share one emulator, in a SharedWorker. It lives as long as one of them is open. The options of the
   * first page hold for all. Without https, a page that ends without `close` counts as open until all have ended.
   */
  shared?: string;
  /**
   * Keeps the state in IndexedDB under this name, over reloads. Then each change is stored before it is answered. Only one emulator can use a
   * name at a time. Faults and the clock are not kept.
   */
  persist?: string;
  /**
   * Called with the events that the service publishes through Azure Event Grid when threads, participants and messages change, in Event Grid's own
   * schema. It is called about when the request that made the change is answered. What it throws is reported as uncaught.
   */
  events?: (event: EmulatedEvent) => void;
  /** Called after each request of this page, since the browser's network panel does not show them. What it throws is reported as uncaught. */
  onRequest?: (exchange: EmulatedExchange) => void;
  /** Answers 429 above the service's documented rate limits. */
  rateLimits?: boolean;
  /** Answers errors in the form observed at the service, with an empty 401, not in the documented form. */
  observedErrors?: boolean;
  /** Makes updateMessage without metadata drop the message's metadata. It is not known whether the service does so. */
  editsDropMetadata?: boolean;
  /** false: runs beside the page's own code, not in a worker. In workers and in Node the emulator always does. */
  worker?: boolean;
  /** The address of emulator_worker.js. Default: beside emulator.js. On another origin, the page's policy needs worker-src blob:. */
  workerURL?: string | URL;
  /** The address of emulator.wasm. Default: beside emulator.js. In Node it must be absolute, and may be a file: URL. */
  wasmURL?: string | URL;
  /** A compiled emulator.wasm, in place of its address. Not with `shared`. */
  wasmModule?: CompiledModule;
}

/** A WebAssembly.Module, in projects that have this type. Node's own types do not have it. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;

/**
 * A running emulator. Its methods work detached.
 *
 * What `fail`, `clearFaults`, `advance` and `reset` do is in force for every later `fetch`, even if you do not await their promise.
 */
export interface Emulator {
  /** https, at a name that does not exist: a request that is not made with `fetch` below reaches nothing. */
  readonly endpoint: string;
  /** For the identity client of the official SDK. */
  readonly connectionString: string;
  /** The users of the option `users` and of `createUser`, by name. Their tokens are valid for 24 hours of the emulator's clock. */
  readonly users: Record<string, EmulatedUser>;
  /** Where it runs. "here" is the thread of the caller. The console says why if a page gets that without having asked for it. */
  readonly runsIn: "worker" | "sharedWorker" | "here";
  /**
   * Does what the page's fetch does with the service: all types of bodies, `Request` objects, signals with their reasons. The response has only
   * the headers that CORS lets a page read. It rejects for other origins.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Returns the user with this name, and creates the user first if there is none. Adds the user to `users`. */
  createUser(name: string): Promise<EmulatedUser>;
  /** Returns another token for a user, such as after `advance`. */
  issueToken(id: string): Promise<string>;
  /**
   * Plants a fault. docs/emulator.md#faults lists the members of a rule.
   *
   * ```js
   * emulator.fail({ operation: "sendMessage", call: 2, status: 503 });
   * ```
   */
  fail(rule: FaultRule): Promise<void>;
  /** Removes all faults. */
  clearFaults(): Promise<void>;
  /** Moves the clock forward: tokens expire, and the windows of rate limits pass. */
  advance(ms: number): Promise<void>;
  /** Removes threads, faults and what `advance` did. The users in `users` stay, and so do their tokens. */
  reset(): Promise<void>;
  /** Returns the state, as data for the option `state`. Faults and the clock are not in it. */
  exportState(): Promise<EmulatorState>;
  /** Ends the emulator, or with `shared` this page's use of it. Requests that wait for an answer reject. */
  close(): void;
}

export interface EmulatedUser {
  /** The raw id. */
  id: string;
  /** An access token with the scope chat. */
  token: string;
}

/** What `exportState` returns. Its content may differ in the next version. */
export interface EmulatorState {
  format: number;
  records: Record<string, unknown>;
}

/** A fault. docs/emulator.md#faults says what the members do. */
export interface FaultRule {
  operation?: string;
  call?: number;
  times?: number;
  refuse?: boolean;
  drop?: boolean;
  hang?: boolean;
  hangMs?: number;
  cut?: boolean;
  status?: number;
  after?: boolean;
  retryAfter?: number;
  exposeRetryAfter?: boolean;
  observed?: boolean;
  body?: string;
  contentType?: string;
  empty?: boolean;
  trickleMs?: number;
  noCORS?: boolean;
  visibleAfterMs?: number;
  eventsTwice?: boolean;
  eventsAfterMs?: number;
  eventsUnordered?: boolean;
  eventsLost?: boolean;
}

/** An event in Event Grid's own schema. docs/emulator.md#events says which there are. */
export interface EmulatedEvent {
  id: string;
  topic: string;
  subject: string;
  data: Record<string, unknown>;
  /** Such as "Microsoft.Communication.ChatMessageReceivedInThread". */
  eventType: string;
  dataVersion: string;
  metadataVersion: string;
  eventTime: string;
}

/** A request and its answer. Header names are in lower case. */
export interface EmulatedExchange {
  method: string;
  url: string;
  /** Without the access token. */
  requestHeaders: Record<string, string>;
  requestBody: string;
  /** undefined if there was no answer. */
  status: number | undefined;
  /** All headers, also those that a page cannot read. */
  responseHeaders: Record<string, string>;
  responseBody: string;
  durationMs: number;
  /** Why fetch or reading the body rejected, or undefined. */
  error: unknown;
}

/** For acschat/emulator/node. */
export function openEmulator(options: EmulatorOptions, node: object): Promise<Emulator>;

/** For emulator_worker.js. */
export function serveWorker(scope: object): void;
