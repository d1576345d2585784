"""Traces by OpenTelemetry: one from what a platform brings to what rooms and phones get of it.

Off unless a configuration names a collector; then nothing is loaded but OpenTelemetry's interface, and every
span is none. A trace goes on through the database: rows of inbox and outbox carry it, as the W3C's
'traceparent', so that it survives a queue, a night, and the death of a worker. What a span is about are the
facts of the log (`linzhang.logs`): never an address, never words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import NoOpTracer, SpanKind, Status, StatusCode, Tracer, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from linzhang import logs

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider

_NAME = "linzhang"
_PROPAGATOR = TraceContextTextMapPropagator()
_HEADER = "traceparent"


class _Current:
    """Where spans of this process go."""

    tracer: Tracer = NoOpTracer()


def begin(provider: TracerProvider) -> None:
    """Let spans of this process go to a provider from now on."""
    _Current.tracer = provider.get_tracer(_NAME)


def end() -> None:
    """Let spans go nowhere."""
    _Current.tracer = NoOpTracer()


def set_up(process: str, collector: str, share: float) -> "SdkTracerProvider":
    """Send spans of this process to a collector, in the background; what is left goes when the process ends.

    Args:
        process: Which of the processes it is, such as 'web'.
        collector: Where traces go by OTLP over HTTP, such as 'http://127.0.0.1:4318/v1/traces'.
        share: The part of all traces that is kept, up to 1.

    Raises:
        ImportError: What is needed for it is not installed.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

    provider = SdkTracerProvider(
        resource=Resource.create({"service.name": _NAME, "service.instance.id": process}),
        sampler=ParentBasedTraceIdRatio(share),
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector)))
    begin(provider)
    return provider


@contextmanager
def span(name: str, *, parent: str = "", kind: SpanKind = SpanKind.INTERNAL) -> Iterator[None]:
    """Trace what is done inside.

    An error ends the span as failed, by its type alone: its words may be anybody's.

    Args:
        name: What is done, one of few.
        parent: What `carried` has told where it began; empty: the span that is open here, or a new trace.
        kind: Whether somebody has called us, or we call somebody.
    """
    context = _PROPAGATOR.extract({_HEADER: parent}) if parent else None
    with _Current.tracer.start_as_current_span(
        name, context, kind, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except Exception as error:
            failed(error)
            raise
        finally:
            if current.is_recording():
                current.set_attributes({f"linzhang.{fact}": value for fact, value in logs.known().items()})


def failed(error: Exception) -> None:
    """Say of the span that is open that it did not succeed."""
    trace.get_current_span().set_status(Status(StatusCode.ERROR, type(error).__name__))


def carried() -> str:
    """What a row carries, so that the trace can go on where it is taken up; empty: nothing is traced."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get(_HEADER, "")
