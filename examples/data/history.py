"""Opens a run's history: the events of messages.arrow, and what the audit knew of the consumers' positions."""
import json
import pathlib

import pyarrow as pa


def open_run(folder):
    """Returns the events as a pyarrow table, and one row per partition of a log: from which offset on consumers are still owed records."""
    folder = pathlib.Path(folder)
    with pa.memory_map(str(folder / "messages.arrow")) as file:
        events = pa.ipc.open_file(file).read_all()
    about = json.loads(events.schema.metadata[b"leaderfall"])
    return events, pa.table({
        "partition": pa.array([partition for partition, _ in positions(folder, about)], pa.uint16()),
        "owed_from": pa.array([offset for _, offset in positions(folder, about)], pa.uint32()),
    })


def positions(folder, about):
    """A queue owes everything that the audit found. A log owes what lies at or after the position that its group committed."""
    if about["storeKind"] == "queue":
        return [(0, 0)]
    audits = [entry for entry in map(json.loads, (folder / "timeline.ndjson").read_text().splitlines()) if entry["type"] == "audit"]
    return [(each["partition"], each["committed"] or 0) for each in audits[-1]["positions"]["partitions"]]
