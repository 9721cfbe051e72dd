// Connections of clients end, and every new one is reset as soon as it carries data.
import { linkFault } from './link-trouble.ts';

export const clientReset = linkFault('client-reset', () => ({ kind: 'reset' }));
