// kafkajs's own log, as notes: errors and warnings only, and the same text at most once a second.
import { logLevel, type LogEntry } from 'kafkajs';

const repeatAfterMs = 1000;
const rememberedTexts = 100;

export interface DriverLog {
  /** Given to kafkajs. */
  readonly options: { readonly logLevel: logLevel; readonly logCreator: () => (entry: LogEntry) => void };
  /** How many tries failed so far: the log is the only place where kafkajs tells of a try that it will repeat. */
  failedTries(): number;
}

export function driverLog(note: (message: string) => void): DriverLog {
  const lastAt = new Map<string, number>();
  let failedTries = 0;
  const write = ({ namespace, log }: LogEntry): void => {
    if (namespace === 'Producer' && typeof log['retryCount'] === 'number') failedTries += 1;
    const text = `kafkajs ${namespace}: ${log.message}`;
    const now = performance.now();
    if (now - (lastAt.get(text) ?? -Infinity) < repeatAfterMs) return;
    if (lastAt.size >= rememberedTexts) lastAt.clear();
    lastAt.set(text, now);
    note(text);
  };
  return { options: { logLevel: logLevel.WARN, logCreator: () => write }, failedTries: () => failedTries };
}
