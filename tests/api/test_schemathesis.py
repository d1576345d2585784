"""schemathesis against the API: every operation, with what its document allows and with what it does not."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import count, cycle
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis import APIOperation, GenerationMode

from tests.api.programme import api_for
from tests.factories import make_settings, open_database, plant, resident
from tests.issues.diary import Phone
from web.api import repeating

#: Cases of each operation, allowed and not.
CASES = 5

#: Issues that there are, so that what is allowed does something.
ISSUES = 8


class Service:
    """The API on a loop of its own, in which schemathesis' cases are sent."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._settings = make_settings(folder, api_requests_per_minute=1_000_000)
        self._http: httpx.AsyncClient
        self._runner.run(self._begin())
        self.numbers = cycle(range(1001, 1001 + ISSUES))
        self.keys = count()

    def close(self) -> None:
        """Let go of everything."""
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        given: dict[str, Any] = self._runner.run(self._http.get("/api/v1/openapi.json")).json()
        # Every case comes with a token; who comes without one is test_tokens' matter.
        for path in given["paths"].values():
            for operation in path.values():
                operation.pop("security", None)
        return given

    def send(self, case: Any) -> httpx.Response:
        """Send a case."""
        what = case.as_transport_kwargs(base_url="http://127.0.0.1:1/api/v1")
        what.pop("cookies", None)
        return self._runner.run(self._send(what))

    async def _send(self, what: dict[str, Any]) -> httpx.Response:
        request = self._http.build_request(**_for_httpx(what))
        return await self._http.send(request)

    async def _begin(self) -> None:
        await self._stack.enter_async_context(open_database(self._settings))
        territory = await plant()
        await resident(self._settings, territory.block)
        phone = Phone(self._settings)
        for number in range(ISSUES):
            await phone.text(f"新 路灯坏了{number}")
        api = api_for(self._settings)
        self._http = await self._stack.enter_async_context(api.programme(territory.leaders["village"]))


def _for_httpx(what: dict[str, Any]) -> dict[str, Any]:
    """Arguments of requests as httpx calls them."""
    if isinstance(what.get("data"), (bytes, str)):
        what["content"] = what.pop("data")
    return {key: value for key, value in what.items() if value is not None}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The API."""
    made = Service(tmp_path_factory.mktemp("schemathesis"))
    yield made
    made.close()


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_schemathesis_finds_no_failure(service: Service, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(service.document())
    operations: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(operations) == 22
    for operation in operations:
        takes_nothing = not (operation.query or operation.path_parameters or operation.body)
        if mode is GenerationMode.POSITIVE or not takes_nothing:
            _check(service, operation, mode)


def _check(service: Service, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> None:
    @hypothesis_settings(
        max_examples=CASES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and case.path_parameters:
            real = {"number": next(service.numbers), "code": "34010101"}
            case.path_parameters |= {key: real[key] for key in case.path_parameters}
        if mode is GenerationMode.POSITIVE and repeating.HEADER in case.headers:
            case.headers[repeating.HEADER] = f"key{next(service.keys)}"
        case.validate_response(service.send(case))

    check()
