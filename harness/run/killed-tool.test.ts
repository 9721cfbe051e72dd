// SIGKILL of the tool in the middle of a fault of a process or of a client, on the embedded broker: the next run leaves no process and no folder of it.
import type { ChildProcess } from 'node:child_process';
import { describe, test } from 'vitest';
import { allEnded, childrenOf, isAlive } from './testing/processes.ts';
import { Place } from './testing/program.ts';

const scenario = (name: string, steps: string, consumers = 1): string => `name: mine/${name}
cluster: { broker: memory }
destination: { answer: after-processing }
producer: { inFlight: 8, ratePerSecond: 400, timeoutMs: 500, resend: unknown }
consumer: { count: ${consumers}, prefetch: 10, handlerMs: 3 }
steady: { elapsedMs: 200 }
steps:
${steps}
contract: { lost: forbidden }
`;

/** `frozen`: how many processes cannot notice that the tool is gone. */
const faults: readonly { readonly fault: string; readonly target: string; readonly frozen: number; readonly consumers?: number }[] = [
  { fault: 'pause', target: '{ node: memory-1 }', frozen: 1 },
  { fault: 'kill', target: '{ node: memory-1 }', frozen: 0 },
  { fault: 'restart', target: '{ node: memory-1 }', frozen: 0 },
  { fault: 'pause', target: '{ consumer: 0 }', frozen: 1 },
  { fault: 'pause', target: '{ producer: 0 }', frozen: 1 },
  { fault: 'stall', target: '{ consumer: 0 }', frozen: 0 },
  { fault: 'rebalance-storm', target: '{ consumer: 0 }', frozen: 0, consumers: 2 },
  { fault: 'crash-loop', target: '{ consumer: 0 }', frozen: 0 },
];

describe.concurrent('a tool that is killed in the middle of', () => {
  test.for(faults)('$fault of $target leaves, after the next run, no process and no folder', { timeout: 90_000 }, async ({ fault, target, frozen, consumers }, { expect }) => {
    using place = new Place();
    let children: readonly number[] = [];
    const strike = (stderr: string, child: ChildProcess): void => {
      if (children.length > 0 || !new RegExp(`${fault} \\S+ struck`).test(stderr)) return;
      children = childrenOf(child.pid!);
      child.kill('SIGKILL');
    };
    const file = place.write('killed.yaml', scenario('killed', `  - { inject: ${fault}, target: ${target} }\n  - wait: { elapsedMs: 5000 }`, consumers));
    const { code, stderr } = await place.start(['run', file, '--out', place.out], { onStderr: strike });
    expect([code, children.length > 0], stderr).toEqual([null, true]);
    // Those that can notice end by themselves; a frozen one is there until somebody sweeps.
    await expect.poll(() => children.filter(isAlive).length, { timeout: 10_000 }).toBe(frozen);
    const next = await place.start(['run', place.write('next.yaml', scenario('next', '  - wait: { acknowledged: 50 }')), '--out', place.out]);
    expect(next.code, next.stderr).toBe(0);
    await allEnded(children, 5_000);
    expect(place.leftovers).toEqual([]);
  });
});
