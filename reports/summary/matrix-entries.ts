// What stands under one fault of a matrix: each policy that met it, with a cell for each version that has anything.
import { demanded, worstOf, type Result } from './result.ts';
import type { Matrix, MatrixCell } from './matrix.ts';

export interface MatrixEntry {
  readonly policy: string;
  /** Under this fault it must show what a safe policy must not. */
  readonly negative: boolean;
  readonly hasTwin: boolean;
  /** `version`: empty where the broker ran in one only. */
  readonly cells: readonly { readonly version: string; readonly cell: MatrixCell }[];
  /** The worst of its runs; null: none ran. */
  readonly result: Result | null;
}

/** In the order of the matrix, so that an unsafe twin follows its safe partner. */
export function entriesUnder({ versions, rows }: Matrix, fault: number): readonly MatrixEntry[] {
  return rows.flatMap(({ policy, negative, hasTwin, cells }): readonly MatrixEntry[] => {
    const own = versions.flatMap((version, index) => {
      const cell = cells[fault * versions.length + index] ?? null;
      return cell === null ? [] : [{ version: versions.length > 1 ? version : '', cell }];
    });
    const runs = own.flatMap(({ cell }) => (cell.kind === 'run' ? [cell.summary] : []));
    const must = runs.length === 0 ? negative : runs.every(({ worst }) => demanded(worst.scenario.contract).length > 0);
    return own.length === 0 ? [] : [{ policy, negative: must, hasTwin, cells: own, result: runs.length === 0 ? null : worstOf(runs.map(({ result }) => result)) }];
  });
}
