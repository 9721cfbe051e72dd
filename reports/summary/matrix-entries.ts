// What stands under one fault of a matrix: each policy that met it, with a cell for each version that has anything.
import { worstOf, type Result } from './result.ts';
import type { Role } from './role.ts';
import type { Matrix, MatrixCell } from './matrix.ts';

export interface MatrixEntry {
  readonly policy: string;
  /** What it is there for under this fault; `safe` where that depends on the version. */
  readonly role: Role;
  /** `version`: empty where the broker ran in one only. */
  readonly cells: readonly { readonly version: string; readonly cell: MatrixCell }[];
  /** The worst of its runs; null: none ran. */
  readonly result: Result | null;
}

/** In the order of the matrix, so that an unsafe twin follows its safe partner. */
export function entriesUnder({ versions, rows }: Matrix, fault: number): readonly MatrixEntry[] {
  return rows.flatMap(({ policy, cells }): readonly MatrixEntry[] => {
    const own = versions.flatMap((version, index) => {
      const cell = cells[fault * versions.length + index] ?? null;
      return cell === null ? [] : [{ version: versions.length > 1 ? version : '', cell }];
    });
    const runs = own.flatMap(({ cell }) => (cell.kind === 'run' ? [cell] : []));
    const roles = new Set(runs.map(({ role }) => role));
    const result = runs.length === 0 ? null : worstOf(runs.map(({ summary }) => summary.result));
    return own.length === 0 ? [] : [{ policy, role: roles.size === 1 ? [...roles][0]! : 'safe', cells: own, result }];
  });
}
