// Writes docs/cli.md and the generated tables of docs/scenarios.md: `node harness/cli/write-docs.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fillBlocks, referenceBlocks } from '../scenario/reference.ts';
import { cliReference } from './reference.ts';

const page = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url);

writeFileSync(page('cli.md'), cliReference());
writeFileSync(page('scenarios.md'), fillBlocks(readFileSync(page('scenarios.md'), 'utf8'), referenceBlocks()));
