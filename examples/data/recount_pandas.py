"""python recount_pandas.py reports/runs/latest/<run>: the same numbers with pandas."""
import json
import sys

from history import open_run

events, positions = open_run(sys.argv[1])
table = events.to_pandas()
table = table[~table.kind.isin([1, 2, 17, 18, 19])].merge(positions.to_pandas(), on="partition", how="left")
table["owed"] = ~(table.offset < table.owed_from) & (table.kind == 15)
message = ["producer", "sequence"]
ids = table[message].drop_duplicates().set_index(message).index


def count(*kinds):
    """How many events of these kinds each message has."""
    return table[table.kind.isin(kinds)].groupby(message).size().reindex(ids, fill_value=0)


sent, acknowledged, accepted = count(3), count(4) > 0, count(4, 5) > 0
deliveries, handled, records = count(10, 11), count(12), count(15)
aside = count(16) > 0
owed = table.groupby(message).owed.any().reindex(ids)
attempts_stored = table[table.kind == 15].groupby(message).attempt.nunique().reindex(ids, fill_value=0)
arrived = table[table.kind.isin([10, 11])]
placed = table[table.kind == 15].groupby(message + ["partition"], as_index=False).offset.min()
placed = placed.merge(table[table.kind == 3].groupby(message).timeNs.min().rename("sent_at"), on=message).sort_values(["sent_at", "sequence"])
late = placed[placed.offset < placed.groupby(["producer", "partition"]).offset.cummax()]
missing = accepted & (handled == 0) & ~aside

counts = {
    "attempted": (sent > 0).sum(), "attempts": sent.sum(), "acknowledged": acknowledged.sum(),
    "deliveries": deliveries.sum(), "deliveredIds": (deliveries > 0).sum(), "processedIds": (handled > 0).sum(), "settledIds": (count(13) > 0).sum(),
    "storedRecords": records.sum(), "storedIds": (records > 0).sum(),
    "baseCount": accepted.sum(), "processed": (accepted & (handled > 0)).sum(), "deadLettered": (accepted & (handled == 0) & aside).sum(),
    "stuck": (missing & owed).sum(), "lost": (missing & ~owed).sum(),
    "processedTwice": (handled - 1).clip(lower=0).sum(), "flagged": count(11).sum(), "copies": (records - attempts_stored).sum(),
    "erased": (accepted & (records == 0)).sum(), "redelivered": arrived.duplicated(message + ["partition", "offset"]).sum(),
    "reordered": len(late.drop_duplicates(message)), "unroutable": (accepted & (count(8) > 0)).sum(),
}
print(json.dumps({name: int(number) for name, number in counts.items()}))
