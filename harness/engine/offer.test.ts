import { expect, test } from 'vitest';
import type { ClientLink, NodeDisk } from '../model/cluster.ts';
import { offerOf } from './offer.ts';

const can = { ok: true, reason: 'it works' } as const;
const cannot = { ok: false, reason: 'unknown qdisc' } as const;
const everything = { ...can, packetLoss: can, bandwidth: can };
const disk = {} as NodeDisk;
const clientLink = {} as ClientLink;

test('what works is offered, and what does not is told with its reason', () => {
  expect(offerOf([{}, {}, {}], { ...everything, bandwidth: cannot })).toEqual({ capabilities: ['kill', 'stop', 'pause', 'node-links', 'packet-loss'], lacking: { bandwidth: 'unknown qdisc' } });
});

test('one node has no links between nodes', () => {
  expect(offerOf([{}], everything)).toEqual({ capabilities: ['kill', 'stop', 'pause'], lacking: {} });
});

test('disks and proxies are offered where every node has one', () => {
  expect(offerOf([{ disk, clientLink }], everything).capabilities).toEqual(['kill', 'stop', 'pause', 'disk', 'client-links']);
  expect(offerOf([{ disk, clientLink }, {}], everything).capabilities).not.toContain('disk');
  expect(offerOf([{ disk, clientLink }, {}], everything).capabilities).not.toContain('client-links');
});
