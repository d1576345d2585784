"""Sounds and films: what old phones record, made into what any client plays.

Stands on PyAV, which brings FFmpeg in its wheel: nothing smaller that is still kept up reads AMR, the sound
of every button phone, and the films of the same phones. It weighs a hundred megabytes; a voice that nobody
can play would weigh more.

For rooms a sound becomes Opus in Ogg, as Matrix' voice messages are (MSC3245); for phones it becomes MP3,
which all of them play. A film that every client can play is copied, without what the camera wrote about place
and time; any other is made into H.264.
"""

import io
from array import array
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

import av
from av.filter import Graph

from attachments.kinds import Family, Kind
from attachments.made import Made, NotTaken, Use

#: Seconds of sound or film; more is no message.
_LONGEST = 30 * 60

#: Sound: encoder, container, samples a second, bits a second, type and extension.
_SOUND = {
    Use.ROOM: ("libopus", "ogg", 48_000, 32_000, "audio/ogg", "ogg"),
    Use.PHONE: ("libmp3lame", "mp3", 32_000, 48_000, "audio/mpeg", "mp3"),
}

#: Numbers of a waveform, and the greatest of them (MSC3246).
_WAVES, _LOUDEST = 64, 1024

#: What need not be encoded again.
_PLAYED_VIDEO, _PLAYED_AUDIO, _PLAYED_PIXELS = {"h264"}, {"aac", "mp3"}, {"yuv420p", "yuvj420p"}

#: Bytes up to which a film is copied, and its longer side when it is encoded.
_COPIED = {Use.ROOM: 32_000_000, Use.PHONE: 4_000_000}
_SIDE = {Use.ROOM: 1280, Use.PHONE: 480}
_QUALITY = {Use.ROOM: "26", Use.PHONE: "30"}  # x264's constant rate factor

#: Ticks a second of a film that is encoded, and samples a second of its sound.
_TICKS, _FILM_RATE = 90_000, 32_000


def make(content: bytes, kind: Kind, use: Use) -> Made:
    """A sound or film, made fit.

    Raises:
        NotTaken: It cannot be decoded, or is too long.
    """
    try:
        with _opened(content, kind.demuxer) as box:
            if box.duration and box.duration > _LONGEST * av.time_base:
                raise NotTaken("too long")
            if kind.family is Family.SOUND or not box.streams.video:
                return _sound(box, use)
            return _copied_film(box) if _plays(box, len(content), use) else _Film(box, use).encoded()
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise NotTaken(type(error).__name__) from error


def _opened(content: bytes, demuxer: str) -> Any:
    # Never left to FFmpeg to guess: some of what it knows are lists of addresses that it would fetch.
    return av.open(io.BytesIO(content), format=demuxer)


def _sound(box: Any, use: Use) -> Made:
    encoder, container, rate, bits, content_type, extension = _SOUND[use]
    if not box.streams.audio:
        raise NotTaken("no sound in it")
    out = io.BytesIO()
    samples = array("h")
    with av.open(out, "w", format=container) as written:
        stream = _sound_stream(written, encoder, rate, bits)
        for frame in _resampled(box, rate):
            samples.frombytes(bytes(frame.planes[0])[: frame.samples * 2])
            if len(samples) > _LONGEST * rate:
                raise NotTaken("too long")
            written.mux(stream.encode(frame))
        if not samples:
            raise NotTaken("no sound in it")
        written.mux(stream.encode(None))
    return Made(
        out.getvalue(),
        content_type,
        extension,
        Family.SOUND,
        duration=len(samples) * 1000 // rate,
        waveform=_waveform(samples),
    )


def _sound_stream(written: Any, encoder: str, rate: int, bits: int) -> Any:
    stream = written.add_stream(encoder, rate=rate)
    stream.codec_context.layout = "mono"
    stream.codec_context.bit_rate = bits
    return stream


def _resampled(box: Any, rate: int) -> Iterator[Any]:
    """The sound of a box, one voice of 16 bits, without the gaps that a bad line leaves in its time."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
    told = 0
    for frame in chain(_decoded(box, box.streams.audio[0]), [None]):
        if frame is not None:
            frame.pts = None
        for piece in resampler.resample(frame):
            piece.pts, piece.time_base = told, Fraction(1, rate)
            told += piece.samples
            yield piece


def _decoded(box: Any, stream: Any) -> Iterator[Any]:
    for packet in box.demux(stream):
        yield from _frames(packet)


def _frames(packet: Any) -> list[Any]:
    """What is in a packet; one that is broken is left out, since the rest may be heard."""
    try:
        frames: list[Any] = packet.decode()
    except av.InvalidDataError:
        return []
    return frames


def _waveform(samples: "array[int]") -> list[int]:
    width = max(1, len(samples) // _WAVES)
    peaks = [
        max(map(abs, samples[start : start + width]))
        for start in range(0, width * _WAVES, width)[: len(samples)]
    ]
    loudest = max(peaks) or 1
    return [peak * _LOUDEST // loudest for peak in peaks]


def _plays(box: Any, size: int, use: Use) -> bool:
    """Whether every client can play a film as it is."""
    video = box.streams.video[0].codec_context
    audio = [stream.codec_context.name for stream in box.streams.audio]
    return (
        video.name in _PLAYED_VIDEO
        and video.pix_fmt in _PLAYED_PIXELS
        and set(audio) <= _PLAYED_AUDIO
        and size <= _COPIED[use]
    )


def _copied_film(box: Any) -> Made:
    out = io.BytesIO()
    kept = [box.streams.video[0], *box.streams.audio[:1]]
    with av.open(out, "w", format="mp4") as written:
        copies = {stream.index: written.add_stream_from_template(stream) for stream in kept}
        for copy in copies.values():
            copy.metadata.clear()
        for packet in box.demux(kept):
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                written.mux(packet)
    film = out.getvalue()
    with _opened(film, "mov") as again:
        source = again.streams.video[0]
        for frame in _decoded(again, source):
            graph = _upright(source, frame, max(frame.width, frame.height))
            graph.push(frame)
            return _film(film, graph.pull(), (again.duration or 0) / av.time_base)
    raise NotTaken("no picture in it")


class _Film:
    """A film that is encoded anew, picture by picture, with its sound beside it."""

    def __init__(self, box: Any, use: Use) -> None:
        self._box = box
        self._use = use
        self._pictures = box.streams.video[0]
        self._voice = box.streams.audio[0] if box.streams.audio else None
        self._resampler = av.AudioResampler(format="fltp", layout="mono", rate=_FILM_RATE)
        self._graph: Graph | None = None
        self._first: Any = None
        self._shown = 0.0  # seconds of pictures
        self._told = 0  # samples of sound

    def encoded(self) -> Made:
        """The film as every client plays it."""
        out = io.BytesIO()
        with av.open(out, "w", format="mp4") as written:
            video: Any = written.add_stream("libx264", rate=_rate(self._pictures), options=_x264(self._use))
            audio = _sound_stream(written, "aac", _FILM_RATE, 48_000) if self._voice else None
            for packet in self._box.demux([each for each in (self._pictures, self._voice) if each]):
                if packet.stream is self._pictures:
                    written.mux(self._see(video, packet))
                else:
                    written.mux(self._hear(audio, packet))
            if self._first is None:
                raise NotTaken("no picture in it")
            written.mux(video.encode(None))
            if self._told:
                assert audio is not None
                written.mux(audio.encode(None))
        return _film(out.getvalue(), self._first, max(self._shown, self._told / _FILM_RATE))

    def _see(self, video: Any, packet: Any) -> list[Any]:
        made = []
        for frame in _frames(packet):
            self._graph = self._graph or _upright(self._pictures, frame, _SIDE[self._use])
            self._graph.push(frame)
            shown: Any = self._graph.pull()
            if self._first is None:
                self._first = shown
                video.width, video.height, video.pix_fmt = shown.width, shown.height, "yuv420p"
                video.codec_context.time_base = Fraction(1, _TICKS)
            self._shown = max(self._shown, frame.time or 0.0)
            shown.pict_type = 0  # the encoder chooses, whatever it was before
            made += video.encode(shown)
        return made

    def _hear(self, audio: Any, packet: Any) -> list[Any]:
        made = []
        for frame in _frames(packet):
            frame.pts = None
            for piece in self._resampler.resample(frame):
                piece.pts, piece.time_base = self._told, Fraction(1, _FILM_RATE)
                self._told += piece.samples
                made += audio.encode(piece)
        return made


def _x264(use: Use) -> dict[str, str]:
    # 'baseline' is what phones without a large battery play.
    return {"preset": "veryfast", "profile": "baseline", "crf": _QUALITY[use], "threads": "2"}


def _rate(source: Any) -> Fraction:
    rate = source.average_rate or source.guessed_rate or Fraction(15)
    return Fraction(min(max(rate, Fraction(1)), Fraction(30))).limit_denominator(1001)


def _upright(source: Any, frame: Any, longest: int) -> Graph:
    """Turns pictures as the camera was held, and makes them no larger than `longest`."""
    graph = Graph()
    shrink = min(1.0, longest / max(frame.width, frame.height))
    width, height = (max(2, int(side * shrink) // 2 * 2) for side in (frame.width, frame.height))
    steps = [
        graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=source.time_base
        ),
        graph.add("scale", f"{width}:{height}"),
        graph.add("format", "yuv420p"),
        *(graph.add("transpose", turn) for turn in _TURNS.get(round(frame.rotation) % 360, ())),
        graph.add("buffersink"),
    ]
    graph.link_nodes(*steps).configure()
    return graph


#: FFmpeg's rotation is counted against the clock.
_TURNS = {90: ("cclock",), 180: ("clock", "clock"), 270: ("clock",)}


def _film(content: bytes, first: Any, seconds: float) -> Made:
    poster = io.BytesIO()
    first.to_image().save(poster, "JPEG", quality=75)
    return Made(
        content,
        "video/mp4",
        "mp4",
        Family.FILM,
        width=first.width,
        height=first.height,
        duration=round(seconds * 1000),
        poster=poster.getvalue(),
    )
