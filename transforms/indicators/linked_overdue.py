"""Overdue share of the dossiers that several agencies handle; each counts where it was received."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="LINKED_OVERDUE",
    label="Tỷ lệ hồ sơ liên thông giải quyết quá hạn trên số hồ sơ liên thông đã giải quyết",
    area=2,
    unit="%",
    numerator=("linked_overdue",),
    denominator=("linked_resolved",),
    series=Series.FORMS,
    direction="lower",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP, phần hồ sơ liên thông",
    formula="liên thông trong (10)/liên thông trong (7)",
    formula_version="1",
    by_field=True,
)
