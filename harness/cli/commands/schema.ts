// `leaderfall schema`: the JSON Schemas, for editors and for programs.
import { exitCodes } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import type { Io } from '../io.ts';

const schemas: Readonly<Record<string, () => Promise<object>>> = {
  scenario: async () => (await import('../../scenario/json-schema.ts')).scenarioJsonSchema(),
  run: async () => (await import('../../../reports/json/schema/records.ts')).runJsonSchema(),
  suite: async () => (await import('../../../reports/json/schema/records.ts')).suiteJsonSchema(),
};

export async function schema(io: Io, [what = '']: readonly string[]): Promise<ExitCode> {
  io.stdout.write(`${JSON.stringify(await schemas[what]!(), null, 2)}\n`);
  return exitCodes.upheld;
}
