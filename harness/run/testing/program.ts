// The program as a process of its own, with a temporary folder of its own: what it leaves behind is seen.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRecord, SuiteRecord } from '../../model/run-record.ts';

/** Where the program keeps compiled modules by default. It has a temporary folder of its own here, and shares this all the same. */
const compileCache = join(tmpdir(), 'node-compile-cache');

const entry = fileURLToPath(new URL('../../../bin/leaderfall.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Called with all of stderr so far, each time there is more of it. */
  readonly onStderr?: (stderr: string, child: ChildProcess) => void;
}

export class Place implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'leaderfall-place-'));
  readonly temporary = join(this.folder, 'tmp');
  readonly out = join(this.folder, 'out');

  constructor() {
    mkdirSync(this.temporary);
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  start(args: readonly string[], { env = {}, onStderr = () => {} }: StartOptions = {}): Promise<Ended> {
    const beginMs = performance.now();
    const { promise, resolve } = Promise.withResolvers<Ended>();
    const child = spawn(process.execPath, [entry, ...args], { cwd: this.folder, env: { ...process.env, TMPDIR: this.temporary, NODE_COMPILE_CACHE: compileCache, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => { output.stdout += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => onStderr(output.stderr += chunk.toString(), child));
    child.on('close', (code) => resolve({ code, ...output, tookMs: performance.now() - beginMs }));
    return promise;
  }

  /** What is left in the temporary folder, apart from Node's own cache. */
  get leftovers(): readonly string[] {
    return readdirSync(this.temporary).filter((name) => name.startsWith('leaderfall'));
  }

  /** The newest suite's folder. */
  get suiteFolder(): string {
    return join(this.out, readdirSync(this.out).filter((name) => name !== 'latest').sort().at(-1)!);
  }

  get suite(): SuiteRecord {
    return JSON.parse(readFileSync(join(this.suiteFolder, 'suite.json'), 'utf8')) as SuiteRecord;
  }

  /** Folders of runs in the newest suite. */
  get runFolders(): readonly string[] {
    return readdirSync(this.suiteFolder).map((name) => join(this.suiteFolder, name)).filter((folder) => existsSync(join(folder, 'plan.json')));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const readRecord = (folder: string): RunRecord => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;

/** Every file below a folder. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
