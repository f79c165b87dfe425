"""Who signs a paper, and what is still missing."""

from dataclasses import dataclass

NOT_SIGNED, PARTLY, COMPLETE = "none", "partly", "complete"


@dataclass(frozen=True)
class Role:
    """A place for a signature.

    ``staff``: signed by the user himself, who has one of ``groups`` (names with
    their addon; empty: every user who may write the record). Otherwise the
    user lets somebody sign on the screen: ``name`` is offered as that person's.
    """

    label: str
    required: bool = True
    staff: bool = False
    groups: tuple[str, ...] = ()
    name: str = ""


def missing(roles, signed):
    """Keys of the required ``roles`` ({key: Role}) that are not among ``signed``, in order."""
    return [key for key, role in roles.items() if role.required and key not in signed]


def signature_state(roles, signed):
    """none, partly or complete. Without any required role one signature completes."""
    if not set(roles) & set(signed):
        return NOT_SIGNED
    return PARTLY if missing(roles, signed) else COMPLETE
