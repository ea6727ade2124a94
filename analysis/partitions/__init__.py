"""Studies whose articles are Parquet partitions: the measures of the study, in pieces that fit memory.

A part is some row groups of one partition; a block is some terms of all articles. `mapping` makes the partial results
of parts, `blocks` and `contrasts` those of blocks; `run` orders the work, and `executors` says who does it.
"""
