// Faults that cannot strike what they are aimed at: nodes, partitions and clients that are not there, ends that never come.
import { crashPointOf, faultDeclarations } from '../../model/fault-parameters.ts';
import type { FaultName, NodeTarget, Scenario, Step, Target } from '../../model/scenario.ts';
import { didYouMean } from '../problem.ts';
import type { Path, Problem } from '../problem.ts';
import { contradiction } from './contradiction.ts';

type Injection = Extract<Step, { kind: 'inject' }>;
type ClientTarget = Extract<Target, { role: 'client' }>;

export function targets(scenario: Scenario): readonly Problem[] {
  return scenario.steps.flatMap((step, index) => {
    if (step.kind !== 'inject') return [];
    const path: Path = ['steps', index];
    const place = [...path, 'target'];
    const aim = step.target.role === 'client' ? clientTarget(step, step.target, place, scenario, scenario.steps.slice(0, index)) : nodeTarget(step, step.target, place, scenario);
    return [...aim, ...Object.entries(step.parameters).flatMap(([key, value]) => parameter(step, key, value, [...path, 'with', key], scenario))];
  });
}

/** What is aimed at is not what the fault strikes. */
function wrongKind(fault: FaultName, kind: 'node' | 'producer' | 'consumer', path: Path): Problem | null {
  const { strikes } = faultDeclarations[fault];
  if (strikes.includes(kind)) return null;
  const example = strikes.includes('node') ? 'target: { leader: 0 }' : `target: { ${strikes[0]!}: 0 }`;
  return contradiction(path, `${fault} strikes a ${strikes.join(' or a ')}, not a ${kind}`, `For example: ${example}`);
}

function nodeTarget(step: Injection, target: NodeTarget, path: Path, scenario: Scenario): readonly Problem[] {
  const { fault } = step;
  const { cluster, destination } = scenario;
  const wrong = wrongKind(fault, 'node', path);
  if (wrong !== null) return [wrong];
  const unlinked = linkTarget(fault, target, path, scenario);
  if (unlinked !== null) return [unlinked];
  const misaimed = leadershipTarget(fault, target, path);
  if (misaimed !== null) return [misaimed];
  if (target.role === 'node') {
    const nodes = Array.from({ length: cluster.nodes }, (_, index) => `${cluster.broker}-${index + 1}`);
    if (nodes.includes(target.node)) return [];
    return [contradiction([...path, 'node'], `there is no node "${target.node}"${didYouMean(target.node, nodes)}`, `This cluster has ${nodes.join(', ')}.`)];
  }
  if (target.role === 'together') return target.targets.flatMap((one, index) => nodeTarget(step, one, [...path, index], scenario));
  if (target.role === 'coordinator' && cluster.broker !== 'kafka') return [contradiction(path, `${cluster.broker} has no group whose coordinator could be struck`, 'Aim at a leader or a node.')];
  if (target.role === 'minority' && cluster.nodes < 3) return [contradiction(path, `no node of ${cluster.nodes} can be lost with a majority left`, 'Raise cluster.nodes to 3.')];
  if (!('partition' in target)) return [];
  if (target.partition >= destination.partitions) {
    return [contradiction([...path, target.role], `there is no partition ${target.partition}: the destination has ${destination.partitions}`, 'Partitions count from 0.')];
  }
  if (target.role === 'follower' && cluster.nodes === 1) return [contradiction([...path, 'follower'], 'a cluster of one node has no followers', 'Raise cluster.nodes, or strike the leader.')];
  return [];
}

/** Links are between nodes: there must be another one, and one that is not struck where sides are parted. */
function linkTarget(fault: FaultName, target: NodeTarget, path: Path, { cluster, destination }: Scenario): Problem | null {
  if (faultDeclarations[fault].family !== 'node-links') return null;
  const step = path.slice(0, 2);
  if (cluster.nodes === 1) {
    return contradiction(step, fault === 'replication-cut' ? 'a cluster of one node has no replication to cut' : 'a cluster of one node has no links between nodes', 'Raise cluster.nodes, or use another fault.');
  }
  if (fault === 'partition-ring') {
    if (target.role !== 'all') return contradiction(path, 'partition-ring is about all nodes', 'Say target: all, or use partition-one-way.');
    return cluster.nodes < 3 ? contradiction(step, `${cluster.nodes} nodes make no ring in which each hears a majority`, 'Raise cluster.nodes to 3, or use partition.') : null;
  }
  const parts = fault === 'partition' || fault === 'partition-one-way';
  return parts && isEveryNode(target, cluster.nodes, destination.settings) ? contradiction(path, `${fault} of all nodes leaves none to be separated from`, 'Aim at minority, majority or one node, or use partition-ring.') : null;
}

/** A majority of two is both; the replicas may be on every node. */
function isEveryNode({ role }: NodeTarget, nodes: number, { replicationFactor, members, type }: Scenario['destination']['settings']): boolean {
  if (role === 'majority') return nodes < 3;
  return role === 'all' || (role === 'replicas' && type !== 'classic' && Number(replicationFactor ?? members ?? nodes) >= nodes);
}

/** A change of leadership is of one partition, and what it is asked of follows from the change. */
function leadershipTarget(fault: FaultName, { role }: NodeTarget, path: Path): Problem | null {
  const wanted = fault === 'unclean-election' ? 'replicas' : fault === 'leader-transfer' || fault === 'leader-election' ? 'leader' : null;
  if (wanted === null || role === wanted) return null;
  return contradiction(path, `${fault} is aimed at the ${wanted} of a partition`, `Write target: { ${wanted}: 0 }`);
}

function clientTarget({ fault }: Injection, target: ClientTarget, path: Path, scenario: Scenario, before: Scenario['steps']): readonly Problem[] {
  const { client, index } = target;
  const { count } = scenario[client];
  const wrong = wrongKind(fault, client, path);
  if (wrong !== null) return [wrong];
  if (index >= count) return [contradiction([...path, client], `there is no ${client} ${index}: the scenario has ${count}`, `${client === 'producer' ? 'Producers' : 'Consumers'} count from 0; raise ${client}.count.`)];
  if (client === 'consumer' && scenario.consumer.start === 'drain' && before.every(({ kind }) => kind !== 'consume')) {
    return [contradiction([...path, client], 'consumers start only to drain, when all faults are over', 'Set consumer.start to steady, or put a consume step before it.')];
  }
  if (fault === 'rebalance-storm' && count === 1) return [contradiction(['consumer', 'count'], 'a consumer that is alone in its group hands nothing over when it leaves: rebalance-storm needs others', 'Raise consumer.count to 2 or more.')];
  return crashPoint(fault, target, path, scenario);
}

/** The end comes between two records, so both must be made, in that order. */
function crashPoint(fault: FaultName, { between }: ClientTarget, path: Path, { consumer: { settle } }: Scenario): readonly Problem[] {
  const place = [...path, 'between'];
  if (between === null) return [];
  if (fault !== 'kill') return [contradiction(place, `only a kill can come at such a point, not ${fault}`, 'Inject kill, or take between out.')];
  const reached = crashPointOf(settle);
  if (between === reached) return [];
  const order = reached === 'processing-and-settling' ? 'processed before it is settled' : 'settled before it is processed';
  return [contradiction(place, `never comes: with settle ${settle} a message is ${order}`, `Say between: ${reached}, or change consumer.settle.`)];
}

function parameter({ fault }: Injection, key: string, value: number, path: Path, { consumer }: Scenario): readonly Problem[] {
  const known = faultDeclarations[fault].parameters;
  const declared = known[key];
  if (declared === undefined) {
    const names = Object.keys(known);
    const hint = names.length === 0 ? `${fault} takes no parameters: take with out.` : `${fault} knows ${names.join(', ')}.`;
    return [{ path, atKey: true, message: `${fault} knows no "${key}"${didYouMean(key, names)}`, hint }];
  }
  const { min, max, unit } = declared;
  if (value < min || value > max) return [contradiction(path, `received ${value}; allowed: ${min} to ${max} ${unit}`, declared.description)];
  const tooMany = key === 'held' && consumer.prefetch > 0 && value > consumer.prefetch;
  return tooMany ? [contradiction(path, `a consumer never holds ${value} messages: its prefetch is ${consumer.prefetch}`, 'Raise consumer.prefetch, or hold fewer.')] : [];
}
