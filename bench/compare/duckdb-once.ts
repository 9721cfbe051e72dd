// The same counts as SQL: two threads, the table in memory and typed as tightly as messages.arrow. Making the table is not
// counted. Distinct attempts and places are told by bits and by their extremes, for `count(distinct)` took three times as long.
// Left out, to DuckDB's advantage: order, positions, receipts, availability, exposure, rates, latencies, examples.

interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowObjectsJS(): readonly Readonly<Record<string, unknown>>[] }>;
}

/** As much of the package as is used here: it is installed by `npm run bench` alone, for its platform packages break lock files. */
interface DuckDb {
  readonly DuckDBInstance: { create(path: string, options: Readonly<Record<string, string>>): Promise<{ connect(): Promise<Connection> }> };
}
const packageName: string = '@duckdb/node-api';
const { DuckDBInstance } = (await import(packageName)) as DuckDb;


const events = (messages: number): string => `
  create table events as
  with ids as (select range::uinteger as sequence, (range // 6)::uinteger as place, (range % 6)::usmallint as part from range(${messages})),
  kept as (select * from ids where sequence % 100003 <> 100002)
  select kind::utinyint as kind, time_ns::double as time_ns, 0::usmallint as producer, sequence, 1::utinyint as attempt, part, place from (
    select 15 as kind, 3e11 + sequence::double * 1000 as time_ns, sequence, part, place from kept
    union all select 15, 3e11 + sequence::double * 1000, sequence, part, (place + 4000000)::uinteger from kept where sequence % 50021 = 50020
    union all select 10, 1e8 + sequence::double * 20000, sequence, part, place from kept
    union all select 12, 1e8 + sequence::double * 20000 + 1000, sequence, part, place from kept
    union all select 13, 1e8 + sequence::double * 20000 + 2000, sequence, part, place from kept
    union all select 3, sequence::double * 20000, sequence, part, place from ids
    union all select 4, sequence::double * 20000 + 15000, sequence, part, place from ids)`;

const counts = `
  with ids as (
    select producer, sequence,
      count(*) filter (kind = 3) as sent, count(*) filter (kind in (4, 5)) as taken, count(*) filter (kind = 6) as failed,
      count(*) filter (kind = 7) as unknown, count(*) filter (kind = 8) as returned, count(*) filter (kind in (10, 11)) as delivered,
      count(*) filter (kind = 12) as processed, count(*) filter (kind = 15) as stored,
      max(place) filter (kind = 15) >= 2000000000 as owed,
      coalesce(bit_count(bit_or(1::uinteger << attempt) filter (kind = 15)), 0) as attempts_stored,
      coalesce(1 + (min(place) filter (kind in (10, 11)) <> max(place) filter (kind in (10, 11)))::int, 0) as places_delivered
    from events group by producer, sequence)
  select count(*) filter (taken > 0) as base,
    count(*) filter (taken > 0 and processed = 0 and not coalesce(owed, false)) as lost,
    count(*) filter (taken > 0 and processed = 0 and owed) as stuck,
    count(*) filter (taken > 0 and stored = 0) as erased,
    count(*) filter (delivered > 0 and sent = 0) as phantom,
    count(*) filter (taken = 0 and unknown = 0 and failed > 0 and delivered > 0) as ghost,
    count(*) filter (taken = 0 and unknown > 0 and delivered + stored > 0) as recovered,
    count(*) filter (taken > 0 and returned > 0) as unroutable,
    sum(stored - attempts_stored) as copies, sum(greatest(attempts_stored - 1, 0)) as republished,
    sum(delivered - places_delivered) as redelivered, sum(greatest(processed - 1, 0)) as processed_twice,
    count(*) filter (taken = 0 and failed > 0 and unknown = 0) as failed, count(*) filter (taken = 0 and unknown > 0) as indeterminate
  from ids`;

const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
await connection.run(events(Number(process.argv[2])));
const begin = performance.now();
const idle = process.cpuUsage();
const [row] = (await connection.runAndReadAll(counts)).getRowObjectsJS();
const milliseconds = performance.now() - begin;
const { user, system } = process.cpuUsage(idle);
process.stdout.write(`${JSON.stringify({ milliseconds, processorMs: (user + system) / 1_000, peakMegabytes: process.resourceUsage().maxRSS / 1024, lost: Number(row!['lost']), copies: Number(row!['copies']) })}\n`);
