// What a page shows in fences, and which commands it names in its sentences.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Block {
  /** `docs/ci.md:12`, for whoever mends it. */
  readonly place: string;
  /** What follows the fence: `sh`, `json to-program`; empty: output or a figure. */
  readonly kind: string;
  readonly text: string;
  /** The repository's own file that stands here, by the comment before the fence; null: none. */
  readonly shows: string | null;
  /** The name that its first line gives it, `# orders.yaml`; null: none. */
  readonly name: string | null;
}

export interface Page {
  readonly path: string;
  readonly blocks: readonly Block[];
  /** Commands in sentences, between backticks. */
  readonly spans: readonly { readonly place: string; readonly text: string }[];
}

const paths = (): readonly string[] => ['README.md', 'examples/README.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`).sort()];

export const pages = (): readonly Page[] => paths().map((path) => pageOf(path, readFileSync(join(root, path), 'utf8')));

const fence = /^(?<before><!-- file: (?<shows>\S+) -->\n)?```(?<kind>[^\n`]*)\n(?<text>[\s\S]*?)^```$/gm;

export function pageOf(path: string, text: string): Page {
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length;
  const blocks = [...text.matchAll(fence)].map(({ index, groups }): Block => {
    const { before = '', shows = null, kind = '', text: inner = '' } = groups ?? {};
    return { place: `${path}:${lineAt(index + before.length)}`, kind: kind.trim(), text: inner, shows, name: /^(?:#|\/\/) ([\w.-]+\.(?:yaml|ts|properties|conf))\b/.exec(inner)?.[1] ?? null };
  });
  const prose = text.replaceAll(fence, (block) => block.replaceAll(/[^\n]/g, ' '));
  const spans = [...prose.matchAll(/`((?:npx )?leaderfall [^`]+)`/g)].map(({ index, 1: span }) => ({ place: `${path}:${lineAt(index)}`, text: span! }));
  return { path, blocks, spans };
}
