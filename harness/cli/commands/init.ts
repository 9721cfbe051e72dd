// `leaderfall init`: a first scenario, the configuration and a CI workflow in the working directory, and the command that comes next.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exitCodes, LeaderfallError } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import type { BrokerName } from '../../model/cluster.ts';
import { makeOutFolder } from '../../run/suite-files.ts';
import type { InitOptions } from '../command-table.ts';
import { configFile } from '../config.ts';
import { firstScenarios } from '../init/scenarios.ts';
import { githubWorkflow, gitlabWorkflow, type Workflow } from '../init/workflows.ts';
import { colorsFor } from '../io.ts';
import type { Io } from '../io.ts';
import type { CiChoice } from '../option-values.ts';

const config = `# What leaderfall run and leaderfall list do where the command line says nothing.
scenarios: [leaderfall/*.yaml]
out: reports/runs
# reporters: [html, junit=leaderfall.xml]   # default: every format, in the folder of each run
# history: history.jsonl   # every run adds a line; leaderfall trend reads it
`;

/** What belongs to no repository: every run leaves its history there. */
const ignored = 'reports/runs/';

export async function init(io: Io, _names: readonly string[], { broker, ci, force }: InitOptions): Promise<ExitCode> {
  const scenario = `leaderfall/${broker}-orders.yaml`;
  const files: readonly Workflow[] = [{ path: configFile, text: config }, { path: scenario, text: firstScenarios[broker] }, ...workflow(ci ?? ciHere(), broker)];
  const colors = colorsFor(io.stdout, io.env);
  let kept = 0;
  for (const { path, text } of files) {
    const wrote = write(path, text, force === true);
    if (!wrote) kept++;
    io.stdout.write(`${wrote ? 'wrote' : colors.yellow('kept ')}  ${path}\n`);
  }
  io.stdout.write(ignore());
  if (kept > 0) io.stdout.write('What was kept was there before; --force writes over it.\n');
  io.stdout.write(`${colors.bold('next')}   npx leaderfall run ${broker === 'memory' ? scenario : `${scenario} --fix   (doctor --fix says beforehand what this machine lacks)`}\n`);
  return exitCodes.upheld;
}

function workflow(ci: CiChoice, broker: BrokerName): readonly Workflow[] {
  if (ci === 'none') return [];
  return [ci === 'github' ? githubWorkflow(broker) : gitlabWorkflow(broker)];
}

/** By what the folder already has, else by where its repository comes from. */
function ciHere(): CiChoice {
  if (existsSync('.gitlab-ci.yml')) return 'gitlab';
  if (existsSync('.github')) return 'github';
  return existsSync('.git/config') && /\burl = .*gitlab/.test(readFileSync('.git/config', 'utf8')) ? 'gitlab' : 'github';
}

/** @returns false where a file is there and stays. */
function write(path: string, text: string, force: boolean): boolean {
  try {
    makeOutFolder(dirname(path));
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new LeaderfallError('E_USAGE', `${path} cannot be written`, { hint: 'Run it in a folder that you may write to.', cause: error });
  }
}

/** Only added to: nobody's own lines are touched. */
function ignore(): string {
  const before = existsSync('.gitignore') ? readFileSync('.gitignore', 'utf8') : null;
  if (before?.split('\n').includes(ignored)) return '';
  writeFileSync('.gitignore', `${before === null || before === '' || before.endsWith('\n') ? (before ?? '') : `${before}\n`}${ignored}\n`);
  return `${before === null ? 'wrote' : 'added'}  ${ignored} to .gitignore\n`;
}
