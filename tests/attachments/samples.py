"""Pictures, sounds and films as phones make them, made here by the same libraries as anybody's."""

import io
import math
from array import array
from typing import Any

import av
import pillow_heif
from PIL import Image

#: Where the camera says that it was: 33°52' N, 115°46' E, in Bozhou.
_GPS = {1: "N", 2: (33.0, 52.0, 0.0), 3: "E", 4: (115.0, 46.0, 0.0)}

#: Half red, half blue, so that it can be seen which way up it is.
_SIZE = (64, 48)


def picture(form: str = "JPEG", size: tuple[int, int] = _SIZE, **options: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    pillow_heif.register_heif_opener()
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def located_picture(form: str = "JPEG") -> bytes:
    """A picture that lies on its side and says where it was taken and with what."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    exif[0x010F] = "SecretPhoneMaker"
    exif.get_ifd(0x8825).update(_GPS)
    return picture(form, exif=exif)


def moving_picture() -> bytes:
    """A picture of three frames."""
    frames = [Image.new("RGB", _SIZE, colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=200)
    return out.getvalue()


def sound(
    container: str = "amr", codec: str = "libopencore_amrnb", rate: int = 8000, seconds: int = 2
) -> bytes:
    """A tone; AMR, as a button phone records it, unless told otherwise."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as box:
        stream: Any = box.add_stream(codec, rate=rate)
        stream.codec_context.layout = "mono"
        resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
        for piece in [*resampler.resample(_tone(rate, seconds)), *resampler.resample(None)]:
            box.mux(stream.encode(piece))
        box.mux(stream.encode(None))
    return out.getvalue()


def _tone(rate: int, seconds: int) -> av.AudioFrame:
    samples = rate * seconds
    wave = array("h", (int(9000 * math.sin(2 * math.pi * 440 * each / rate)) for each in range(samples)))
    frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
    frame.planes[0].update(wave.tobytes())
    frame.sample_rate, frame.pts = rate, 0
    return frame


def film(container: str = "3gp", codec: str = "h263", *, voice: str = "", **facts: str) -> bytes:
    """Two seconds of growing light; H.263 in 3GP, as a button phone films, unless told otherwise.

    Args:
        container: FFmpeg's name of the box.
        codec: FFmpeg's name of the encoder.
        voice: FFmpeg's name of the encoder of its sound; empty: a silent film.
        facts: What the camera writes down beside it.
    """
    out = io.BytesIO()
    with av.open(out, "w", format=container, options={"movflags": "use_metadata_tags"}) as box:
        box.metadata.update(facts)
        stream: Any = box.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 176, 144, "yuv420p"
        spoken: Any = box.add_stream(voice, rate=8000) if voice else None
        if spoken:
            spoken.codec_context.layout = "mono"
            resampler = av.AudioResampler(format=spoken.codec_context.format, layout="mono", rate=8000)
            for piece in resampler.resample(_tone(8000, 2)):
                box.mux(spoken.encode(piece))
            box.mux(spoken.encode(None))
        for index in range(20):
            frame = av.VideoFrame(176, 144, "rgb24")
            frame.planes[0].update(bytes([index * 12]) * frame.planes[0].buffer_size)
            box.mux(stream.encode(frame))
        box.mux(stream.encode(None))
    return out.getvalue()


PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
