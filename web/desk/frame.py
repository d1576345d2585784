"""Renders pages: a template, the texts of its page, and what stands around every page.

What people wrote is filled in as a value and escaped; templates come from our own folder only.
"""

import hashlib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from linzhang import words
from linzhang.settings import Settings
from linzhang.words import Text, say
from web.access import sessions, visits
from web.access.visits import Visit
from web.desk import tastes
from web.desk.texts import frame as texts

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"

#: The cookie with what is said on top of the next page, and seconds for which it waits for it.
_NOTICE, _WAITS = "linzhang_notice", 30


class Frame:
    """Renders the desk's pages."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"asset": asset, "frame_texts": texts}

    def page(
        self,
        request: Request,
        template: str,
        page_texts: ModuleType,
        visit: Visit | None = None,
        *,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        """A page.

        In a template `t(texts.HEAD, name=…)` says a text; `form_field()` is what every form that changes
        something needs, `body.dataset.formWord` the same for scripts; `clock(moment)`, `left(due)`,
        `day(moment)` and `lasts(duration)` say times in the reader's language; `visit`, `language` and `now`
        are at hand.

        Args:
            request: What asked for it.
            template: Its file in templates/.
            page_texts: The module of its texts, `texts` in the template.
            visit: Whose request it is; None: nobody has come in.
            status: Of the answer.
            values: For the template.
        """
        profile = self._settings.territory
        taste = tastes.read(request, profile, visit.person if visit else None)
        now = self._settings.clock.now()
        language, zone = taste.language, profile.zone

        def t(text: Text, **blanks: object) -> str:
            return say(text, language, **blanks)

        def clock(moment: datetime) -> str:
            return words.clock_time(moment, now, zone, language)

        def left(due: datetime) -> str:
            return words.time_left(due, now, language)

        def day(moment: datetime) -> str:
            return words.day(moment, zone, language)

        def lasts(length: timedelta) -> str:
            return words.duration(length, language)

        form_word = visit.form_word if visit else sessions.form_word(self._settings, "")
        notice = request.cookies.get(_NOTICE, "")
        body = self._templates.get_template(template).render(
            texts=page_texts,
            t=t,
            clock=clock,
            left=left,
            day=day,
            lasts=lasts,
            now=now,
            language=language,
            languages={each: words.name_of(each) for each in profile.languages},
            taste=taste,
            tastes=tastes,
            profile=profile,
            programme=profile.name.get(language, profile.name[profile.default_language]),
            visit=visit,
            form_word=form_word,
            form_field=lambda: Markup('<input type="hidden" name="{}" value="{}">').format(
                visits.FIELD, form_word
            ),
            here=request.url.path,
            notice=unquote(notice),
            **values,
        )
        response = HTMLResponse(body, status, headers={"Cache-Control": "no-store"})
        if notice:
            response.delete_cookie(_NOTICE, path="/desk")
        return response

    def language_of(self, request: Request, visit: Visit | None) -> str:
        """The language in which a request is answered."""
        return tastes.read(request, self._settings.territory, visit.person if visit else None).language

    def told(self, address: str, notice: str = "") -> RedirectResponse:
        """Go on to a page, on top of which something is said once.

        Args:
            address: A path of our own.
            notice: What, in the reader's language; empty: nothing.
        """
        response = RedirectResponse(address, 303)
        if notice:
            secure = visits.is_secure(self._settings)
            response.set_cookie(
                _NOTICE,
                quote(notice[:500]),
                max_age=_WAITS,
                path="/desk",
                secure=secure,
                httponly=True,
                samesite="lax",
            )
        return response


def frame_of(request: Request) -> Frame:
    """The frame of the application that a request is for."""
    frame: Frame = request.app.state.frame
    return frame


@cache
def asset(path: str) -> str:
    """The address of a file in static/; it changes when the file does: browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/desk/static/{path}?v={digest}"
