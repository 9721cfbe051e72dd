import { expect, test } from 'vitest';
import { parseDeb822Sources, parseOneLineSources, pickDebianMirror } from './apt-source.ts';

const deb822 = `# made by an installer
Types: deb deb-src
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
# a comment inside a stanza
URIs: http://mirror.example/debian
  http://second.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /etc/apt/keyrings/company.gpg
`;

test('a deb822 stanza gives one source for each of its addresses, with suites, components and keyring', () => {
  expect(parseDeb822Sources(deb822).slice(1)).toEqual(['http://mirror.example/debian', 'http://second.example/debian'].map((uri) => ({
    uri, suites: ['bookworm', 'bookworm-updates'], components: ['main', 'contrib'], keyring: '/etc/apt/keyrings/company.gpg',
  })));
});

test('disabled and source-only stanzas are left out, and a key written into the source is no keyring file', () => {
  const text = `Types: deb-src\nURIs: http://a.example\nSuites: sid\n\nEnabled: no\nTypes: deb\nURIs: http://b.example\nSuites: sid\n
Types: deb\nURIs: http://c.example\nSuites: sid\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n`;
  expect(parseDeb822Sources(text)).toEqual([{ uri: 'http://c.example', suites: ['sid'], components: ['main'] }]);
});

test('one-line sources: options in brackets, comments, and lines that are not binary sources', () => {
  const text = `# deb http://off.example/debian trixie main
deb-src http://src.example/debian trixie main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian trixie main contrib # why
deb http://plain.example/debian trixie-updates main`;
  expect(parseOneLineSources(text)).toEqual([
    { uri: 'http://mirror.example/debian', suites: ['trixie'], components: ['main', 'contrib'], keyring: '/k.gpg' },
    { uri: 'http://plain.example/debian', suites: ['trixie-updates'], components: ['main'] },
  ]);
});

test('the mirror is the first Debian release source: not a security suite, a vendor repository or a CD', () => {
  const source = (uri: string, suite: string, component = 'main') => ({ uri, suites: [suite], components: [component] });
  const sources = [
    source('cdrom:[Debian]', 'trixie'), source('http://x/debian-security', 'trixie-security'),
    source('https://vendor.example', 'nodistro'), source('http://ubuntu.example', 'noble'), source('http://x/contrib', 'trixie', 'contrib'),
  ];
  expect(pickDebianMirror(sources)).toBeUndefined();
  expect(pickDebianMirror([...sources, source('http://yes/debian', 'trixie'), source('http://late/debian', 'trixie')])?.uri).toBe('http://yes/debian');
});
