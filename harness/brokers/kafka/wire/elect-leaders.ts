// The question ElectLeaders in version 2, which the driver does not have: https://kafka.apache.org/protocol#The_Messages_ElectLeaders
import { createAPI, Writer, type Reader } from '@platformatic/kafka';

/** KIP-460. */
export const electionTypes = { preferred: 0, unclean: 1 } as const;

interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export interface ElectLeadersAnswer {
  readonly errorCode: number;
  readonly results: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly message: string | null }[] }[];
}

/** Exported for its test. */
export function electLeadersRequest(electionType: number, topics: readonly TopicPartitions[], timeoutMs: number): Writer {
  return Writer.create()
    .appendInt8(electionType)
    .appendArray([...topics], (topic, { topic: name, partitions }) => {
      topic.appendString(name).appendArray([...partitions], (entry, partition) => { entry.appendInt32(partition); }, true, false);
    })
    .appendInt32(timeoutMs)
    .appendTaggedFields();
}

/** Exported for its test. Error codes stay in the answer: the caller reads them. */
export function parseElectLeaders(_correlation: number, _key: number, _version: number, reader: Reader): ElectLeadersAnswer {
  reader.readInt32();
  const errorCode = reader.readInt16();
  const results = reader.readArray((topic) => ({
    topic: topic.readString(),
    partitions: topic.readArray((entry) => ({ partition: entry.readInt32(), errorCode: entry.readInt16(), message: entry.readNullableString() })),
  }));
  reader.readTaggedFields();
  return { errorCode, results };
}

export const electLeadersV2 = createAPI<[electionType: number, topics: readonly TopicPartitions[], timeoutMs: number], ElectLeadersAnswer>(43, 2, electLeadersRequest, parseElectLeaders);
