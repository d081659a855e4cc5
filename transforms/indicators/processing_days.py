"""Mean time that the agency took: working days from the day after receipt, pauses taken out. What was withdrawn or
stopped was not finished by it."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="PROCESSING_DAYS",
    label=(
        "Thời gian giải quyết bình quân một hồ sơ: tổng số ngày làm việc trên số hồ sơ cơ quan giải quyết xong, tính"
        " được thời gian"
    ),
    area=2,
    unit="ngày làm việc",
    numerator=("processing_days",),
    denominator=("processed",),
    series=Series.FORMS,
    direction="lower",
    regulation=(
        "Cách tính của chương trình: ngày làm việc từ ngày sau ngày tiếp nhận đến ngày kết thúc, trừ thời gian tạm dừng"
    ),
    formula="tổng số ngày làm việc/số hồ sơ giải quyết xong tính được thời gian",
    formula_version="1",
    by_field=True,
)
