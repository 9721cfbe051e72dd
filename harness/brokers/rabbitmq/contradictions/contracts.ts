// Clauses that no run on this queue, with these clients, could ever fulfil or decide. Pure.
import { demands } from '../../../model/clause.ts';
import type { Measure } from '../../../model/contract.ts';
import { type Rule, type Subject, when } from './rule.ts';

const asks = ({ scenario: { contract } }: Subject, measure: Measure): boolean => contract[measure] !== undefined && demands(contract[measure]);

const unroutableUnseen: Rule = (subject) =>
  when(asks(subject, 'unroutable') && !subject.policy.mandatory, 'contract.unroutable', 'Never holds: what finds no queue comes back to a mandatory publish only', 'Set producer.mandatory to true.');

/** https://www.rabbitmq.com/docs/confirms#acknowledgement-modes: settled when it is written to the socket. A stream is read, not settled. */
const neverAgain: Rule = (subject) => {
  const { scenario: { consumer }, queue } = subject;
  return when(asks(subject, 'redelivered') && queue.type !== 'stream' && consumer.settle === 'automatic' && consumer.driver !== 'program',
    'contract.redelivered', 'Never holds: with automatic acknowledgement a message is the broker\'s no longer once it is sent', "Set consumer.settle to 'after-processing'.");
};

const silentPublisher: Rule = ({ scenario: { contract }, policy }) => {
  const clause = contract.unavailableMs;
  return when(clause !== undefined && clause !== 'allowed' && !policy.confirms && policy.transaction === 'none', 'contract.unavailableMs',
    'Can never be decided: without confirms no answer tells whether the queue was there', 'Set producer.confirms to true, or take it out.');
};

export const contractRules: readonly Rule[] = [unroutableUnseen, neverAgain, silentPublisher];
