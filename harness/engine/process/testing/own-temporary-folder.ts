// A temporary folder of the test's own, for this process and those that it starts: all that is left in it was left by the test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class OwnTemporaryFolder implements Disposable {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'leaderfall-own-'));
    process.env['TMPDIR'] = this.path;
  }

  /** Runs a script in a process that works in this folder, and kills that once it has said a line of JSON: what it started has lost its owner. */
  async abandon<Said>(script: string): Promise<Said> {
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(owner.stdout, 'data')) as [Buffer];
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    return JSON.parse(said.toString()) as Said;
  }

  [Symbol.dispose](): void {
    delete process.env['TMPDIR'];
    rmSync(this.path, { recursive: true, force: true });
  }
}
