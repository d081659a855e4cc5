"""How much of the time allowed by regulation was used: sums before the ratio, over the dossiers whose limit is known.
What is left to 100 % is the cut of the time."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="TIME_AGAINST_LIMIT",
    label=(
        "Tỷ lệ tổng thời gian giải quyết thực tế trên tổng thời hạn theo quy định của các hồ sơ đã giải quyết"
        " rõ thời hạn"
    ),
    area=2,
    unit="%",
    numerator=("timed_days",),
    denominator=("timed_limit_days",),
    series=Series.FORMS,
    direction="lower",
    regulation=(
        "Cách tính của chương trình: ngày làm việc từ ngày sau ngày tiếp nhận đến ngày kết thúc, trừ thời gian tạm dừng"
    ),
    formula="tổng ngày làm việc thực tế/tổng ngày theo quy định",
    formula_version="1",
    by_field=True,
)
