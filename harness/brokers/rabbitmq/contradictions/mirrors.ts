// Mirrored classic queues, which only 3.x has (https://www.rabbitmq.com/docs/3.13/ha). Pure.
import { nameOf } from './queues.ts';
import { isMajor, type Rule, when } from './rule.ts';

const mirrorsGone: Rule = ({ scenario: { cluster }, queue }) =>
  when(queue.mirrors !== null && !isMajor(cluster.version, 3), 'destination.mirrors', `RabbitMQ ${cluster.version} has no mirrored queues: they were removed in 4.0`, 'Use a quorum queue, or version 3.10.');

const mirrorsOfOthers: Rule = ({ queue }) =>
  when(queue.mirrors !== null && queue.type !== 'classic', 'destination.mirrors', `A ${nameOf(queue.type)} replicates by itself and cannot be mirrored`, 'Remove mirrors and use members, or set type to classic.');

const tooManyMirrors: Rule = ({ scenario: { cluster }, queue: { mirrors } }) =>
  when(typeof mirrors === 'number' && mirrors > cluster.nodes, 'destination.mirrors', `${mirrors} copies do not fit on ${cluster.nodes} nodes`, 'Raise cluster.nodes or lower mirrors.');

const termsWithoutMirrors: Rule = ({ queue }) =>
  when(queue.mirrors === null && (queue.promoteOnFailure !== 'always' || queue.promoteOnShutdown !== 'when-synced' || queue.synchronise !== 'manual'),
    'destination.mirrors', 'promoteOnFailure, promoteOnShutdown and synchronise mean nothing for a queue without mirrors', 'Set mirrors, or leave them out.');

/** Mirroring is a matter of policies: as arguments RabbitMQ ignores these without a word. */
const mirroredByArguments: Rule = ({ queue }) =>
  when(Object.keys(queue.arguments).some((key) => /^(x-)?ha-/.test(key)), 'destination.arguments', 'RabbitMQ ignores ha-… given as queue arguments', 'Use destination.mirrors, which makes the policy.');

export const mirrorRules: readonly Rule[] = [mirrorsGone, mirrorsOfOthers, tooManyMirrors, termsWithoutMirrors, mirroredByArguments];
