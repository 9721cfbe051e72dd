// Each connection of a client ends in the middle of an answer.
import { linkFault } from './link-trouble.ts';

export const clientCutAfter = linkFault('client-cut-after', ({ parameter }) => ({ kind: 'cut-after', bytes: parameter('bytes') }));
