"""Floor 3. Commands that compare a file with a checksum or a signature."""

from __future__ import annotations

from steplock.shell import Command

_SUMS = frozenset(
    [
        "b2sum",
        "b3sum",
        "certutil",
        "cksum",
        "get-filehash",
        "gsha256sum",
        "gsha512sum",
        "md5sum",
        "sha1sum",
        "sha256sum",
        "sha512sum",
        "shasum",
    ]
)
# A program and one of its subcommands or flags that makes it verify; from their help pages, 2026-11-21.
_SIGNATURES: dict[str, tuple[str, ...]] = {
    "codesign": ("--verify", "-v"),
    "cosign": ("verify", "verify-blob", "verify-attestation", "verify-blob-attestation"),
    "get-authenticodesignature": (),
    "gh": ("attestation", "verify", "verify-asset"),
    "gpg": ("--verify",),
    "gpg2": ("--verify",),
    "gpgv": (),
    "minisign": ("-V", "-Vm", "-VQm"),
    "openssl": ("-verify", "-verify_hmac"),
    "rekor-cli": ("verify",),
    "signify": ("-V", "-C"),
    "sigstore": ("verify",),
    "slsa-verifier": (),
    "spctl": (),
}


def verifies(command: Command) -> bool:
    """Whether a command checks what was downloaded, and fails (or tells) where it is something else."""
    command = command.module
    if command.name in _SUMS:
        posix = command.name not in ("certutil", "get-filehash")
        return not posix or command.has_flag("-c", "--check", clustered=True) or _is_read(command)
    words = _SIGNATURES.get(command.name)
    return words is not None and (not words or any(word.value in words for word in command.argv))


def _is_read(command: Command) -> bool:
    """Whether the script itself reads the sum: `test "$(sha256sum x)" = ...`, `sha256sum x | grep -q ...`."""
    return "substitution" in command.inside or command.operator == "|"
