// How settings reach the broker: `KAFKA_*` variables by the official image's rules, and a mounted file for the few names
// that those rules cannot spell. Pure.
import { escapeKey, escapeValue } from './properties.ts';

export interface BrokerEnvironment {
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly { readonly path: string; readonly content: string; readonly mode: number }[];
}

/** Both the official image and the built one read it, and put the variables after it. */
const mountedFile = '/mnt/shared/config/server.properties';
/** Names that the images take for themselves. */
const reserved = /^KAFKA_(VERSION|HEAP_OPTS|OPTS|JMX_.*|GC_LOG_OPTS|JVM_PERFORMANCE_OPTS|LOG4J_.*|TOOLS_LOG4J_LOGLEVEL)$/;

/** `log.retention.ms` → `KAFKA_LOG_RETENTION_MS`; `_` → `__`, `-` → `___`. */
export function variableOf(key: string): string {
  const signs: Readonly<Record<string, string>> = { '.': '_', _: '__', '-': '___' };
  return `KAFKA_${key.replace(/[._-]/g, (sign) => signs[sign] ?? sign).toUpperCase()}`;
}

/** What the images make of a variable's name. */
export function keyOf(variable: string): string {
  const name = variable.replace(/^KAFKA_/, '').toLowerCase();
  return name.replaceAll('___', '-').replaceAll('__', '\u0001').replaceAll('_', '.').replaceAll('\u0001', '_');
}

export function toEnvironment(settings: ReadonlyMap<string, string>): BrokerEnvironment {
  const env: Record<string, string> = {};
  const lines: string[] = [];
  for (const [key, value] of settings) {
    const variable = variableOf(key);
    const spellable = /^[A-Z0-9_]+$/.test(variable) && keyOf(variable) === key && !reserved.test(variable);
    if (spellable) env[variable] = escapeValue(value);
    else lines.push(`${escapeKey(key)}=${escapeValue(value)}\n`);
  }
  return { env, files: lines.length === 0 ? [] : [{ path: mountedFile, content: lines.join(''), mode: 0o644 }] };
}
