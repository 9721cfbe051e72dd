// What a machine can and cannot do, as `list` tells it; the machine is an answer that the test gives.
import { expect, test } from 'vitest';
import type { CapabilitiesHere } from '../../engine/docker/capabilities-here.ts';
import { machineNeeds, type MachineNeed } from '../../model/machine-needs.ts';
import { faultNames } from '../../model/scenario.ts';
import type { ListOptions } from '../command-table.ts';
import { list } from './list.ts';

const cut = 'kafka/acks-1/leader-kill-behind';
const kill = 'kafka/acks-1/leader-kill';

/** A machine that lacks these, and the questions that it was asked. */
function machineWithout(...lacking: readonly MachineNeed[]): { readonly capabilities: CapabilitiesHere; readonly asked: (readonly MachineNeed[])[] } {
  const asked: (readonly MachineNeed[])[] = [];
  return {
    asked,
    async capabilities(needs) {
      asked.push(needs);
      return new Map(needs.map((need) => [need, lacking.includes(need) ? { ok: false, reason: `no ${need} on this test's machine` } : { ok: true, reason: 'tried' }]));
    },
  };
}

async function listed(names: readonly string[], options: ListOptions, capabilities: CapabilitiesHere): Promise<string> {
  let stdout = '';
  const silent = { write: () => true };
  const code = await list({ stdout: { write: (text) => { stdout += text; } }, stderr: silent, env: {}, nowMs: () => 0 }, names, options, [], capabilities);
  expect(code).toBe(0);
  return stdout;
}

test('a scenario whose fault needs what the machine lacks is marked with the reason, its neighbour is not', async () => {
  const { capabilities } = machineWithout('replication-cut');
  const lines = (await listed([kill, cut], {}, capabilities)).split('\n');
  expect(lines.filter((line) => line.includes('not runnable here'))).toEqual(["  not runnable here: replication-cut: no replication-cut on this test's machine"]);
  expect(lines.indexOf(cut)).toBeLessThan(lines.findIndex((line) => line.includes('not runnable here')));
  const json = JSON.parse(await listed([kill, cut], { json: true }, capabilities)) as readonly object[];
  expect(json).toMatchObject([{ name: kill, needs: ['engine'], notRunnableHere: null }, { name: cut, needs: ['engine', 'replication-cut'], notRunnableHere: expect.stringContaining('no replication-cut') }]);
});

test('only what the listed scenarios need is looked for; the embedded broker needs nothing', async () => {
  const { capabilities, asked } = machineWithout();
  await listed(['memory/*'], {}, capabilities);
  await listed([kill], {}, capabilities);
  expect(asked).toEqual([[], ['engine']]);
});

test('--faults names every fault under its family, with what it needs, and what this machine lacks for it', async () => {
  const { capabilities } = machineWithout('replication-cut');
  const text = await listed([], { faults: true }, capabilities);
  for (const name of faultNames) expect(text).toMatch(new RegExp(`^ {2}${name} {2,}\\S`, 'm'));
  expect(text).toMatch(/^NODE-LINKS\n[^]*replication-cut[^]*NET_ADMIN[^]*not runnable here: replication-cut: no replication-cut/m);
  expect(text.match(/not runnable here/g)).toHaveLength(1);
  expect(text).toMatch(/runnable here; scenarios: .*\d+ kafka/);
});

test('--faults --json has the whole declaration and the scenarios of each broker', async () => {
  const { capabilities } = machineWithout(...machineNeeds);
  const faults = JSON.parse(await listed([], { faults: true, json: true }, capabilities)) as readonly { readonly name: string }[];
  expect(faults.map(({ name }) => name).toSorted()).toEqual([...faultNames].toSorted());
  expect(faults.find(({ name }) => name === 'kill')).toMatchObject({ family: 'process', needs: 'kill', notRunnableHere: null, scenarios: { kafka: expect.arrayContaining([kill]) } });
  expect(faults.find(({ name }) => name === 'replication-cut')).toMatchObject({ notRunnableHere: expect.stringContaining('no replication-cut') });
});
