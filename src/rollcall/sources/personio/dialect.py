"""What differs between the versions of Personio's API in every single call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rollcall.sources.personio.account import Account
from rollcall.sources.personio.connection import Answer
from rollcall.sources.personio.errors import PersonioError


class Gate(Protocol):
    """Where requests wait for their turn. `endpoint` names what shares one limit."""

    def enter(self, endpoint: str) -> None:
        """Wait until a request may be sent; sooner where nothing more is to be sent at all."""
        ...

    def leave(self, endpoint: str, headers: Mapping[str, str] | None) -> None:
        """Take note that its answer came, with these headers; None where none did."""
        ...

    def pause(self, endpoint: str, seconds: float) -> None:
        """Let nobody in for so long: Personio has told one of the threads to slow down."""
        ...


@dataclass(frozen=True, slots=True)
class Login:
    """How a token is asked for: the path, and the credentials as JSON or as a form.

    They travel in the body and nowhere else: Personio refuses credentials in the address, and logs
    along the way would keep them.
    """

    path: str
    json: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version of the API.

    `root` is the first part of its paths. `login` says how a token is asked for, `token` finds it
    in the answer, with its life in seconds. `judge_login` and `judge` turn an answer into its JSON,
    or raise a `Fault` that may pass or a `PersonioError`. `no_token_works` is the error for tokens
    that are refused one after the other though each was just issued. `gate` makes the gate of one
    client, whose waiting is done by `sleep`.
    """

    root: str
    login: Callable[[Account], Login]
    token: Callable[[dict[str, Any]], tuple[object, object]]
    judge_login: Callable[[Answer], dict[str, Any]]
    judge: Callable[[Answer], dict[str, Any]]
    no_token_works: Callable[[], PersonioError]
    gate: Callable[[Account, Callable[[float], object]], Gate]
