// Numbers as the live view shows them.

/** "12 345", with a narrow no-break space. */
export const formatCount = (count: number): string => String(Math.round(count)).replaceAll(/\B(?=(\d{3})+(?!\d))/g, '\u202f');

/** "0.8 s", "12 s". */
export const formatSeconds = (ms: number): string => (ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`);
