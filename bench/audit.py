"""DuckDB doing only the as-of join of sends and consents on the same files: python audit.py FOLDER THREADS"""

import sys
import time

import duckdb

folder, threads = sys.argv[1], int(sys.argv[2])
connection = duckdb.connect()
connection.execute(f"set threads = {threads}")
begin = time.perf_counter()
rows = connection.execute(
    f"""
    with acts as (
        select recipient, occurred_at, act from read_parquet('{folder}/consents*.parquet')
        union all
        select recipient, occurred_at, 'withdrawn' as act from read_parquet('{folder}/withdrawals*.parquet')
    )
    select count(*), count(a.act), count(*) filter (where a.act = 'withdrawn')
    from read_parquet('{folder}/sends*.parquet') s
    asof left join acts a on s.recipient = a.recipient and s.sent_at >= a.occurred_at
    """
).fetchall()[0]
seconds = time.perf_counter() - begin
print(f"{seconds:.3f} {rows[0]} sends, {rows[1]} with an act before, {rows[2]} withdrawn (duckdb {duckdb.__version__})")
