"""Small pictures that administrators upload: checked, and kept as `data:` addresses."""

from __future__ import annotations

import base64

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

MAX_BYTES = 100_000

# By its first bytes, since a name and a declared type are the sender's word. No SVG: it can hold
# script.
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)


def data_address(file: UploadedFile[bytes]) -> str:
    """The picture as a `data:` address.

    Raises:
        ValidationError: it is too large, or no PNG, JPEG, GIF or WebP.
    """
    # One byte more than allowed tells a file that fits from one that goes on.
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValidationError(gettext("The picture is larger than 100 kB. Choose a smaller one."))
    media_type = next((kind for start, kind in _BEGINNINGS if content.startswith(start)), None)
    if media_type is None or (media_type == "image/webp" and content[8:12] != b"WEBP"):
        raise ValidationError(gettext("Choose a PNG, JPEG, GIF or WebP picture."))
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
