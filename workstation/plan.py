"""What an office decides before its key ceremony."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from crypto.constants import INSTANCE_SIZE, KINDS, MAX_EPOCHS, MAX_LIST
from crypto.directory import Channel, Names
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, InstanceId, OfficeId, ReviewerId, identifier
from workstation.errors import BadPlanError
from workstation.keyfile import OFFICE
from workstation.texts import _

EPOCHS = 26
DEFAULT_TITLES: Mapping[str, Names] = {
    "aduan": {"en": "Complaint", "id": "Aduan"},
    "aspirasi": {"en": "Aspiration", "id": "Aspirasi"},
    "permohonan-informasi": {"en": "Information request", "id": "Permohonan informasi"},
}


@dataclass(frozen=True)
class Plan:
    """What an office decides before its ceremony. No `channels`: the three kinds, read by all."""

    office: OfficeId
    names: Names
    reviewers: Mapping[ReviewerId, Names]
    instance: InstanceId
    channels: tuple[Channel, ...] = ()
    epochs: int = EPOCHS


def new_instance() -> InstanceId:
    """A name for a new installation."""
    return InstanceId(secrets.token_bytes(INSTANCE_SIZE))


def default_channels(reviewers: Mapping[ReviewerId, Names]) -> tuple[Channel, ...]:
    """One channel of each kind, read by every reviewer."""
    return tuple(
        Channel(ChannelId(kind), kind, dict(DEFAULT_TITLES[kind]), tuple(reviewers)) for kind in KINDS
    )


def check_plan(plan: Plan) -> None:
    """BadPlanError, with what is wrong in words."""
    try:
        for name in (plan.office, *plan.reviewers, *(channel.id for channel in plan.channels)):
            identifier(name)
    except ProtocolError:
        raise BadPlanError(what=_("an id has 1 to 32 lower-case letters, digits and dashes")) from None
    if not 1 <= len(plan.reviewers) <= MAX_LIST or OFFICE in plan.reviewers:
        raise BadPlanError(what=_("there are 1 to 32 reviewers, none of them called “office”"))
    if not 1 <= plan.epochs <= MAX_EPOCHS:
        raise BadPlanError(what=_("keys are made for 1 to 60 weeks"))
