"""`rollcall secrets`: the keys that seal stored secrets, and the one that signs, are replaced."""

from __future__ import annotations

from typing import Annotated

import typer

from rollcall.cli.console import output
from rollcall.cli.exits import Exit, stop
from rollcall.cli.operator import operator
from rollcall.cli.setup import ready

secrets_app = typer.Typer(
    help="The keys that seal stored secrets: credentials, second factors, e-mails to be sent.",
    no_args_is_help=True,
)


@secrets_app.command("rotate")
@ready
def rotate() -> None:
    """Make a new key in sealing.key and seal everything that is stored with it.

    Old keys stay in the file and still open what they sealed. Interrupted or asked for again, it
    goes on with the same new key. When it is done on every machine: `rollcall secrets forget-old`.

    Exit status: 0 done · 1 something opens with none of the keys · 2 sealing.key is damaged.
    """
    from rollcall.accounts import key_rotation

    broken = 0
    for column, tally in key_rotation.rotate(operator()).items():
        # Most installations keep few kinds of secrets: the others are no news.
        if not tally.total:
            continue
        broken += tally.broken
        done = f"{tally.resealed:,} sealed anew, {tally.fresh:,} with the new key already"
        opens = "opens" if tally.broken == 1 else "open"
        lost = f", {tally.broken:,} {opens} with no key" if tally.broken else ""
        output().print(f"{column}: {done}{lost}", highlight=False, markup=False)
    if broken:
        raise stop(
            Exit.ATTENTION,
            "what opens with no key stays as it is: put the key that sealed it back into "
            "sealing.key (in ROLLCALL_DATA_DIR) as the last line and run this again, or enter it "
            "anew",
        )
    output().print(
        "Everything is sealed with the newest key. `rollcall secrets forget-old` ends the rotation."
    )


@secrets_app.command("rotate-signing-key")
@ready
def rotate_signing_key(
    at_once: Annotated[
        bool,
        typer.Option("--at-once", help="Others know the keys: believe nothing that they signed."),
    ] = False,
) -> None:
    """Make new keys that sign what applications are told of people (OpenID Connect).

    They are published now and sign from tomorrow on, so that applications know them in time; it is
    done by itself every 90 days. There is one of each kind, RS256 and ES256.

    Exit status: 0 done · 2 sealing.key is damaged.
    """
    from rollcall.access.oidc import signing_keys

    for key in signing_keys.rotate_all(operator(), at_once=at_once):
        moment = f"{key.signs_from:%Y-%m-%d %H:%M} UTC"
        output().print(
            f"The key {key.kid} ({key.algorithm}) signs from {moment} on.", highlight=False
        )


@secrets_app.command("forget-old")
@ready
def forget_old() -> None:
    """Remove the old keys from sealing.key, if nothing needs them any more.

    Exit status: 0 done · 2 something is still sealed with an old key, or sealing.key is damaged.
    """
    from rollcall.accounts import key_rotation

    gone = key_rotation.forget_old_keys(operator())
    keys = "1 old key is" if gone == 1 else f"{gone:,} old keys are"
    line = f"{keys} gone from sealing.key." if gone else "There was no old key in sealing.key."
    output().print(line, highlight=False)
