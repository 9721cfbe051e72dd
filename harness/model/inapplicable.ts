// Measures that cannot be told of one kind of store, and why: their counts are never conclusive there.
import type { StoreKind } from './cluster.ts';
import type { Measure } from './contract.ts';

const logOnly = 'a queue\'s messages have no place that could be compared';
export const inapplicable: Readonly<Partial<Record<Measure, { readonly store: StoreKind; readonly because: string }>>> = {
  erased: { store: 'queue', because: 'a queue forgets what was consumed' },
  copies: { store: 'queue', because: 'a queue\'s messages have no identity; see `repeated`' },
  repeated: { store: 'log', because: 'a log\'s records have an identity; see `redelivered` and `copies`' },
  skipped: { store: 'queue', because: logOnly },
  rewound: { store: 'queue', because: logOnly },
  offsetConflicts: { store: 'queue', because: logOnly },
};
