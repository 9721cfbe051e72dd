// Java's properties format, as `server.properties` uses it: comments, continued lines, escapes, `=`, `:` or a space. Pure.

/** @returns the settings in the file's order; of a repeated key the last value, as Java takes it. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [key, value] = splitSetting(line);
    settings.set(unescape(key), unescape(value));
  }
  return settings;
}

/** A value that `parseProperties`, and Java, read back as it is. */
export function escapeValue(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t').replaceAll('\f', '\\f');
  return escaped.startsWith(' ') ? `\\${escaped}` : escaped;
}

export const escapeKey = (key: string): string => escapeValue(key).replace(/[=: ]/g, (sign) => `\\${sign}`);

/** Lines without comments and blanks, with continuations joined. */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let pending: string | null = null;
  for (const physical of text.split(/\r\n|\n|\r/)) {
    const line: string = physical.replace(/^[ \t\f]+/, '');
    if (pending === null && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const joined: string = (pending ?? '') + line;
    pending = endsInContinuation(joined) ? joined.slice(0, -1) : null;
    if (pending === null) lines.push(joined);
  }
  if (pending !== null) lines.push(pending);
  return lines;
}

/** An odd number of backslashes at the end. */
function endsInContinuation(line: string): boolean {
  const trailing = /\\*$/.exec(line)?.[0].length ?? 0;
  return trailing % 2 === 1;
}

function splitSetting(line: string): readonly [key: string, value: string] {
  const key = /^(?:\\.|[^\\=: \t\f])*/.exec(line)?.[0] ?? '';
  const rest = line.slice(key.length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
  return [key, rest];
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.?))/gs, (_, code: string | undefined, sign: string) =>
    code === undefined ? (escapes[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16)));
}
