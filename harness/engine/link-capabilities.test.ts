import { expect, test } from 'vitest';
import { linkCapabilities } from './link-capabilities.ts';

const can = { ok: true, reason: 'it works' } as const;
const cannot = { ok: false, reason: 'unknown qdisc' } as const;

test('what works is offered, and what does not is told with its reason', () => {
  expect(linkCapabilities({ ...can, packetLoss: can, bandwidth: cannot }, 3)).toEqual({ capabilities: ['node-links', 'packet-loss'], lacking: { bandwidth: 'unknown qdisc' } });
});

test('one node has no links between nodes', () => {
  expect(linkCapabilities({ ...can, packetLoss: can, bandwidth: can }, 1)).toEqual({ capabilities: [], lacking: {} });
});
