"""Opening the files of a feed: do they hold the columns, with the types, that their table has?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from kelmu.feed.csv_files import CsvFile, header_of
from kelmu.feed.errors import Fault, Faults
from kelmu.feed.manifest import Manifest, TableFile
from kelmu.feed.parquet_files import ParquetFile, accepts, schema_of
from kelmu.feed.tables import OPERATION, TABLE_OF

Opened = CsvFile | ParquetFile


def open_files(folder: Path, manifest: Manifest) -> Mapping[int, Opened]:
    """Every file by its place in the manifest.

    Raises:
        FeedError: some have other columns, or cannot be read at all.
    """
    faults = Faults()
    opened = {}
    for place, file in manifest.files():
        reader, problems = _open(folder / file.file, file, is_delta=manifest.is_delta)
        faults.extend(problems)
        if reader is not None:
            opened[place] = reader
    faults.refuse()
    return opened


def _open(path: Path, file: TableFile, *, is_delta: bool) -> tuple[Opened | None, list[Fault]]:
    table = TABLE_OF[file.table]
    wanted = (OPERATION, *table.columns) if is_delta else tuple(table.columns)
    if path.suffix == ".csv":
        header = header_of(path)
        if header is None:
            return None, [Fault(file.file, 1, None, "is no header: the file is empty or no CSV")]
        return CsvFile(path, header), list(_other_columns(file.file, header, wanted, 1))
    schema = schema_of(path)
    if schema is None:
        return None, [Fault(file.file, None, None, "is no Parquet file that can be read")]
    problems = list(_other_columns(file.file, tuple(schema), wanted, None))
    for column, kind in table.columns.items():
        if column in schema and not accepts(kind, schema[column]):
            problems.append(Fault(file.file, None, column, f"has a type that cannot hold: {kind.value}"))
    return ParquetFile(path, wanted), problems


def _other_columns(
    file: str, given: tuple[str, ...], wanted: tuple[str, ...], line: int | None
) -> Iterator[Fault]:
    counted = Counter(given)
    # A name of the file is not repeated: a file without header has values there.
    if set(given) - set(wanted):
        unknown = len(set(given) - set(wanted))
        yield Fault(file, line, None, f"{unknown} of the columns named are unknown")
    for column in wanted:
        if counted[column] != 1:
            problem = "is missing among the columns" if not counted[column] else "is named more than once"
            yield Fault(file, line, column, problem)
