"""Which changes after our last byte are a signature's: pyHanko's review, with a certification allowed besides."""

from __future__ import annotations

from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.constants import ROOT_EXEMPT_STRICT_COMPARISON


class _CertificationRule(QualifiedWhitelistRule):
    """A leader's program may certify, which names the first signature in the catalogue. Our file has none before."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        if "/Perms" not in new.root:
            if "/Perms" in old.root:
                raise SuspiciousModification("the certification was taken away")
            return
        named = new.root.raw_get("/Perms")
        if "/Perms" in old.root and old.root.raw_get("/Perms") != named:
            raise SuspiciousModification("the certification was changed")
        if set(new.root["/Perms"]) != {"/DocMDP"}:
            raise SuspiciousModification("permissions other than a certification")
        if isinstance(named, generic.IndirectObject) and old.is_ref_unassignable(named.reference):
            yield ModificationLevel.LTA_UPDATES, ReferenceUpdate(named.reference)


def signing_policy() -> StandardDiffPolicy:
    """Signatures, the fields that stand in our form, certificates and time stamps kept beside; nothing else."""
    upkeep = (DocInfoRule(), XrefStreamRule(), ObjectStreamRule(), DSSCompareRule(), MetadataUpdateRule())
    creation = SigFieldCreationRule()
    return StandardDiffPolicy(
        global_rules=[
            CatalogModificationRule(ignored_keys=ROOT_EXEMPT_STRICT_COMPARISON | {"/Perms"}),
            _CertificationRule(),
            *(rule.as_qualified(ModificationLevel.LTA_UPDATES) for rule in upkeep),
        ],
        form_rule=FormUpdatingRule([creation, SigFieldModificationRule(), GenericFieldModificationRule()]),
    )
