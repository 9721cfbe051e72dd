// How long it takes to turn the segments of ten million messages into one columnar file.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFiles, segmentFiles } from '../harness/history/segment-format.ts';
import { sealHistory } from '../harness/history/seal.ts';
import { eventKinds, recordBytes } from '../harness/model/event.ts';
import type { Row } from './row.ts';

const messages = 10_000_000;
const kinds = [eventKinds.sent, eventKinds.acknowledged, eventKinds.delivered];
const chunk = 1_000_000;

export async function benchSeal(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderfall-bench-'));
  try {
    writeSegments(runFiles(folder).segments);
    const begin = performance.now();
    const { events } = sealHistory(folder, 'log', ['producer-0']);
    const seconds = (performance.now() - begin) / 1_000;
    return [
      { name: 'sealing 10 million messages', value: seconds, unit: 's', budget: 5, note: `${events} events` },
      { name: 'sealed size', value: statSync(runFiles(folder).messages).size / events, unit: 'bytes an event', budget: 24.1 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeSegments(folder: string): void {
  mkdirSync(folder);
  const files = segmentFiles(folder, 'producer-0');
  writeFileSync(files.header, JSON.stringify({ format: 1, name: 'producer-0', role: 'producer', index: 0, records: messages * kinds.length }));
  const bytes = new Uint8Array(chunk * recordBytes);
  const words = new Uint32Array(bytes.buffer);
  for (const kind of kinds) {
    for (let from = 0; from < messages; from += chunk) {
      for (let row = 0; row < chunk; row++) {
        words[row * 6 + 2] = from + row;
        bytes[row * recordBytes + 20] = kind;
      }
      appendFileSync(files.records, bytes);
    }
  }
}
