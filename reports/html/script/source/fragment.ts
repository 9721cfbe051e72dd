// What stands behind "#" in the address: where to go and how the page is set, `#message-0:912?run-x--stories.outcome=lost`.
// It is text from outside: names are looked up and values compared, nothing of it becomes markup.

export interface Fragment {
  /** Decoded; empty: nowhere. */
  readonly target: string;
  /** null: nothing is said of settings, so they stay as they are. */
  readonly settings: ReadonlyMap<string, string> | null;
}

/** Longer addresses are none of ours. */
const longest = 8_000;

export function parseFragment(hash: string): Fragment {
  const text = hash.replace(/^#/, '').slice(0, longest);
  const mark = text.indexOf('?');
  if (mark === -1) return { target: decoded(text), settings: null };
  return { target: decoded(text.slice(0, mark)), settings: new Map(new URLSearchParams(text.slice(mark + 1))) };
}

/** The shortest address that says the same. */
export function formatFragment(target: string, settings: ReadonlyMap<string, string>): string {
  const parts = [...settings].filter(([, value]) => value !== '');
  const query = parts.length === 0 ? '' : `?${new URLSearchParams(parts).toString()}`;
  return `#${encodeURIComponent(target).replaceAll('%3A', ':').replaceAll("'", '%27')}${query}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
