// Before tests that need containers: an engine that answers and the images of the demo, installed and built where they are missing.
import { doctor } from '../harness/engine/docker/doctor.ts';

const limitMs = 20 * 60_000;

export default async function setup(): Promise<void> {
  const report = await doctor({ fix: true, signal: AbortSignal.timeout(limitMs), onProgress: (text) => process.stderr.write(`${text}\n`) });
  const missing = report.checks.filter(({ ok, required }) => required && !ok);
  if (missing.length > 0) throw new Error(`Tests with containers cannot run here: ${missing.map(({ title, detail, fix }) => `${title}: ${detail} (${fix})`).join('; ')}`);
}
