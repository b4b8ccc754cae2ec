"""Other people's readers read our findings: DuckDB and pyarrow see the same rows, and as many as the summary.

Started by `cargo xtask test` with ANNING (the released binary) and ANNING_OUT (an empty folder).
"""

import json
import os
import pathlib
import subprocess

import duckdb
import pyarrow.parquet

out = pathlib.Path(os.environ["ANNING_OUT"])
subprocess.run([os.environ["ANNING"], "audit", "samples/double11", "--out", str(out)], check=True)

findings = out / "findings.parquet"
summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))

table = pyarrow.parquet.read_table(findings)
table.validate(full=True)
assert table.num_rows > 0, "the sample holds unlawful sends, but there is no finding"

connection = duckdb.connect()
relation = connection.read_parquet(str(findings))
assert relation.columns == table.column_names, (relation.columns, table.column_names)
(rows,) = relation.aggregate("count(*)").fetchall()[0]
assert rows == table.num_rows, (rows, table.num_rows)

# Column by column: as many values that are there, and the same different ones.
for name in table.column_names:
    column = table.column(name)
    quoted = '"' + name.replace('"', '""') + '"'
    (there, different) = relation.aggregate(f"count({quoted}), count(distinct {quoted})").fetchall()[0]
    assert there == len(column) - column.null_count, name
    if not pyarrow.types.is_nested(column.type):
        assert different == len(column.drop_null().unique()), name

# A breach has a finding, so no fewer findings than breached sends.
breached = summary["totals"]["breached"]
assert rows >= breached, (rows, breached)
print(f"{rows} findings, {len(table.column_names)} columns, read alike by duckdb and pyarrow")
