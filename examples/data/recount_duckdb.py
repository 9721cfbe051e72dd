"""python recount_duckdb.py reports/runs/latest/<run>: the numbers of its run.json, by SQL."""
import json
import pathlib
import sys

import duckdb

from history import open_run

events, positions = open_run(sys.argv[1])
counts = duckdb.sql((pathlib.Path(__file__).parent / "recount.sql").read_text())
print(json.dumps(dict(zip(counts.columns, map(int, counts.fetchall()[0])))))
