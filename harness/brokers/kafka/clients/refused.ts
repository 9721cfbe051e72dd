// What proves that a failed send stored nothing, and where such a proof ends. https://kafka.apache.org/protocol#protocol_error_codes

/**
 * Brokers answer these before they append, so the attempt that got the answer stored nothing.
 * NOT_LEADER_OR_FOLLOWER is not among them: a leader that lost its office after the append says it too (KAFKA-13574), and
 * NOT_ENOUGH_REPLICAS_AFTER_APPEND says in its name that the record is there. Sequence errors may mean "I have it already".
 */
export const refusedBeforeAppend: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_TOPIC_EXCEPTION', 'INVALID_REQUIRED_ACKS', 'INVALID_TIMESTAMP', 'INVALID_RECORD',
  'NOT_ENOUGH_REPLICAS', 'TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'UNSUPPORTED_COMPRESSION_TYPE', 'UNSUPPORTED_SASL_MECHANISM', 'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_VERSION', 'POLICY_VIOLATION', 'INVALID_PRODUCER_EPOCH',
]);

/** System errors of a connection that was never made: nothing was written to it. */
export const neverConnectedCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Both libraries reject a whole send with the refusals of some of its partitions, and the others may have stored their part: also in the
 * same answer, of which only the refusals are told.
 * @param partitions of each message of the send; null: not known.
 */
export const spansPartitions = (partitions: readonly (number | null)[]): boolean => new Set(partitions).size > 1;
