"""Import: `/desk/admin/import`. Files are handed in, what they would change is shown, and then applied.

The work is a worker's (`territory.imports`): a request stores files or a wish, and answers.
"""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile

from linzhang.words import SOURCE_LANGUAGE, Text, say
from models import Import, ImportState
from territory import columns, imports
from territory import texts as territory_texts
from territory.columns import FileKind
from territory.plan import What
from web.access.scope import NotThere
from web.access.visits import Administering
from web.desk.frame import frame_of
from web.desk.texts import importing as texts

routes = APIRouter(prefix="/admin/import")

_HERE = "/desk/admin/import"

#: How many files at once, and bytes that are read at a time.
_FILES, _PIECE = 20, 1 << 20


@routes.get("")
async def page(request: Request, visit: Administering) -> Response:
    """Hand files in; what one has handed in before; how the columns are called."""
    return frame_of(request).page(
        request,
        "admin/import.html",
        texts,
        visit,
        imports=await imports.of(visit.person),
        columns=columns.COLUMNS,
        kinds=territory_texts.KINDS,
        first_names=_first_names(frame_of(request).language_of(request, visit)),
        files_at_once=_FILES,
    )


@routes.post("")
async def hand_in(request: Request, visit: Administering) -> Response:
    """Keep files for a worker, and go to where one sees what becomes of them."""
    form = await request.form()
    try:
        files = [each for each in form.getlist("file") if isinstance(each, UploadFile) and each.filename]
        if not files or len(files) > _FILES:
            text = texts.NO_FILES if not files else texts.TOO_MANY
            return _told(request, visit, _HERE, text, most=_FILES)
        uploads = [imports.Upload(each.filename or "", _pieces(each)) for each in files]
        made = await imports.hand_in(visit.settings, visit.person, uploads)
    finally:
        await form.close()
    return frame_of(request).told(f"{_HERE}/{made.id}")


@routes.get("/columns/{kind}.csv")
async def template(request: Request, visit: Administering, kind: FileKind) -> Response:
    """An empty file of a kind: its heading, in the reader's language. Spreadsheets want the mark in front."""
    names = _first_names(frame_of(request).language_of(request, visit))
    heading = ",".join(names[column.key, kind] for column in columns.COLUMNS[kind])
    return Response(
        f"\ufeff{heading}\r\n",
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{kind.value}.csv"'},
    )


@routes.get("/{import_id}")
async def one(request: Request, visit: Administering, import_id: int) -> Response:
    """How far an import is: a bar, what would change, what is wrong, or what has changed."""
    made = await _own(visit, import_id)
    language = frame_of(request).language_of(request, visit)
    errors = [
        (each["file"], each["words"].get(language) or each["words"].get(SOURCE_LANGUAGE, ""))
        for each in made.errors
    ]
    changes = sum(
        count for each in made.found for what, count in each["counts"].items() if what != What.UNCHANGED
    )
    return frame_of(request).page(
        request,
        "admin/import_one.html",
        texts,
        visit,
        made=made,
        states=ImportState,
        is_under_way=made.state in imports.UNDER_WAY,
        progress=_progress(made, language),
        errors=errors,
        changes=changes,
        whats=list(What),
        kinds=territory_texts.KINDS | {imports.BORDERS: texts.A_MAP},
        labels=territory_texts.CHANGES,
    )


@routes.get("/{import_id}/state")
async def state(request: Request, visit: Administering, import_id: int) -> Response:
    """The same as JSON, for the bar."""
    made = await _own(visit, import_id)
    language = frame_of(request).language_of(request, visit)
    return JSONResponse({"state": made.state, **_progress(made, language)})


@routes.post("/{import_id}/apply")
async def apply(request: Request, visit: Administering, import_id: int) -> Response:
    """Let exactly what was shown be carried out."""
    made = await _own(visit, import_id)
    await imports.want(visit.settings, made)
    return frame_of(request).told(f"{_HERE}/{made.id}")


@routes.post("/{import_id}/drop")
async def drop(request: Request, visit: Administering, import_id: int) -> Response:
    """Forget the files."""
    await _own(visit, import_id)
    await imports.put_away(visit.person)
    return _told(request, visit, _HERE, texts.DROPPED)


async def _own(visit: Administering, import_id: int) -> Import:
    made = await Import.get_or_none(id=import_id, person_id=visit.person.id)
    if made is None:
        raise NotThere(str(import_id))
    return made


async def _pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    while content := await upload.read(_PIECE):
        yield content


def _progress(made: Import, language: str) -> dict[str, object]:
    """What the bar shows."""
    if made.state in (ImportState.WAITING, ImportState.WANTED):
        words = say(texts.WAITS, language)
    elif made.stage:
        words = say(territory_texts.STAGES[made.stage], language)
    else:
        words = say(texts.IS_LOOKED_AT if made.state is ImportState.LOOKING else texts.IS_APPLIED, language)
    return {"words": words, "done": made.done, "total": made.total}


def _first_names(language: str) -> dict[tuple[str, FileKind], str]:
    """What each column is called in a heading for a reader."""
    return {
        (column.key, kind): column.key if language == SOURCE_LANGUAGE else column.names[0]
        for kind, each in columns.COLUMNS.items()
        for column in each
    }


def _told(request: Request, visit: Administering, address: str, text: Text, **values: object) -> Response:
    frame = frame_of(request)
    return frame.told(address, say(text, frame.language_of(request, visit), **values))
