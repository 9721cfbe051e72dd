// The error for a node that ended by itself, with its last words.
import type { Node } from '../../model/cluster.ts';
import { redactText } from '../../model/configuration.ts';
import { LeaderfallError } from '../../model/errors.ts';

export const lastLines = (log: string, count: number): string => redactText(log.trimEnd().split('\n').slice(-count).join('\n'));

export const nodeFailed = (node: Node, exitCode: number | null, log: string): LeaderfallError =>
  new LeaderfallError('E_NODE_FAILED', `${node.id} exited with code ${exitCode ?? 'unknown'}`, {
    hint: 'Its last log lines are below; `leaderfall doctor` checks memory and images.',
    detail: lastLines(log, 40),
  });
