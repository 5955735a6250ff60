"""What can stop a process from carrying out work.

Problem
└── EngineUnavailable    the durable engine's database cannot be used

BaseException
└── TakenOver            the work is somebody else's now
"""

from __future__ import annotations

from rollcall.core.errors import Problem


class EngineUnavailable(Problem):
    """The durable engine cannot open the database of its checkpoints."""


class TakenOver(BaseException):
    """This process no longer holds the work: another one carries it out, or it was ended.

    Not an `Exception`, so that neither a step's own error handling nor DBOS takes it for the
    workflow's outcome: the outcome belongs to whoever holds the work now.
    """
