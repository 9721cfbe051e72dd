// Reads rabbitmq.conf far enough to know which keys it sets; the broker stays the only judge of the values. Pure.

export interface ConfEntry {
  readonly key: string;
  readonly value: string;
}

const assignment = /^\s*([^\s#=][^\s=]*)\s*=\s*(.*)$/;

/** Keys and values in the file's order; lines that are no assignment are the broker's to refuse. */
export function parseConf(text: string): readonly ConfEntry[] {
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

/** Comments out the lines that set a key which `isOwned` claims; everything else stays as it was written. */
export function withoutKeys(text: string, isOwned: (key: string) => boolean): string {
  const keep = (line: string): string => {
    const entry = parseLine(line);
    return entry !== null && isOwned(entry.key) ? `# overridden by leaderfall: ${entry.key}` : line;
  };
  return text.split('\n').map(keep).join('\n');
}

export function renderConf(entries: readonly ConfEntry[]): string {
  return entries.map(({ key, value }) => `${key} = ${value}\n`).join('');
}

function parseLine(line: string): ConfEntry | null {
  const match = assignment.exec(line);
  if (match === null) return null;
  return { key: match[1]!, value: stripComment(match[2]!) };
}

/** A comment may follow a value; inside quotes `#` is part of it. */
function stripComment(value: string): string {
  const quoted = /^'[^']*'/.exec(value);
  return (quoted?.[0] ?? value.replace(/#.*$/, '')).trim();
}
