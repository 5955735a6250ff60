"""Fills the port of accounts: every sign-in is decided by the policies."""

from __future__ import annotations

from django.utils import timezone

from rollcall.access.policies import books, break_glass, gathering
from rollcall.access.policies.decision.deciding import Explanation, Outcome
from rollcall.access.policies.decision.facts import Facts
from rollcall.access.policies.decision.policy import Message
from rollcall.accounts.admission import Decision, SignIn


def decide(facts: Facts) -> Explanation:
    """What becomes of somebody at one of the doors; break-glass accounts are not asked about here.

    Raises:
        Malformed: a policy was stored that cannot be read; whoever asks refuses.
    """
    return books.current().decide(facts)


class ConditionalAccess:
    """What fills `accounts.admission`."""

    def decide(self, sign_in: SignIn) -> Decision:
        """Whether they are admitted, by the policies; a break-glass account always is.

        Raises:
            Malformed: see `decide`.
        """
        # Before the policies: they may be what is broken.
        if break_glass.is_one(sign_in.account_id):
            break_glass.use(sign_in)
            return Decision(admitted=True, factors=frozenset(), policy="break-glass account")
        explanation = decide(gathering.at_sign_in(sign_in, timezone.now()))
        return Decision(
            admitted=explanation.admitted,
            # Which factors were asked for, the explanation has looked at.
            factors=frozenset(),
            policy=", ".join(policy.name for policy in explanation.deciding)[:255],
            reason="" if explanation.admitted else why_not(explanation),
            message=spelled_out(explanation.message) if explanation.message else "",
            context=context(explanation),
        )


def why_not(explanation: Explanation) -> str:
    """Why somebody was not let in, for the audit trail."""
    who = "the default" if explanation.default else f"policy {explanation.deciding[0].name}"
    if explanation.outcome is Outcome.DENIED:
        return f"denied by {who}"
    return f"{who} asks for a factor that was not given"


def spelled_out(message: Message) -> str:
    """The policy's words with its links behind them."""
    return " ".join([message.text, *(f"{link.text}: {link.url}" for link in message.links)])


def context(explanation: Explanation) -> dict[str, object]:
    """What an event keeps of the decision, in Directory Insights' `auth_context`."""
    applied = [{"id": policy.id, "name": policy.name} for policy in explanation.deciding[:20]]
    return {"policies_applied": applied, "decision": explanation.as_json()}
