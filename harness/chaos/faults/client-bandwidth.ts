// The way of clients is narrow.
import { linkFault } from './link-trouble.ts';

export const clientBandwidth = linkFault('client-bandwidth', ({ parameter }) => ({ kind: 'bandwidth', kibPerSecond: parameter('kibPerSecond') }));
