import { expect, test } from 'vitest';
import { noNetAbility, readNetTrials } from './net-abilities.ts';

test('each ability is judged by its own trial, with the kernel\'s words where it fails', () => {
  expect(readNetTrials('dropping 0 \npacketLoss 0 \nbandwidth 2 Error: Specified qdisc kind is unknown.\n')).toEqual({
    ok: true, reason: expect.any(String),
    packetLoss: { ok: true, reason: expect.any(String) },
    bandwidth: { ok: false, reason: 'in a sidecar: Error: Specified qdisc kind is unknown.' },
  });
});

test.each(['', 'exec failed'])('what was never tried is not possible: "%s"', (output) => {
  const { ok, packetLoss, bandwidth } = readNetTrials(output);
  expect([ok, packetLoss.ok, bandwidth.ok]).toEqual([false, false, false]);
});

test('where no sidecar can be had nothing is possible, for that reason', () => {
  expect(noNetAbility('no NET_ADMIN')).toMatchObject({ ok: false, packetLoss: { ok: false, reason: 'no NET_ADMIN' }, bandwidth: { ok: false } });
});
