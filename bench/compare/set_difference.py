# Acknowledged less processed less stored, as Python sets over raw columns (kind: 1 byte, sequence: 4 bytes an event).
# Reading is counted. Nothing but the number of lost messages comes out of it.
import array
import itertools
import json
import resource
import sys
import time

ACKNOWLEDGED, PROCESSED, STORED = 4, 12, 15


def column(path, code):
    values = array.array(code)
    with open(path, "rb") as file:
        values.frombytes(file.read())
    return values


def main():
    begin = time.perf_counter()
    kinds, sequences = column(sys.argv[1], "B"), column(sys.argv[2], "I")

    def ids(kind):
        return set(itertools.compress(sequences, map(kind.__eq__, kinds)))

    lost = ids(ACKNOWLEDGED) - ids(PROCESSED) - ids(STORED)
    milliseconds = (time.perf_counter() - begin) * 1000
    usage = resource.getrusage(resource.RUSAGE_SELF)
    processor = (usage.ru_utime + usage.ru_stime) * 1000
    peak = usage.ru_maxrss / 1024
    print(json.dumps({"milliseconds": milliseconds, "processorMs": processor, "peakMegabytes": peak, "lost": len(lost)}))


main()
