// Time and randomness are parameters everywhere right of the history; these are their shapes and the real clock.

export interface Clock {
  /** Nanoseconds since the run began. */
  nowNs(): number;
}

const clockReadings = 8;

/**
 * The run's clock, the same in every process of one machine: CLOCK_MONOTONIC less the run's origin.
 * `performance.now()` is read instead of `hrtime.bigint()` because it allocates nothing.
 * @param originNs `process.hrtime.bigint()` at the start of the run, as a decimal string.
 */
export function monotonicClock(originNs: string): Clock {
  const origin = BigInt(originNs);
  const { shiftNs } = Array.from({ length: clockReadings }, () => readShift(origin)).reduce((best, reading) => (reading.doubtNs < best.doubtNs ? reading : best));
  return { nowNs: () => performance.now() * 1e6 + shiftNs };
}

/** On a busy machine a process may be put aside between two readings, for tens of milliseconds: the tightest of several is taken. */
function readShift(origin: bigint): { readonly shiftNs: number; readonly doubtNs: number } {
  const before = performance.now();
  const sinceOriginNs = Number(process.hrtime.bigint() - origin);
  const after = performance.now();
  return { shiftNs: sinceOriginNs - ((before + after) / 2) * 1e6, doubtNs: (after - before) * 1e6 };
}

export interface Prng {
  /** In [0, 1). */
  next(): number;
  /** An independent stream, so that a new use does not shift the others. */
  fork(label: string): Prng;
}

/** mulberry32 over a hash of the seed; version 1, recorded in the plan. */
export function seededPrng(seed: string): Prng {
  let state = hash(seed);
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
    fork: (label) => seededPrng(`${seed}/${label}`),
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0)!, 0x01000193);
  return value | 0;
}
