import { describe, expect, test } from 'vitest';
import { octetsInPool } from './create-network.ts';
import { unframe } from './container-output.ts';

describe('a subnet that is in use', () => {
  test.each([
    ['10.213.7.0/24', [7]],
    ['10.213.7.128/25', [7]],
    ['10.213.6.0/23', [6, 7]],
    ['10.214.7.0/24', []],
    ['172.17.0.0/16', []],
    ['0.0.0.0/0', []],
    ['fe80::1/64', []],
    ['', []],
  ])('%s takes the third octets %j of the pool', (cidr, octets) => {
    expect(octetsInPool(cidr)).toEqual(octets);
  });

  test.each(['10.213.0.0/16', '10.212.0.0/15', '10.0.0.0/8'])('%s takes the whole pool', (cidr) => {
    expect(octetsInPool(cidr)).toHaveLength(256);
  });
});

test('the framing of logs is taken off, also from a piece that is cut short', () => {
  const frame = (text: string, announced = text.length): Buffer => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(announced, 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  expect(unframe(Buffer.concat([frame('out\n'), frame('err\n'), frame('cut', 99)]))).toBe('out\nerr\ncut');
});
