// How an attempt to publish ended, as a driver showed it; each driver's `classify` turns it into an outcome.

export type AttemptEnd =
  | { readonly kind: 'confirmed'; readonly returned: boolean }
  /** No confirms: the library took it without an error. */
  | { readonly kind: 'handed-over' }
  /** A nack, or the channel died: both libraries say it with an error. */
  | { readonly kind: 'error'; readonly error: unknown; readonly returned: boolean; readonly closedBy: string | null }
  /** No confirm in time. No library gives up on a silent peer by itself (amqplib #419, #530). */
  | { readonly kind: 'no-confirm'; readonly waitedMs: number; readonly returned: boolean }
  /** Nothing was written: the library refused before its first byte, or there was no channel until the attempt's time was up. */
  | { readonly kind: 'not-written'; readonly error: unknown };
