// Of several things that were all tried, so that one which fails does not keep the others.

/** @throws the reason of the first that failed. */
export function throwFirst(settled: readonly PromiseSettledResult<unknown>[]): void {
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
