"""Starts and stops the durable engine (DBOS) that carries out the work of every room."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from dbos import DBOS, DBOSConfig
from sqlalchemy.exc import SQLAlchemyError

from rollcall.database.copying import settle
from rollcall.jobs import patience, registry, system_database
from rollcall.jobs.chores import Chores
from rollcall.jobs.errors import EngineUnavailable
from rollcall.jobs.process import this_process
from rollcall.jobs.worker_registry import Heartbeat

QUEUE = "imports"
"""The queue that workers take work from."""

WORKFLOW_VERSION = "8"
"""Which order of steps stored workflows follow; a change of the order needs a new version.

Work that an older version left unfinished is begun anew under the new one: every step finds in
our own tables what is already done, so nothing is done twice.
"""


log = logging.getLogger(__name__)

_listens_to: list[str] = []


@contextmanager
def running(*, queue: str) -> Iterator[None]:
    """Carry out work in this process while the context lasts.

    `queue` is the queue whose work this process takes: `QUEUE` for a worker, a name of its own
    for a process that carries out one thing and goes (`own_queue`).

    Raises:
        EngineUnavailable: the database of the workflows cannot be used.
    """
    with _launched(queue), _doing(chore for work in registry.works() for chore in work.chores):
        yield


@contextmanager
def working() -> Iterator[None]:
    """Be a worker while the context lasts: take work from the queue and from the dead.

    Raises:
        EngineUnavailable: see `running`.
    """
    # The engine runs before anything is taken up, since preparing hands work over to it.
    with running(queue=QUEUE):
        for work in registry.works():
            work.prepare()
        with _doing(chore for work in registry.works() for chore in work.worker_chores):
            yield


def own_queue() -> str:
    """The name of a queue that nobody but this process listens to."""
    return queue_of(this_process().executor)


def queue_of(executor: str) -> str:
    """The name of the queue that this process has for itself."""
    return f"own-{executor}"


def listens_to() -> str:
    """The queue whose work this process takes; "" while it carries out nothing."""
    return _listens_to[0] if _listens_to else ""


@contextmanager
def _launched(queue: str) -> Iterator[None]:
    for work in registry.works():
        work.load()
    # What was loaded lives as long as the process: with it out of the collector's sight a large
    # import takes a fifth less time.
    gc.freeze()
    DBOS(config=_config())
    DBOS.listen_queues([queue])
    patience.begin()
    _launch({QUEUE, queue})
    heartbeat = Heartbeat(this_process())
    heartbeat.start()
    _listens_to.append(queue)
    try:
        yield
    finally:
        _listens_to.clear()
        patience.end()
        heartbeat.stop()
        _land(queue)
        settle()


@contextmanager
def _doing(chores: Iterable[registry.Chore]) -> Iterator[None]:
    threads = Chores(chores)
    threads.start()
    try:
        yield
    finally:
        threads.stop()


def _launch(queues: Iterable[str]) -> None:
    """Let DBOS open its database and listen to these queues.

    Raises:
        EngineUnavailable: it cannot.
    """
    try:
        DBOS.launch()
        for name in queues:
            DBOS.register_queue(name, polling_interval_sec=0.2)
    except SQLAlchemyError as error:
        DBOS.destroy()
        raise EngineUnavailable(
            f"the database of imports under way cannot be used ({type(error).__name__}); "
            "where it is the file rollcall.dbos.db, it may be moved away: nothing but the place "
            "where an interrupted import stood is in it"
        ) from None


def _land(queue: str) -> None:
    try:
        # Nobody listens to a dead process's own queue again; the shared one stays for the others.
        if queue != QUEUE:
            DBOS.delete_queue(queue)
    except SQLAlchemyError as error:
        log.warning("a queue is left behind: %s", type(error).__name__)
    finally:
        DBOS.destroy()


def _config() -> DBOSConfig:
    return DBOSConfig(
        name="rollcall",
        system_database_url=system_database.url(),
        db_engine_kwargs=system_database.engine_options(),
        # We wait for no notifications; through a pooler none would come.
        use_listen_notify=False,
        application_version=WORKFLOW_VERSION,
        executor_id=this_process().executor,
        log_level="CRITICAL",
        console_log_level="CRITICAL",
    )
