"""python recount_polars.py reports/runs/latest/<run>: the same numbers with polars."""
import json
import sys

import polars as pl

from history import open_run

events, positions = open_run(sys.argv[1])
kind = pl.col("kind")
about = pl.from_arrow(events).filter(~kind.is_in([1, 2, 17, 18, 19]))
ids = (
    about
    .join(pl.from_arrow(positions), on="partition", how="left")
    .group_by("producer", "sequence")
    .agg(
        sent=(kind == 3).sum(), sent_at=pl.col("timeNs").filter(kind == 3).min(), returned=(kind == 8).any(), acknowledged=(kind == 4).any(), accepted=kind.is_in([4, 5]).any(),
        deliveries=kind.is_in([10, 11]).sum(), flagged=(kind == 11).sum(), handled=(kind == 12).sum(), settled=(kind == 13).any(),
        records=(kind == 15).sum(), aside=(kind == 16).any(), attempts_stored=pl.col("attempt").filter(kind == 15).n_unique(),
        places_delivered=pl.struct("partition", "offset").filter(kind.is_in([10, 11])).n_unique(),
        owed=((kind == 15) & (pl.col("offset") >= pl.col("owed_from")).fill_null(True)).any(),
    )
)
sent, accepted, deliveries, handled, records = map(pl.col, ["sent", "accepted", "deliveries", "handled", "records"])
placed = about.filter(kind == 15).group_by("producer", "sequence", "partition").agg(place=pl.col("offset").min())
placed = placed.join(ids, on=["producer", "sequence"]).filter(sent > 0).sort("sent_at", "sequence")
late = placed.filter(pl.col("place") < pl.col("place").cum_max().over("producer", "partition"))
missing = accepted & (handled == 0) & ~pl.col("aside")
counts = ids.select(
    attempted=(sent > 0).sum(), attempts=sent.sum(), acknowledged=pl.col("acknowledged").sum(),
    deliveries=deliveries.sum(), deliveredIds=(deliveries > 0).sum(), processedIds=(handled > 0).sum(), settledIds=pl.col("settled").sum(),
    storedRecords=records.sum(), storedIds=(records > 0).sum(),
    baseCount=accepted.sum(), processed=(accepted & (handled > 0)).sum(), deadLettered=(accepted & (handled == 0) & pl.col("aside")).sum(),
    stuck=(missing & pl.col("owed")).sum(), lost=(missing & ~pl.col("owed")).sum(),
    processedTwice=pl.when(handled > 1).then(handled - 1).otherwise(0).sum(), flagged=pl.col("flagged").sum(),
    copies=(records - pl.col("attempts_stored")).sum(), erased=(accepted & (records == 0)).sum(),
    redelivered=(deliveries - pl.col("places_delivered")).sum(), reordered=pl.lit(late.select("producer", "sequence").n_unique()), unroutable=(accepted & pl.col("returned")).sum(),
)
print(json.dumps(counts.row(0, named=True)))
