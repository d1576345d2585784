"""Traces: from the webhook to the phone and the room, through rows that carry them."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI, Request
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext, StatusCode
from twilio.request_validator import RequestValidator

from demo.carrier.server import bind
from escalator import deadlines, inbox, outbox
from linzhang import tracing
from linzhang.settings import Settings
from models import Inbox, Issue, Outbox
from tests.factories import clock_of, plant, resident
from tests.issues.diary import carry_out
from tests.operations.test_logs import Refusing
from tests.sms.wire import OUR_NUMBER, PHONE, TOKEN, serving, text_params
from web.app import create_app


class Spans:
    """What was traced."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()

    def named(self, name: str) -> list[ReadableSpan]:
        """All of a name, in the order in which they ended."""
        return [each for each in self.exporter.get_finished_spans() if each.name == name]


@pytest.fixture
def spans() -> Iterator[Spans]:
    """What is traced meanwhile."""
    kept, provider = Spans(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept.exporter))
    tracing.begin(provider)
    yield kept
    tracing.end()


def context_of(span: ReadableSpan) -> SpanContext:
    """Which span it is, of which trace."""
    context = span.get_span_context()
    assert context is not None
    return context


def trace_of(span: ReadableSpan) -> int:
    """Which trace a span belongs to."""
    return context_of(span).trace_id


async def text(settings: Settings, body: str, sid: str) -> None:
    """A text comes in, as the carrier brings it."""
    form = text_params(body, MessageSid=sid, From=PHONE, To=OUR_NUMBER)
    signature = RequestValidator(TOKEN).compute_signature(f"{settings.public_url}/sms/inbound", form)
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http:
        answer = await http.post("/sms/inbound", data=form, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200


async def test_one_trace_leads_from_the_webhook_to_phone_and_room(settings: Settings, spans: Spans) -> None:
    territory = await plant()
    await resident(settings, territory.block, number=PHONE)
    await text(settings, "路灯坏了", "SM" + "1" * 32)
    (row,) = await Inbox.all()
    await inbox.drain(settings, row.lane)
    await carry_out(settings)
    (asked,), (came,), (taken,) = (spans.named(each) for each in ("request", "webhook", "take in"))
    delivered = spans.named("deliver")
    assert {trace_of(each) for each in (came, taken, *delivered)} == {trace_of(asked)}
    assert taken.parent is not None
    assert taken.parent.span_id == context_of(came).span_id
    assert {each.parent.span_id for each in delivered if each.parent} == {context_of(taken).span_id}
    issue = await Issue.get()
    about = [dict(each.attributes or {}) for each in delivered]
    assert {each["linzhang.bridge"] for each in about} >= {"sms", "rooms"}
    assert {each["linzhang.issue"] for each in about} == {issue.number}
    told = str([each.to_json() for each in spans.exporter.get_finished_spans()])
    assert PHONE not in told
    assert "路灯" not in told


async def test_a_deadline_begins_a_trace_and_what_fails_says_so(settings: Settings, spans: Spans) -> None:
    territory = await plant()
    await resident(settings, territory.block, number=PHONE)
    await text(settings, "水管爆了", "SM" + "2" * 32)
    (row,) = await Inbox.all()
    await inbox.drain(settings, row.lane)
    clock_of(settings).advance(timedelta(hours=4, minutes=1))
    await deadlines.run(settings, 10)
    (deadline,) = spans.named("deadline")
    assert deadline.parent is None
    up = await Outbox.exclude(trace="").order_by("-id").first()
    assert up is not None
    assert f"{trace_of(deadline):032x}" in up.trace
    await outbox.drain(settings, {up.bridge: Refusing()}, up.lane)
    refused = spans.named("deliver")[-1]
    assert (refused.status.status_code, refused.status.description) == (StatusCode.ERROR, "Refused")
    assert refused.events == (), "an error's words may be anybody's"


async def test_without_a_collector_nothing_is_traced(settings: Settings) -> None:
    await text(settings, "路灯坏了", "SM" + "3" * 32)
    assert [each.trace for each in await Inbox.all()] == [""]


async def test_a_collector_gets_them_by_otlp(settings: Settings) -> None:
    got: list[bytes] = []
    collector = FastAPI()

    @collector.post("/v1/traces")
    async def take(request: Request) -> None:
        got.append(await request.body())

    async with serving(collector, bind(0)) as url:
        provider = tracing.set_up("worker", f"{url}/v1/traces", 1.0)
        try:
            await text(settings, "路灯坏了", "SM" + "4" * 32)
        finally:
            tracing.end()
            await asyncio.to_thread(provider.shutdown)
    assert b"webhook" in got[0]
    assert b"linzhang" in got[0]
