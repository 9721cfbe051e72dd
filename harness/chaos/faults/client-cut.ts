// Nobody reaches the node any more, and who was connected is cut off; the nodes see nothing of it.
import { linkFault } from './link-trouble.ts';

export const clientCut = linkFault('client-cut', () => ({ kind: 'down' }));
