// The columns of `messages.arrow`: 24 bytes an event, no BigInt, opens in pandas, polars and DuckDB.
import { Field, Float64, makeData, RecordBatch, Schema, Struct, Uint16, Uint32, Uint8, type Data } from 'apache-arrow';
import type { EventBatch, WorkerInfo } from '../model/history.ts';
import type { StoreKind } from '../model/cluster.ts';

export const historyFormat = 'leaderfall/history@1';

/** What the file says of itself, in the schema's metadata. */
export interface HistoryMetadata {
  readonly storeKind: StoreKind;
  readonly workers: readonly WorkerInfo[];
  readonly events: number;
  readonly whole: boolean;
  readonly detail: string;
  /** `seal.json` was written with it; absent in what earlier versions wrote. */
  readonly sealed?: true;
}

const columns = {
  timeNs: new Float64(),
  sequence: new Uint32(),
  offset: new Uint32(),
  producer: new Uint16(),
  partition: new Uint16(),
  kind: new Uint8(),
  attempt: new Uint8(),
  actor: new Uint8(),
  code: new Uint8(),
} as const;
export const columnNames = Object.keys(columns) as readonly (keyof typeof columns)[];

export function historySchema(metadata: HistoryMetadata): Schema {
  const fields = columnNames.map((name) => new Field(name, columns[name], false));
  return new Schema(fields, new Map([['format', historyFormat], ['leaderfall', JSON.stringify(metadata)]]));
}

export function toRecordBatch(schema: Schema, batch: EventBatch): RecordBatch {
  const children = columnNames.map((name): Data => makeData({ type: columns[name], length: batch.length, nullCount: 0, data: batch[name] } as Parameters<typeof makeData>[0]));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: batch.length, nullCount: 0, children }));
}

/** Whether it has the columns of this format, of these types and in this order. */
export const hasColumns = ({ fields }: Schema): boolean =>
  fields.length === columnNames.length && columnNames.every((name, index) => fields[index]!.name === name && String(fields[index]!.type) === String(columns[name]));

/** @throws where a column is shorter than its batch. */
export function fromRecordBatch(batch: RecordBatch): EventBatch {
  // Buffers are padded: a column may be longer than its batch.
  const column = (name: (typeof columnNames)[number]) => {
    const values = batch.getChild(name)!.data[0]!.values.subarray(0, batch.numRows);
    if (values.length !== batch.numRows) throw new RangeError(`the column ${name} has ${values.length} of ${batch.numRows} rows`);
    return values;
  };
  return {
    length: batch.numRows,
    ...Object.fromEntries(columnNames.map((name) => [name, column(name)])),
  } as unknown as EventBatch;
}
