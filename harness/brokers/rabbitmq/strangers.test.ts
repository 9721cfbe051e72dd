import { expect, test } from 'vitest';
import type { Node } from '../../model/cluster.ts';
import { Strangers } from './strangers.ts';

const { signal } = new AbortController();
const refusal = "could not auto-cluster with node 'rabbit@a': {error,{inconsistent_cluster,\"Mnesia: node 'rabbit@a' thinks it's clustered with node 'rabbit@b', but 'rabbit@b' disagrees\"}}";

/** Three nodes, of which those named in `failing` take no command. */
function threeNodes(lastLines: Readonly<Record<string, string>>, failing: readonly string[] = [], says: Readonly<Record<string, string>> = {}) {
  const commands: string[] = [];
  const nodes = ['a', 'b', 'c'].map((id) => ({
    id,
    lastLogLines: async () => lastLines[id] ?? 'Server startup complete',
    exec: async (command: readonly string[]) => {
      commands.push(`${id}: ${command.join(' ')}`);
      return failing.includes(id) ? { exitCode: 69, output: says[id] ?? `${id} is not running` } : { exitCode: 0, output: '' };
    },
  } as Partial<Node> as Node));
  return { commands, strangers: new Strangers(nodes) };
}

test('a cluster that refuses nobody is left alone, whatever one of its nodes says of another', async () => {
  const { commands, strangers } = threeNodes({ c: refusal });
  await strangers.forget(signal);
  expect(await strangers.giveCopies(signal)).toBeNull();
  expect(commands).toEqual([]);
});

test('a refused node is forgotten once, by a node that takes the command, and gets its copies again', async () => {
  const { commands, strangers } = threeNodes({ b: refusal }, ['a']);
  await strangers.forget(signal);
  await strangers.forget(signal);
  expect(commands).toEqual(['a: rabbitmqctl -q forget_cluster_node rabbit@b', 'c: rabbitmqctl -q forget_cluster_node rabbit@b']);
  expect(await strangers.giveCopies(signal)).toMatch(/^the cluster refused b, whose disk was empty/);
  expect(commands.at(-1)).toBe('c: rabbitmq-queues -q grow rabbit@b all');
});

test('a node that forgot and failed at a queue is not asked again, for the next one says that the name is gone', async () => {
  const { strangers } = threeNodes({ b: refusal }, ['a', 'c'], { c: 'Error: {:not_a_cluster_node, "The node selected is not in the cluster."}' });
  await strangers.forget(signal);
});

test('where nobody takes the command, the error says who said what', async () => {
  const { strangers } = threeNodes({ b: refusal }, ['a', 'c']);
  await expect(strangers.forget(signal)).rejects.toThrow('failed on every other node: a: a is not running; c: c is not running');
});
