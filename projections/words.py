"""Full text of issues that works for Chinese: all that was said in them, who reported them, where.

Chinese has no blanks between words, so pairs of neighbouring characters are kept ('水管坏了': 水管, 管坏,
坏了, and the last one alone), of anything else whole words. What is looked for is cut in the same way, and
all of it must be there. Both databases keep the same, PostgreSQL in a tsvector with a GIN index, SQLite in an
FTS5 table: nobody else needs to know. What looks like a telephone number is not kept (DESIGN, rule 7).

Who may see an issue may find it by all its words, the leaders' notes too: filter by scope as well.

    Issue.filter(scope.issues(), await words.find("水管 坏了"), state=State.OPEN).order_by("-id").limit(50)
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q, RawSQL

from issues.folding import folded
from models import Issue

_RUNS = re.compile(r"([㐀-䶿一-鿿]+)|([^\W_㐀-䶿一-鿿]+)")

#: Digits in a row that may be a telephone number.
_NUMBER = re.compile(r"\d{7,}")
#: As people group one: 138-0013 8000.
_GROUPED = re.compile(r"\+?\d(?:[\s().-]*\d){6,}")

#: So many issues are found by their words alone in some milliseconds.
_FEW = 5000

#: Longer words are cut, and of a longer search the rest is left.
_LONGEST, _MOST = 32, 16


async def find(words: str) -> Q:
    """Of all `Issue`s, those in which all of some words were said; of nothing to look for, all.

    A word of Latin letters or digits finds those that begin with it.

    Args:
        words: As somebody typed them.
    """
    wanted = _wanted(words)
    if not wanted:
        return Q() if not words.strip() else Q(id=0)
    # Only letters and digits are in them, so nothing can be meant as SQL.
    if not isinstance(Issue._meta.db, AsyncpgDBClient):
        query = " AND ".join(f'"{token}"{"*" if begins else ""}' for token, begins in wanted)
        return Q(id__in=RawSQL(f"(SELECT rowid FROM issue_words WHERE issue_words MATCH '{query}')"))  # noqa: S608
    query = " & ".join(_operand(token, begins=begins) for token, begins in wanted)
    found = f"SELECT issue_id FROM issue_words WHERE words @@ '{query}'::tsquery"  # noqa: S608
    if await _are_few(wanted):
        # They are looked up by themselves: words and places go together, so that to look through the issues
        # of another place for the name of a village would take them all.
        found = f"SELECT unnest(ARRAY({found}))"
    return Q(id__in=RawSQL(f"({found})"))


def _operand(token: str, *, begins: bool) -> str:
    return f"''{token}''{':*' if begins else ''}"


async def _are_few(wanted: Sequence[tuple[str, bool]]) -> bool:
    """Whether one of some words is rare, as far as PostgreSQL expects; of what begins so it knows nothing."""
    if any(begins and len(token) > 1 for token, begins in wanted):
        return True
    for token, begins in wanted:
        word = _operand(token, begins=begins)
        (row,) = await Issue._meta.db.execute_query_dict(
            f"EXPLAIN (FORMAT JSON) SELECT issue_id FROM issue_words WHERE words @@ '{word}'::tsquery"  # noqa: S608
        )
        (plan,) = json.loads(row["QUERY PLAN"])
        if plan["Plan"]["Plan Rows"] <= _FEW:
            return True
    return False


async def put(connection: BaseDBAsyncClient, said: Mapping[int, Iterable[str]]) -> None:
    """Keep the words of issues, in the place of those kept before; in the caller's transaction.

    Args:
        connection: The transaction's.
        said: All texts of each issue, by its id.
    """
    rows = [(issue_id, sorted(_kept(texts))) for issue_id, texts in said.items()]
    if isinstance(connection, AsyncpgDBClient):
        # All at once: a statement for each issue costs more than its words.
        await connection.execute_query(
            "INSERT INTO issue_words (issue_id, words)"
            " SELECT issue_id, array_to_tsvector(string_to_array(words, ' '))"
            " FROM unnest($1::bigint[], $2::text[]) AS kept (issue_id, words)"
            " ON CONFLICT (issue_id) DO UPDATE SET words = excluded.words",
            [[row[0] for row in rows], [" ".join(row[1]) for row in rows]],
        )
        return
    await connection.execute_many("DELETE FROM issue_words WHERE rowid = ?", [[row[0]] for row in rows])
    statement = "INSERT INTO issue_words (rowid, words) VALUES (?, ?)"
    await connection.execute_many(statement, [[row[0], " ".join(row[1])] for row in rows])


async def clear(connection: BaseDBAsyncClient) -> None:
    """Forget all words."""
    await connection.execute_query("DELETE FROM issue_words")


def _kept(texts: Iterable[str]) -> set[str]:
    return {token for text in texts for token in _tokens(text)}


@lru_cache(maxsize=20_000)  # the names of units and people come again and again
def _tokens(text: str) -> frozenset[str]:
    tokens: set[str] = set()
    for run, is_chinese in _runs(text):
        if is_chinese:
            tokens |= {one + other for one, other in pairwise(run)} | {run[-1]}
        elif not _NUMBER.fullmatch(run):
            tokens.add(run[:_LONGEST])
    return frozenset(tokens)


def _wanted(words: str) -> Sequence[tuple[str, bool]]:
    """What must be kept of an issue, and whether it may go on; the first ones of a long search."""
    wanted: dict[str, bool] = {}
    for run, is_chinese in _runs(words):
        if not is_chinese:
            wanted[run[:_LONGEST]] = True
        elif len(run) == 1:
            wanted[run] = True
        else:
            wanted |= dict.fromkeys((one + other for one, other in pairwise(run)), False)
    return list(wanted.items())[:_MOST]


def _runs(text: str) -> Iterable[tuple[str, bool]]:
    whole = text.encode(errors="ignore").decode()  # halves of characters are none
    for found in _RUNS.finditer(_GROUPED.sub(" ", folded(whole))):
        chinese, other = found.groups()
        yield chinese or other, bool(chinese)
