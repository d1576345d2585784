"""Pictures: decoded and written anew, upright, and without anything that is not seen.

A camera writes where and when it was, and by whom it is owned, into its files. Nothing of it is kept: rooms
are copied to other servers, and where somebody lives is theirs to say. Bytes that only look like a picture
are gone too, since what is written is made from what was seen.
"""

import io

import pillow_heif
from PIL import Image, ImageOps

from attachments.kinds import AVIF, GIF, HEIC, JPEG, PNG, WEBP, Family, Kind
from attachments.made import Made, NotTaken, Use

#: Pictures with more pixels are not unpacked: a small file can hold a huge one.
_PIXELS = 50_000_000

#: Frames of a moving picture that are kept.
_FRAMES = 300

#: The longer side.
_LONGEST = {Use.ROOM: 4096, Use.PHONE: 1280}
_QUALITY = {Use.ROOM: 88, Use.PHONE: 78}

#: Pillow's names of what it may take for each kind.
_FORMATS = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP", HEIC: "HEIF", AVIF: "AVIF"}


def make(content: bytes, kind: Kind, use: Use) -> Made:
    """A picture, made fit.

    Raises:
        NotTaken: It cannot be decoded, or is too large.
    """
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = _PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as image:
            if image.width * image.height > _PIXELS:
                raise NotTaken("too many pixels")
            moves = kind is GIF and getattr(image, "n_frames", 1) > 1
            return _moving(image) if moves and use is Use.ROOM else _still(image, use)
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError) as error:
        # Pillow's decoders say 'SyntaxError' of a broken file, too.
        raise NotTaken(type(error).__name__) from error


def _still(image: Image.Image, use: Use) -> Made:
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((_LONGEST[use], _LONGEST[use]))
    if use is Use.ROOM and _has_transparency(upright):
        return _written(upright.convert("RGBA"), "PNG", "image/png", "png", optimize=True)
    if _has_transparency(upright):
        ground = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(ground, upright.convert("RGBA"))
    return _written(upright.convert("RGB"), "JPEG", "image/jpeg", "jpg", quality=_QUALITY[use])


def _has_transparency(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _moving(image: Image.Image) -> Made:
    frames, durations = [], []
    for index in range(min(getattr(image, "n_frames", 1), _FRAMES)):
        image.seek(index)
        frames.append(image.convert("RGBA"))
        durations.append(image.info.get("duration", 100))
        if sum(frame.width * frame.height for frame in frames) > _PIXELS:
            break
    first, *others = frames
    return _written(
        first, "GIF", "image/gif", "gif", save_all=True, append_images=others, duration=durations, loop=0
    )


def _written(image: Image.Image, form: str, content_type: str, extension: str, **options: object) -> Made:
    image.info = {}  # or Pillow would write down again what it has read there
    out = io.BytesIO()
    image.save(out, form, **options)
    return Made(out.getvalue(), content_type, extension, Family.PICTURE, image.width, image.height)
