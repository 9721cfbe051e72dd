// Half-open connections: they stay, and nothing comes through them either way.
import { linkFault } from './link-trouble.ts';

export const clientSilence = linkFault('client-silence', () => ({ kind: 'silence', direction: 'both' }));
