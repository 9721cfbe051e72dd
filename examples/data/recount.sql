-- The numbers of run.json, counted again from the events. `events` is messages.arrow, `positions` says from which offset on a partition is owed.
with message_events as (
  -- 1 and 2 are ranges of numbers, 17 to 19 are about no message.
  select * from events where kind not in (1, 2, 17, 18, 19)
),
found as (
  select message_events.*, coalesce("offset" >= owed_from, true) as is_owed
  from message_events left join positions using (partition)
),
ids as (
  select producer, sequence,
    count(*) filter (kind = 3) as attempts,                   -- sent
    bool_or(kind = 4) as acknowledged,
    bool_or(kind in (4, 5)) as accepted,                      -- acknowledged, or handed over
    bool_or(kind = 8) as returned,
    count(*) filter (kind in (10, 11)) as deliveries,
    count(*) filter (kind = 11) as flagged,                   -- delivered again, and the broker said so
    count(distinct (partition, "offset")) filter (kind in (10, 11)) as places_delivered,
    count(*) filter (kind = 12) as handled,
    bool_or(kind = 13) as settled,
    count(*) filter (kind = 15) as records,                   -- found by the audit
    count(distinct attempt) filter (kind = 15) as attempts_stored,
    coalesce(bool_or(is_owed) filter (kind = 15), false) as owed,
    bool_or(kind = 16) as dead_lettered,
    min(timeNs) filter (kind = 3) as sent_at
  from found group by producer, sequence
),
-- A message lies where its earliest record does, in each partition that has one: before the furthest of those that were sent before it, it is reordered.
places as (
  select producer, sequence, partition, min("offset") as place from found where kind = 15 group by producer, sequence, partition
),
ordered as (
  select producer, sequence, place < max(place) over (partition by producer, partition order by sent_at, sequence) as late
  from places join ids using (producer, sequence) where attempts > 0
)
select
  count(*) filter (attempts > 0) as "attempted",
  sum(attempts) as "attempts",
  count(*) filter (acknowledged) as "acknowledged",
  sum(deliveries) as "deliveries",
  count(*) filter (deliveries > 0) as "deliveredIds",
  count(*) filter (handled > 0) as "processedIds",
  count(*) filter (settled) as "settledIds",
  sum(records) as "storedRecords",
  count(*) filter (records > 0) as "storedIds",
  count(*) filter (accepted) as "baseCount",
  count(*) filter (accepted and handled > 0) as "processed",
  count(*) filter (accepted and handled = 0 and dead_lettered) as "deadLettered",
  count(*) filter (accepted and handled = 0 and not dead_lettered and owed) as "stuck",
  count(*) filter (accepted and handled = 0 and not dead_lettered and not owed) as "lost",
  coalesce(sum(handled - 1) filter (handled > 1), 0) as "processedTwice",
  sum(flagged) as "flagged",
  coalesce(sum(records - attempts_stored) filter (records > 1), 0) as "copies",
  -- On a log: whatever was delivered, the log has it no more; one record delivered again; out of the order of sending.
  count(*) filter (accepted and records = 0) as "erased",
  sum(deliveries - places_delivered) as "redelivered",
  (select count(distinct (producer, sequence)) filter (late) from ordered) as "reordered",
  count(*) filter (accepted and returned) as "unroutable"
from ids
