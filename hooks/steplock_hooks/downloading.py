"""The hash of what lies at an address, fetched over HTTPS."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from urllib.parse import urlsplit

from steplock import __version__
from steplock.annotations import IO
from steplock.named import NamedTuple

_TIMEOUT = 60
_LARGEST = 4 * 1024**3
_PART = 1024 * 1024
_NEAR = {"localhost", "127.0.0.1", "::1"}


class Failed(NamedTuple):
    """Why there is no hash, as the end of a sentence that begins with the address."""

    reason: str


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows none that leaves HTTPS: whoever is on the way could answer instead."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _is_safe(newurl):
            raise urllib.error.URLError("it leads to an address without HTTPS")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def sha256(address: str) -> str | Failed:
    """The SHA-256 of what an address gives now, in hexadecimal."""
    if not _is_safe(address):
        return Failed("is not fetched without HTTPS")
    request = urllib.request.Request(address, headers={"User-Agent": f"steplock/{__version__}"})
    opener = urllib.request.build_opener(_Redirects)
    hashed, size = hashlib.sha256(), 0
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            while part := answer.read(_PART):
                hashed.update(part)
                size += len(part)
                if size > _LARGEST:
                    return Failed(f"is larger than {_LARGEST // 1024**3} GB")
            whole = answer.headers.get("Content-Length")
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        return Failed(f"cannot be fetched: {reason}")
    if whole is not None and whole.isdecimal() and int(whole) != size:
        return Failed("cannot be fetched: the answer was cut short")
    return hashed.hexdigest()


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _NEAR)
