// Names the program or container that holds a port of this machine, as far as this user may know.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Engine } from './engine-client.ts';

/** `container kafka-1 of run x`, `process 4711 (java)`, or undefined when it cannot be told. */
export async function whoHoldsPort(engine: Engine, port: number): Promise<string | undefined> {
  return (await containerOnPort(engine, port)) ?? processOnPort(port);
}

async function containerOnPort(engine: Engine, port: number): Promise<string | undefined> {
  const containers = await engine.docker.listContainers({ filters: { publish: [String(port)] } }).catch(() => []);
  const name = containers[0]?.Names[0]?.slice(1);
  return name === undefined ? undefined : `container ${name}`;
}

/** The kernel's table of sockets gives an inode; a process that has it open is the holder. */
export function processOnPort(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeningInodes(file, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of namesIn('/proc').filter((name) => /^\d+$/.test(name))) {
    const holds = namesIn(`/proc/${pid}/fd`).some((fd) => inodes.has(linkOf(`/proc/${pid}/fd/${fd}`)));
    if (holds) return `process ${pid} (${textOf(`/proc/${pid}/comm`).trim()})`;
  }
  return undefined;
}

function listeningInodes(file: string, port: number): readonly string[] {
  const listening = '0A';
  return textOf(file).split('\n').slice(1).flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === listening && Number.parseInt(local.split(':')[1] ?? '', 16) === port ? [`socket:[${inode}]`] : [];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
