// Kafka's error codes as this room meets them. https://kafka.apache.org/protocol#protocol_error_codes
import { protocolErrorsCodesById } from '@platformatic/kafka';

export const codeName = (code: number): string => protocolErrorsCodesById[code] ?? `error ${code}`;

export const codes = {
  none: 0,
  unknownTopic: 3,
  requestTimedOut: 7,
  topicExists: 36,
  invalidReplicationFactor: 38,
  invalidConfig: 40,
  notController: 41,
  eligibleLeadersNotAvailable: 83,
} as const;
