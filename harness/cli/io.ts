// What the command line touches of its process: streams, environment, clock. Results go to stdout, everything else to stderr.
import pc from 'picocolors';

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds on a clock that never goes back. */
  readonly nowMs: () => number;
}

export const processIo = (): Io => ({ stdout: process.stdout, stderr: process.stderr, env: process.env, nowMs: () => performance.now() });

/** NO_COLOR wins over FORCE_COLOR, and both win over what the stream is (https://no-color.org). */
export function wantsColor(stream: OutputStream, env: Io['env']): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

export type Colors = ReturnType<typeof pc.createColors>;
export const colorsFor = (stream: OutputStream, env: Io['env']): Colors => pc.createColors(wantsColor(stream, env));
