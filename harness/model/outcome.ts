// What a client knows when an operation returns.

/** `info` = it may or may not have happened. Only an error that proves non-execution is `fail`. */
export type Outcome = 'ok' | 'fail' | 'info';

/** The end of one attempt to publish one message. */
export interface PublishOutcome {
  readonly outcome: Outcome;
  /** `ok` without an acknowledgement asked for: "handed over". */
  readonly handedOver?: boolean;
  /** The broker returned it (`basic.return`) before it confirmed: acknowledged but unroutable. */
  readonly returned?: boolean;
  /** The library resolved, but its answer lacks this message's partition, or stands for less than it was told to ask for: counted `ok` as the application sees it. */
  readonly unreceipted?: boolean;
  readonly partition?: number;
  readonly offset?: number;
  readonly error?: ClientError;
}

export interface ClientError {
  /** Stable and short: the library's code or class name, such as `KafkaJSNumberOfRetriesExceeded`. */
  readonly name: string;
  readonly message: string;
}
