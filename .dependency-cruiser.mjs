// Rules made from the table in docs/architecture.md, so that the page and the code cannot drift apart.
import { readFileSync } from 'node:fs';

const rows = readFileSync(new URL('docs/architecture.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, room, , imports]) => ({ room: room.replaceAll('`', ''), allowed: [...imports.matchAll(/`([^`]+)`/g)].map(([, name]) => name), everything: imports === 'everything' }));

const folder = (name) => `^${name.replaceAll('*', '[^/]+')}(/|\\.)`;
const rooms = rows.map(({ room }) => folder(room)).join('|');

export default {
  forbidden: [
    ...rows.filter(({ everything }) => !everything).map(({ room, allowed }) => ({
      name: `${room} imports only what docs/architecture.md allows`,
      severity: 'error',
      from: { path: folder(room), pathNot: '\\.test\\.ts$' },
      to: { path: rooms, pathNot: [folder(room), ...allowed.map(folder)].join('|') },
    })),
    { name: 'no circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'only the docker engine knows Docker', severity: 'error', from: { path: '^(harness|reports|suites)/', pathNot: '^harness/engine/docker/' }, to: { path: 'node_modules/(testcontainers|dockerode)/' } },
    { name: 'product code does not import tests', severity: 'error', from: { pathNot: '\\.test\\.ts$|^tests/|^bench/' }, to: { path: '\\.test\\.ts$|^tests/' } },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, exclude: { path: 'node_modules/\\.|reports/runs' }, moduleSystems: ['es6'], enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] } },
};
