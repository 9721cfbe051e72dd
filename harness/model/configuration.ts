// Effective settings with their source, and the one place that hides secrets.

/** `preset`: set by the policy that the scenario names. */
export type SettingSource = 'default' | 'preset' | 'scenario' | 'file' | 'flag' | 'harness';

export interface Configured {
  /** `broker`, `topic`, `queue`, `producer`, `consumer`, `workload`. */
  readonly scope: string;
  readonly key: string;
  readonly value: string;
  readonly source: SettingSource;
  /** What the user asked for, where the harness had to override it. */
  readonly overridden?: string;
}

export const redacted = '‹redacted›';
const secretWord = 'pass(?:word|wd|phrase)?|secret|token|credential|api[._-]?key|private[._-]?key|keystore[._-]?key|pfx|jaas|cookie';
const secretKey = new RegExp(secretWord, 'i');
const secretInUrl = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@]+@/gi;
/** A line of a properties file or of rabbitmq.conf: its value is all the rest, spaces and all. */
const secretLine = new RegExp(String.raw`^([ \t]*[\w.-]*(?:${secretWord})[\w.-]*[ \t]*[=:][ \t]*)\S.*$`, 'gim');
/** An entry of a properties file may go on after a backslash: JAAS settings do. */
const continuedSecret = new RegExp(String.raw`^([ \t]*[\w.-]*(?:${secretWord})[\w.-]*[ \t]*[=:][ \t]*)(?:.*\\\r?\n)+.*$`, 'gim');
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g;
const secretInText = /((?:pass(?:word|wd|phrase)?|secret|token|cookie)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s;,"'‹]+)/gi;

export const isSecretKey = (key: string): boolean => secretKey.test(key);

/** Hides passwords in URLs and `password=…` pairs in free text: log lines, error messages, configuration values. */
export function redactText(text: string): string {
  return text.replace(privateKey, redacted).replace(bearer, `$1 ${redacted}`).replace(secretInUrl, `$1:${redacted}@`).replace(continuedSecret, `$1${redacted}`).replace(secretLine, `$1${redacted}`).replace(secretInText, `$1${redacted}`);
}

/** A setting's value as it may be shown and recorded. */
export const redactSetting = (key: string, value: string): string => (isSecretKey(key) ? redacted : redactText(value));
