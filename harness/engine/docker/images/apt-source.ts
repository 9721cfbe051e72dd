// Finds the Debian mirror that this machine already uses, so that none is written into the project.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LeaderfallError } from '../../../model/errors.ts';

export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of the keyring that signs it, where the source names one. */
  readonly keyring?: string;
}

const debianSuites = new Set(['bullseye', 'bookworm', 'trixie', 'forky', 'sid', 'oldoldstable', 'oldstable', 'stable', 'testing', 'unstable']);

/** One source a line: `deb [options] uri suite component…`. */
export function parseOneLineSources(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
    if (!match) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    const keyring = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    return [{ uri, suites: [suite], components: words(components), ...keyringOf(keyring) }];
  });
}

/** Stanzas of `Field: value`, continued on lines that begin with a space. */
export function parseDeb822Sources(text: string): AptSource[] {
  const uncommented = text.split('\n').filter((line) => !line.startsWith('#')).join('\n');
  return uncommented.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const [, name = '', value = ''] of stanza.matchAll(/^([\w-]+):((?:.*)(?:\n[ \t].*)*)/gm)) {
      fields.set(name.toLowerCase(), value.trim());
    }
    if (!words(fields.get('types')).includes('deb') || /^no$/i.test(fields.get('enabled') ?? '')) return [];
    const suites = words(fields.get('suites'));
    const components = words(fields.get('components'));
    return words(fields.get('uris')).map((uri) => ({ uri, suites, components, ...keyringOf(fields.get('signed-by')) }));
  });
}

/** The first source that carries Debian releases; security and update suites live elsewhere, and others are not Debian. */
export function pickDebianMirror(sources: readonly AptSource[]): AptSource | undefined {
  return sources.find(({ uri, suites, components }) =>
    /^(?:https?|file|copy):/.test(uri) && components.includes('main') && suites.some((suite) => debianSuites.has(suite)));
}

/**
 * Reads the machine's apt configuration.
 * @throws LeaderfallError `E_IMAGE_BUILD` when no Debian mirror is configured.
 */
export async function findDebianMirror(aptFolder = '/etc/apt'): Promise<AptSource> {
  const parts = join(aptFolder, 'sources.list.d');
  const names = await readdir(parts).catch(() => []);
  const files = [join(aptFolder, 'sources.list'), ...names.toSorted().map((name) => join(parts, name))];
  const sources = await Promise.all(files.map(async (file) => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return file.endsWith('.sources') ? parseDeb822Sources(text) : parseOneLineSources(text);
  }));
  const mirror = pickDebianMirror(sources.flat());
  if (mirror) return mirror;
  throw new LeaderfallError('E_IMAGE_BUILD', `No Debian mirror among the apt sources in ${aptFolder}.`, {
    hint: 'Images are built from Debian packages: add a Debian source to apt, or make an image registry reachable so that they can be pulled.',
  });
}

/** A key written out in the source itself is no file that could be handed on: apt's default keyrings are used then. */
function keyringOf(signedBy: string | undefined): { keyring?: string } {
  const path = words(signedBy?.replaceAll(',', ' '))[0];
  return path?.startsWith('/') ? { keyring: path } : {};
}

function words(text = ''): string[] {
  return text.split(/\s+/).filter(Boolean);
}
