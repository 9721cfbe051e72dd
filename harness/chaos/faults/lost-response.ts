// The node gets every request and does what it says, and its answer never arrives: what a retry then repeats.
import { linkFault } from './link-trouble.ts';

export const lostResponse = linkFault('lost-response', () => ({ kind: 'silence', direction: 'responses' }));
