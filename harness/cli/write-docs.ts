// Writes docs/cli.md, docs/faults.md, the generated tables of docs/scenarios.md and the JSON Schema of scenario files: `node harness/cli/write-docs.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { suites } from '../../suites/index.ts';
import { scenarioJsonSchema } from '../scenario/json-schema.ts';
import { fillBlocks, referenceBlocks } from '../scenario/reference.ts';
import { faultCatalogue } from './fault-catalogue.ts';
import { byPolicy, faultEntries } from './fault-entries.ts';
import { cliReference } from './reference.ts';

const page = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url);

writeFileSync(page('cli.md'), cliReference());
writeFileSync(page('faults.md'), faultCatalogue(faultEntries(suites), byPolicy(suites)));
writeFileSync(page('scenarios.md'), fillBlocks(readFileSync(page('scenarios.md'), 'utf8'), referenceBlocks()));
writeFileSync(page('schemas/scenario.schema.json'), `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
