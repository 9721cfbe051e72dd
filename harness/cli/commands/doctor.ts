// `leaderfall doctor`: what this machine lacks, each with the command that mends it.
import type { DoctorReport } from '../../engine/docker/doctor.ts';
import { exitCodes } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import type { DoctorOptions } from '../command-table.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { colorsFor } from '../io.ts';
import type { Io } from '../io.ts';

export async function doctor(io: Io, _names: readonly string[], options: DoctorOptions): Promise<ExitCode> {
  using interrupts = listenForInterrupts(io);
  const { doctor: examine } = await loadDoctor();
  const report = await examine({ fix: options.fix ?? false, signal: interrupts.signal, onProgress: (text) => io.stderr.write(`${text}\n`) });
  io.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${printFindings(io, report)}\n`);
  return interrupts.exitCode ?? (report.ok ? exitCodes.upheld : exitCodes.environment);
}

// Apart from `using`: tsc leaves the extension of an import unchanged in a function that it rewrites for that.
const loadDoctor = () => import('../../engine/docker/doctor.ts');

/** One line a check; what is not in order says how to mend it. */
export function printFindings(io: Io, { ok, checks }: DoctorReport): string {
  const colors = colorsFor(io.stdout, io.env);
  const width = Math.max(...checks.map(({ title }) => title.length));
  const lines = checks.map(({ title, ok: fine, required, detail, fix }) => {
    const mark = fine ? colors.green('✓') : required ? colors.red('✗') : colors.yellow('!');
    const mend = fix === null ? '' : `\n  ${' '.repeat(width)}  ${colors.cyan('mend')}: ${fix}`;
    return `${mark} ${title.padEnd(width)}  ${detail.replaceAll('\n', `\n  ${' '.repeat(width)}  `)}${mend}`;
  });
  const summary = ok ? 'Scenarios with brokers can run here.' : "Scenarios with brokers cannot run here yet; leaderfall run 'memory/*' needs none of this.";
  return [...lines, '', summary].join('\n');
}
