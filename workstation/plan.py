"""What an office decides before its key ceremony."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from crypto import training
from crypto.constants import INSTANCE_SIZE, MAX_EPOCHS, MAX_LIST
from crypto.custodians import CustodianId
from crypto.errors import ProtocolError
from crypto.fields import InstanceId, OfficeId, ReviewerId, identifier
from crypto.names import Names
from workstation import custodianship, watermark
from workstation.errors import BadPlanError
from workstation.keyfile import OFFICE
from workstation.office_data import OfficeData
from workstation.texts import _

EPOCHS = 26


@dataclass(frozen=True)
class Plan:
    """What an office decides before its ceremony. No `data`: the channels and forms of `office_data.json`.

    Of the `custodians`, if there are any, as many as are `needed` open a sealed identity together.
    """

    office: OfficeId
    names: Names
    reviewers: Mapping[ReviewerId, Names]
    instance: InstanceId
    data: OfficeData | None = None
    epochs: int = EPOCHS
    custodians: Mapping[CustodianId, Names] = field(default_factory=dict)
    needed: int = custodianship.USUAL


def new_instance() -> InstanceId:
    """A name for a new installation."""
    return InstanceId(secrets.token_bytes(INSTANCE_SIZE))


def check_plan(plan: Plan) -> None:
    """BadPlanError, with what is wrong in words."""
    try:
        for name in (plan.office, *plan.reviewers, *plan.custodians):
            identifier(name)
    except ProtocolError:
        raise BadPlanError(what=_("an id has 1 to 32 lower-case letters, digits and dashes")) from None
    if not 1 <= len(plan.reviewers) <= MAX_LIST or OFFICE in plan.reviewers:
        raise BadPlanError(what=_("there are 1 to 32 reviewers, none of them called “office”"))
    custodianship.check_number(len(plan.custodians), plan.needed)
    if OFFICE in plan.custodians or not plan.reviewers.keys().isdisjoint(plan.custodians):
        raise BadPlanError(what=custodianship.own_ids())
    if not 1 <= plan.epochs <= MAX_EPOCHS:
        raise BadPlanError(what=_("keys are made for 1 to 60 weeks"))
    marked = plan.office.startswith(watermark.FILE.lower()) and all(
        name.startswith(watermark.NAMES[language]) for language, name in plan.names.items()
    )
    if training.is_training(plan.instance) != marked:
        raise BadPlanError(what=_("a station for training is made with: peluit station training make"))
