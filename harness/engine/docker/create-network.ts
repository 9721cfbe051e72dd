// A private network with a subnet of our own choice, because only then can nodes keep an address over a restart.
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { randomInt } from 'node:crypto';
import type Dockerode from 'dockerode';
import { LeaderfallError } from '../../model/errors.ts';
import { engineCall, engineMessage } from './engine-call.ts';
import type { Labels } from '../owner.ts';

export interface PrivateNetwork {
  readonly network: Dockerode.Network;
  readonly name: string;
  readonly subnet: string;
  /** The address of the node with this index, from 0. */
  addressOf(index: number): string;
}

/** Subnets are 10.213.0.0/24 to 10.213.255.0/24, outside the pools that engines take by themselves. */
const pool = '10.213';
const firstNode = 11;
const attempts = 16;

/** @throws LeaderfallError `E_NODE_FAILED` when no subnet is free. */
export async function createNetwork(docker: Dockerode, name: string, labels: Labels, signal: AbortSignal): Promise<PrivateNetwork> {
  const taken = await takenThirdOctets(docker, signal);
  let octet = randomInt(256);
  let last = 'every subnet of 10.213.0.0/16 is in use';
  for (let tried = 0, looked = 0; tried < attempts && looked < 256; looked += 1, octet = (octet + 1) % 256) {
    if (taken.has(octet)) continue;
    tried += 1;
    const prefix = `${pool}.${octet}`;
    try {
      return await create(docker, name, prefix, labels, signal);
    } catch (error) {
      signal.throwIfAborted();
      last = engineMessage(error);
      // Another run took it between our look and our request.
      if (!/overlap|conflict/i.test(last)) throw error;
    }
  }
  throw new LeaderfallError('E_NODE_FAILED', `No network could be made: ${last}.`, { hint: 'Run `leaderfall doctor --fix` to sweep what dead runs left.' });
}

async function create(docker: Dockerode, name: string, prefix: string, labels: Labels, signal: AbortSignal): Promise<PrivateNetwork> {
  const subnet = `${prefix}.0/24`;
  const network = await engineCall({ describe: `make the network ${name}`, signal }, (abortSignal) =>
    docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: `${prefix}.1` }] },
      Labels: { ...labels },
      abortSignal,
    }));
  return { network, name, subnet, addressOf: (index) => `${prefix}.${firstNode + index}` };
}

async function takenThirdOctets(docker: Dockerode, signal: AbortSignal): Promise<ReadonlySet<number>> {
  const networks = await engineCall({ describe: 'list its networks', signal }, (abortSignal) => docker.listNetworks({ abortSignal }));
  const ofNetworks = networks.flatMap((network) => (network.IPAM?.Config ?? []).map(({ Subnet: subnet }) => subnet ?? ''));
  const ofInterfaces = Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ cidr }) => cidr ?? ''));
  return new Set([...ofNetworks, ...ofInterfaces, ...routes()].flatMap(octetsInPool));
}

/** The third octets of the pool that an IPv4 subnet covers. */
export function octetsInPool(cidr: string): readonly number[] {
  const match = /^(\d+)\.(\d+)\.(\d+)\.\d+\/(\d+)$/.exec(cidr);
  if (!match) return [];
  const [first, second, third, bits] = match.slice(1).map(Number) as [number, number, number, number];
  if (bits === 0) return [];
  const wide = bits < 16 ? bits : 16;
  const high = (first << 8) | second;
  const mask = (0xffff << (16 - wide)) & 0xffff;
  if ((high & mask) !== (((10 << 8) | 213) & mask)) return [];
  const width = bits <= 16 ? 256 : bits >= 24 ? 1 : 2 ** (24 - bits);
  const begin = bits <= 16 ? 0 : third - (third % width);
  return Array.from({ length: width }, (_, index) => begin + index);
}

/** Destinations of this machine's routes: a private network behind a tunnel must stay reachable. */
function routes(): readonly string[] {
  let table: string;
  try {
    table = readFileSync('/proc/net/route', 'utf8');
  } catch {
    return [];
  }
  return table.trim().split('\n').slice(1).map((line) => {
    const [, destination = '', , , , , , mask = ''] = line.split('\t');
    return `${littleEndianAddress(destination)}/${bitsOf(mask)}`;
  });
}

function littleEndianAddress(hex: string): string {
  return [...Buffer.from(hex, 'hex')].toReversed().join('.');
}

function bitsOf(hexMask: string): number {
  return Number.parseInt(hexMask || '0', 16).toString(2).replaceAll('0', '').length;
}
