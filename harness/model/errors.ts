// Every error that Leaderfall raises on purpose: one class, a closed set of codes, a hint that is the next action.

/** What kind of thing went wrong; decides the exit code (see `exitCodeOf`). */
export type ErrorCode =
  // usage or configuration: exit 2
  | 'E_USAGE'
  | 'E_SCENARIO_UNKNOWN'
  | 'E_SCENARIO_INVALID'
  | 'E_CONTRADICTION'
  | 'E_BROKER_SETTING'
  | 'E_RUN_NOT_FOUND'
  | 'E_HISTORY_CORRUPT'
  | 'E_HISTORY_NEWER'
  // environment: exit 4
  | 'E_NO_ENGINE'
  | 'E_ENGINE_PERMISSION'
  | 'E_IMAGE_MISSING'
  | 'E_IMAGE_BUILD'
  | 'E_PORT_TAKEN'
  | 'E_CAPABILITY'
  | 'E_NODE_FAILED'
  | 'E_NOT_READY'
  | 'E_TIMEOUT'
  | 'E_DISK_FULL'
  | 'E_WORKER_DIED'
  // the rest
  | 'E_INTERRUPTED'
  | 'E_INTERNAL';

export const exitCodes = {
  upheld: 0,
  violated: 1,
  usage: 2,
  inconclusive: 3,
  environment: 4,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const usageCodes: ReadonlySet<ErrorCode> = new Set([
  'E_USAGE', 'E_SCENARIO_UNKNOWN', 'E_SCENARIO_INVALID', 'E_CONTRADICTION', 'E_BROKER_SETTING',
  'E_RUN_NOT_FOUND', 'E_HISTORY_CORRUPT', 'E_HISTORY_NEWER',
]);

const brand = Symbol.for('leaderfall.error');

export interface ErrorOptions {
  /** The next action, as a sentence or a command. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Longer evidence, such as a node's last log lines; shown under the message. */
  readonly detail?: string;
}

export class LeaderfallError extends Error {
  override readonly name = 'LeaderfallError';
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.detail = options.detail;
  }
}

/** Works across realms and duplicate copies of the package, where `instanceof` does not. */
export function isLeaderfallError(error: unknown): error is LeaderfallError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Total: an error of unknown origin is internal. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!isLeaderfallError(error)) return exitCodes.internal;
  if (error.code === 'E_INTERRUPTED') return exitCodes.interrupted;
  if (error.code === 'E_INTERNAL') return exitCodes.internal;
  return usageCodes.has(error.code) ? exitCodes.usage : exitCodes.environment;
}

/** A programmer's error: crashes, never becomes a verdict. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new LeaderfallError('E_INTERNAL', `Invariant broken: ${message}`);
}

/** A short text for any thrown value: name, code and message, with the first cause. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const cause = error.cause === undefined ? '' : ` (cause: ${describeError(error.cause)})`;
  return `${error.name}${code}: ${error.message}${cause}`;
}
