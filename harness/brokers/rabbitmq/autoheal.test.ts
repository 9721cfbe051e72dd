import { describe, expect, test } from 'vitest';
import type { Node, NodeStatus } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { reunite } from './autoheal.ts';

const { signal } = new AbortController();
const yes = async () => ({ healthy: true, detail: '' });

/** Three nodes that run; each counts itself parted until it is restarted where it is named. */
function threeNodes(parted: readonly string[], exitsAgain = false) {
  const done: string[] = [];
  const nodes = ['a', 'b', 'c'].map((id) => {
    let status: NodeStatus = 'running';
    let isParted = parted.includes(id);
    return {
      id,
      state: async () => ({ status, pid: 1, startedAt: '', exitCode: status === 'exited' ? 1 : null }),
      stop: async () => { done.push(`stop ${id}`); status = 'exited'; },
      start: async () => {
        done.push(`start ${id}`);
        isParted = false;
        if (!exitsAgain) status = 'running';
      },
      exec: async () => ({ exitCode: 0, output: `{ok, "${isParted ? 1 : 0}"}\n` }),
      lastLogLines: async () => 'its last words',
    } as Partial<Node> as Node;
  });
  const health = async () => {
    const states = await Promise.all(nodes.map((node) => node.state(signal)));
    return { healthy: states.every(({ status }) => status === 'running'), detail: states.map(({ status }) => status).join() };
  };
  return { done, options: { nodes, health, copies: yes, trusted: async () => nodes[1]!, onProgress: () => {}, patienceMs: 300, signal } };
}

describe('a cluster with autoheal, after a partition', () => {
  test('is left alone where it is whole', async () => {
    const { done, options } = threeNodes([]);
    expect(await reunite(options)).toBeNull();
    expect(done).toEqual([]);
  });

  test('that stays parted is restarted by hand, the trusted node last, and says why', async () => {
    const { done, options } = threeNodes(['c']);
    expect(await reunite(options)).toBe('autoheal came to no end within 0.3 s (c still parted by its own word), so that b was trusted and all nodes were restarted by hand');
    expect(done.slice(0, 2).toSorted()).toEqual(['stop a', 'stop c']);
    expect(done.slice(2, 4).toSorted()).toEqual(['start a', 'start c']);
    expect(done.slice(4)).toEqual(['stop b', 'start b']);
  });

  test('that lacks copies is helped too', async () => {
    const { done, options } = threeNodes([]);
    const copies = async () => ({ healthy: done.includes('start c'), detail: '2 of 3 copies exist' });
    expect(await reunite({ ...options, copies })).toContain('(2 of 3 copies exist)');
  });

  test('that is out of time before autoheal is says what it still lacked, and is not restarted', async () => {
    const { done, options } = threeNodes(['c']);
    const limit = new AbortController();
    const healing = reunite({ ...options, patienceMs: 60_000, signal: limit.signal });
    setTimeout(() => limit.abort(new LeaderfallError('E_TIMEOUT', 'The heal phase took too long')), 300);
    await expect(healing).rejects.toMatchObject({ message: 'The heal phase took too long: it waited for all RabbitMQ nodes to run again; last seen: c still parted by its own word' });
    expect(done).toEqual([]);
  });

  test('is not helped where a node exits again and again: that is another failure', async () => {
    const { options } = threeNodes([], true);
    await options.nodes[0]!.stop(signal);
    await expect(reunite(options)).rejects.toMatchObject({ code: 'E_NODE_FAILED' });
  });
});
