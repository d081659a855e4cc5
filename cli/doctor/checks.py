"""All checks, in the order in which they are told: the program, the machine, the data, the districts."""

from __future__ import annotations

from functools import partial

from cli.doctor import (
    clocks,
    folders,
    kept,
    left_behind,
    native,
    notices,
    portal,
    prefect_server,
    printing,
    reading_hours,
    room,
    telemetry,
    versions,
)
from cli.doctor.bounded import Check
from cli.doctor.database import Warehouse
from cli.doctor.systems import systems
from contracts.fitness import Fitness, good
from contracts.province import read_province
from contracts.settings import Settings


def checks(*, local: bool) -> list[Check]:
    """local: what can be told without asking a district's system."""
    warehouse = Warehouse()
    return [
        *_of_the_program(),
        *_of_the_machine(warehouse),
        *_of_the_data(warehouse),
        *([] if local else systems(warehouse)),
    ]


def _of_the_program() -> list[Check]:
    return [
        Check("python", "Python", versions.python),
        Check("packages", "Gói Python", versions.packages),
        Check("native", "Thư viện hệ thống", native.native),
        Check("fonts", "Phông chữ", printing.fonts),
        Check("printing", "In PDF", printing.page),
        Check("telemetry", "Thống kê ra ngoài", telemetry.telemetry),
        Check("province", "Cấu hình tỉnh", _province),
        Check("reading_hours", "Giờ đọc", reading_hours.reading_hours),
    ]


def _of_the_machine(warehouse: Warehouse) -> list[Check]:
    return [
        Check("account", "Tài khoản", folders.account),
        Check("home", "Thư mục dữ liệu", folders.home),
        Check("secrets", "Thư mục bí mật", folders.secrets),
        Check("disk", "Đĩa", room.disk),
        Check("temporary", "Thư mục tạm", room.temporary),
        Check("limits", "Bộ nhớ, giới hạn", room.limits),
        Check("clock", "Đồng hồ", partial(clocks.clocks, warehouse)),
        Check("zone", "Múi giờ", clocks.zone),
        Check("portal", "Cổng báo cáo", portal.portal),
    ]


def _of_the_data(warehouse: Warehouse) -> list[Check]:
    return [
        Check("warehouse", "Kho số liệu", warehouse.version),
        Check("soundness", "Kho nguyên vẹn", warehouse.soundness),
        Check("prefect", "Prefect", prefect_server.prefect),
        Check("reports", "Tệp báo cáo", warehouse.newest_report),
        Check(
            "store",
            "Kho tệp chung",
            partial(kept.store, warehouse),
            kept.STORE_SECONDS,
            "kiểm tra kho tệp và CCHC_STORE",
        ),
        Check("backup", "Sao lưu", partial(kept.backup, warehouse)),
        Check("marks", "Vết nhật ký", left_behind.marks),
        Check("runs", "Lượt chạy", partial(left_behind.runs, warehouse)),
        Check("extracts", "Lượt đọc", left_behind.extracts),
        Check("notices", "Thông báo", partial(notices.notices, warehouse)),
    ]


def _province() -> Fitness:
    province = read_province(Settings().province_folder)
    return good(f"{province.name}: {len(province.source_ids())} nguồn, {len(province.units.units)} đơn vị")
