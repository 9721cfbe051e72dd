// Answers to clients come late.
import { linkFault } from './link-trouble.ts';

export const clientLatency = linkFault('client-latency', ({ parameter }) => ({ kind: 'latency', latencyMs: parameter('latencyMs'), jitterMs: parameter('jitterMs') }));
