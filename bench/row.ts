// One measured number, with the budget that it is held against where there is one.
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The value should not be above this. */
  readonly budget?: number;
  /** What was compared, or why it could not be measured. */
  readonly note?: string;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** Mean and half-width of its 95 % interval (normal approximation). */
export function interval(values: readonly number[]): { readonly mean: number; readonly halfWidth: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, halfWidth: 1.96 * Math.sqrt(variance / values.length) };
}
