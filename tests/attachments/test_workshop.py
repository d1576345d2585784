"""What is taken and what it becomes, through the workshop's own process."""

import io
import time

import av
import pytest
from PIL import Image

from attachments.kinds import Family, kind_of
from attachments.made import Made, NotTaken, Use
from attachments.workshop import Workshop
from tests.attachments.samples import (
    HTML,
    PAPER,
    SVG,
    film,
    located_picture,
    moving_picture,
    picture,
    sound,
)

BOTH = pytest.mark.parametrize("use", list(Use))


async def make(content: bytes, use: Use = Use.ROOM) -> Made:
    return await Workshop().make(content, use)


def shown(made: Made) -> Image.Image:
    return Image.open(io.BytesIO(made.content))


@BOTH
@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF"])
async def test_every_camera_s_picture_becomes_one_that_every_client_shows(form: str, use: Use) -> None:
    made = await make(picture(form), use)
    assert (made.content_type, made.extension, made.family) == ("image/jpeg", "jpg", Family.PICTURE)
    assert (made.width, made.height) == (64, 48)
    red, _, blue = shown(made).convert("RGB").getpixel((5, 24))  # type: ignore[misc]
    assert red > 200 > 60 > blue


@BOTH
@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
async def test_a_picture_stands_upright_and_does_not_tell_where_it_was_taken(form: str, use: Use) -> None:
    taken = located_picture(form)
    assert b"SecretPhoneMaker" in taken
    made = await make(taken, use)
    assert (made.width, made.height) == (48, 64)
    assert not shown(made).getexif()
    for secret in (b"SecretPhoneMaker", b"Exif", b"GPS", b"http://ns.adobe.com"):
        assert secret not in made.content
    red, _, blue = shown(made).convert("RGB").getpixel((24, 5))  # type: ignore[misc]
    assert red > 200 > 60 > blue, "what was on the left is above"


async def test_what_moves_goes_on_moving_in_a_room_and_stands_still_on_a_phone() -> None:
    moving = await make(moving_picture())
    assert (moving.content_type, getattr(shown(moving), "n_frames", 1)) == ("image/gif", 3)
    assert (await make(moving_picture(), Use.PHONE)).content_type == "image/jpeg"


async def test_what_can_be_looked_through_stays_so_and_is_white_on_a_phone() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
    made = await make(out.getvalue())
    assert (made.content_type, shown(made).getpixel((3, 3))) == ("image/png", (255, 0, 0, 0))
    small = await make(out.getvalue(), Use.PHONE)
    assert small.content_type == "image/jpeg"
    assert shown(small).getpixel((3, 3)) == (255, 255, 255)


async def test_a_phone_gets_no_more_pixels_than_it_can_show() -> None:
    large = picture(size=(3000, 2000))
    assert (await make(large)).width == 3000
    small = await make(large, Use.PHONE)
    assert (small.width, small.height) == (1280, 853)


async def test_a_picture_that_would_fill_the_memory_is_not_unpacked() -> None:
    bomb = picture("PNG", size=(20_000, 20_000))
    assert len(bomb) < 2_000_000
    with pytest.raises(NotTaken):
        await make(bomb)


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("amr", "libopencore_amrnb", 8000),
        ("3gp", "libopencore_amrnb", 8000),
        ("mp3", "libmp3lame", 16_000),
        ("ogg", "libopus", 48_000),
        ("wav", "pcm_s16le", 8000),
        ("wav", "pcm_mulaw", 8000),
        ("ipod", "aac", 16_000),
        ("adts", "aac", 16_000),
        ("webm", "libopus", 48_000),
    ],
)
async def test_every_phone_s_voice_becomes_one_that_every_client_plays(
    container: str, codec: str, rate: int
) -> None:
    spoken = sound(container, codec, rate)
    made = await make(spoken)
    assert (made.content_type, made.family) == ("audio/ogg", Family.SOUND)
    assert made.duration == pytest.approx(2000, abs=150)
    assert len(made.waveform) == 64
    assert max(made.waveform) == 1024
    assert min(made.waveform) >= 0
    with av.open(io.BytesIO(made.content)) as box:
        assert box.streams.audio[0].codec_context.name == "opus"
    for_phone = await make(spoken, Use.PHONE)
    assert for_phone.content_type == "audio/mpeg"
    with av.open(io.BytesIO(for_phone.content)) as box:
        assert box.streams.audio[0].codec_context.name.startswith("mp3")


@BOTH
async def test_an_old_phone_s_film_becomes_one_that_every_client_plays(use: Use) -> None:
    made = await make(film(), use)
    assert (made.content_type, made.family, made.width, made.height) == ("video/mp4", Family.FILM, 176, 144)
    assert made.duration == pytest.approx(2000, abs=200)
    with av.open(io.BytesIO(made.content), "r") as box:
        assert box.streams.video[0].codec_context.name == "h264"
        assert len(list(box.decode(video=0))) == 20
    poster = Image.open(io.BytesIO(made.poster))
    assert (poster.format, poster.size) == ("JPEG", (176, 144))


@BOTH
async def test_a_film_keeps_its_sound(use: Use) -> None:
    for filmed in (film(voice="libopencore_amrnb"), film("mp4", "libx264", voice="aac")):
        made = await make(filmed, use)
        assert made.duration == pytest.approx(2000, abs=200)
        with av.open(io.BytesIO(made.content), "r") as box:
            assert [stream.codec_context.name for stream in box.streams.audio] == ["aac"]
            heard = list(box.decode(audio=0))
            assert sum(frame.samples / frame.sample_rate for frame in heard) == pytest.approx(2, abs=0.2)


@BOTH
@pytest.mark.parametrize("container", ["mp4", "mov"])
async def test_a_film_does_not_tell_where_it_was_taken(container: str, use: Use) -> None:
    taken = film(container, "libx264", location="+33.8667+115.7667/", make="SecretPhoneMaker")
    assert b"SecretPhoneMaker" in taken
    made = await make(taken, use)
    assert made.content_type == "video/mp4"
    assert b"SecretPhoneMaker" not in made.content
    assert b"115.7667" not in made.content


@BOTH
async def test_a_paper_stays_as_it_is(use: Use) -> None:
    made = await make(PAPER, use)
    assert (made.content, made.content_type, made.family) == (PAPER, "application/pdf", Family.PAPER)


@BOTH
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        SVG,
        HTML,
        b"MZ" + bytes(200),
        b"PK\3\4" + bytes(200),
        b"\xff\xfeh\0e\0l\0l\0o\0",
        picture("BMP"),
        picture("TIFF"),
        b"\xff\xd8\xff\xe0" + HTML,
        b"\x89PNG\r\n\x1a\n" + HTML,
        b"GIF89a" + SVG,
        b"#!AMR\n",
        b"ID3" + HTML,
        b"\0\0\0\x20ftypisom" + HTML,
        b"\0\0\0\x20ftypheic" + HTML,
        b"OggS" + bytes(500),
        b"RIFF\0\0\0\0WAVE" + bytes(100),
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/secret\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
async def test_what_is_not_what_it_begins_like_is_not_taken(content: bytes, use: Use) -> None:
    with pytest.raises(NotTaken):
        await make(content, use)


async def test_a_picture_with_a_page_behind_it_loses_the_page() -> None:
    assert b"script" not in (await make(picture() + HTML)).content


async def test_half_a_picture_is_not_taken_and_half_a_voice_is_heard() -> None:
    with pytest.raises(NotTaken):
        await make(picture(size=(640, 480))[:900])
    half = await make(sound()[:600])
    assert half.duration is not None
    assert 500 < half.duration < 1300


async def test_who_takes_too_long_is_stopped() -> None:
    started = time.monotonic()
    with pytest.raises(NotTaken):
        await Workshop(patience=0.01).make(picture(), Use.ROOM)
    assert time.monotonic() - started < 5


def test_kinds_are_told_by_bytes_alone() -> None:
    told = {content[:12]: kind_of(content) for content in (picture(), sound(), film(), PAPER)}
    assert [kind.content_type for kind in told.values() if kind] == [
        "image/jpeg",
        "audio/amr",
        "video/3gpp",
        "application/pdf",
    ]
    assert kind_of(SVG) is None
    assert kind_of(HTML) is None
