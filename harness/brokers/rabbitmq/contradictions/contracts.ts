// Clauses that no run on this queue, with these clients, could ever fulfil or decide. Pure.
import { demands } from '../../../model/clause.ts';
import { type Rule, when } from './rule.ts';

const unroutableUnseen: Rule = ({ scenario: { contract }, policy }) =>
  when(demands(contract.unroutable) && !policy.mandatory, 'contract.unroutable', 'Never holds: what finds no queue comes back to a mandatory publish only', 'Set producer.mandatory to true.');

/** https://www.rabbitmq.com/docs/confirms#acknowledgement-modes: settled when it is written to the socket. A stream is read, not settled. */
const neverAgain: Rule = ({ scenario: { consumer, contract }, queue }) =>
  when(demands(contract.redelivered) && queue.type !== 'stream' && consumer.settle === 'automatic' && consumer.driver !== 'program',
    'contract.redelivered', 'Never holds: with automatic acknowledgement a message is the broker\'s no longer once it is sent', "Set consumer.settle to 'after-processing'.");

export const contractRules: readonly Rule[] = [unroutableUnseen, neverAgain];
