"""The backlog: open at the cut-off, and promised for an earlier day; column (13) of form II.06."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="OPEN_OVERDUE",
    label="Số hồ sơ đang giải quyết đã quá hạn vào ngày chốt số liệu",
    area=2,
    unit="hồ sơ",
    numerator=("open_overdue",),
    series=Series.FORMS,
    direction="lower",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(13)",
    formula_version="1",
)
