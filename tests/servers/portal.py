"""The national portal's evaluation interface for tests: the shapes that were observed, filled with what it published
for Phú Thọ, third quarter of 2026 (provinces/phu-tho/official, docs/scoring-766.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.configfile import read_csv
from contracts.settings import REPOSITORY
from tests.servers.http import Asked, JsonServer, Reply, as_json

ROOT_ID = "7b1f7c1e-0d5c-4a5e-9a53-3f0e0a4c2b61"
OFFICIAL = REPOSITORY / "provinces" / "phu-tho" / "official"
PROVINCE = {"departmentCode": "H44", "departmentName": "UBND Tỉnh Phú Thọ", "departmentLevel": "PROVINCE"}
LAM_THAO = {"departmentCode": "H44.116", "departmentName": "UBND xã Lâm Thao - Tỉnh Phú Thọ", "level": "COMMUNE"}

Metric = tuple[str, int | None, int | None, float | None, float | None, float]
TRANSPARENCY: tuple[Metric, ...] = (
    ("PUBLISH_ON_TIME", 0, 54, 0.0, 0, 6),
    ("PUBLIC_UPDATE_ON_TIME", 0, 68, 0.0, 0, 4),
    ("PUBLIC_CONTENT_FULL", 87, 89, 0.9775, 1.96, 2),
    ("DOSSIER_SYNC", 339457, 339457, 1.0, 6, 6),
)
SATISFACTION: tuple[Metric, ...] = (
    ("DOSSIER_RECEIVING_SATISFACTION", 402886, 464494, 0.8674, 5.78, 6),
    ("PETITION_PROCESSING_ON_TIME", 300, 499, 0.6012, 3.61, 6),
    ("PETITION_HANDLING_SATISFACTION", 238, 499, 0.477, 2.86, 6),
)
DIGITISATION: tuple[Metric, ...] = (
    ("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 0, 464494, 0.0, 0, 4),
    ("ELECTRONIC_CERTIFIED_COPY", None, None, 0.5, None, 2),
)
ONLINE = {
    **{"authorityCount": 1500, "partialCount": 700, "fullCount": 500},
    **{"onlineDossierCount": 600, "onlineServiceTotal": 1200},
    **{"channelOnlineSum": 300000, "channelDirectSum": 164000, "channelPostalSum": 494, "channelTotalSum": 464494},
    **{"onlineOnTimeSum": 290000, "onlineOverdueSum": 10000},
}
"""Not official: no figure of this group was observed. A score was never seen beside these counts either."""


class PortalServer(JsonServer):
    """data: group's path → what stands at «data» of its one page. A test may change it. pages: path → more pages."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, dict[str, Any]] = {
            "transparency": evaluation(TRANSPARENCY),
            "dvc-progress-tree": progress(),
            "provide-online-tree": {"parent": {**PROVINCE, **ONLINE}, "children": [dict(LAM_THAO)]},
            "formality-online-payment-tree": payment(),
            "dossier-digitized": evaluation(DIGITISATION),
            "handling-satisfaction": evaluation(SATISFACTION),
        }
        metric = self.data["transparency"]["evaluation"][0]["metrics"][3]
        metric["dataQualityStatus"] = "TEMP_NATIONAL_REPORT_DENOMINATOR"
        metric["dataQualityMessage"] = "Tạm lấy mẫu số từ báo cáo quốc gia"
        self.more: dict[str, list[dict[str, Any]]] = {}

    def _usual(self, asked: Asked) -> Reply:
        path = asked.path.removeprefix("/evaluation/")
        said = json.loads(asked.body)
        if asked.method != "POST" or path not in self.data or said.pop("rootDepartmentId", "") != ROOT_ID:
            return as_json({"code": "NOT_FOUND", "data": None, "message": "?"}, 404)
        pages = [self.data[path], *self.more.get(path, [])]
        return as_json({"code": "OK", "data": pages[said["currentPage"] - 1], "message": "Thành công"}, 201)


def evaluation(metrics: tuple[Metric, ...]) -> dict[str, Any]:
    return {"overview": {"total": 1}, "evaluation": [{**PROVINCE, "metrics": [_metric(*m) for m in metrics]}]}


def progress() -> dict[str, Any]:
    children = [
        {
            **{"departmentId": f"id-{row['agency_code']}", "departmentCode": row["agency_code"]},
            "departmentName": f"UBND {row['name']} - Tỉnh Phú Thọ",
            "departmentLevel": "COMMUNE" if row["level"] == "commune" else "PROVINCE",
            **_progress(int(row["dossiers"]), int(row["on_time_or_in_time"]), float(row["official_score"])),
            "avgProcessingDays": float(row["mean_processing_days"]),
        }
        for _, row in read_csv(OFFICIAL / "progress_2026q3.csv", ("agency_code",))
    ]
    return {"parent": {**PROVINCE, **_progress(464494, 403016, 17.35)}, "children": children, "monthlyChart": []}


def payment() -> dict[str, Any]:
    rows = [row for _, row in read_csv(OFFICIAL / "payment_2026q3.csv", ("agency_code",))]
    nodes = [
        {
            "departmentCode": row["agency_code"],
            "departmentName": row["agency_code"],
            "totalDossierOnlinePaymentSuccess": int(row["paid_online"]),
            "totalDossierFinancialObligation": int(row["financial_obligation"]),
            "totalDossierOnlineFormalityPaymentSuccess": int(row["procedures_paid_online"]),
            "totalFeeDossierFormality": int(row["procedures_fee_online"]),
            "totalFeeFormality": int(row["fee_bearing_procedures"]),
            "score": float(row["official_score"]),
            "maxScore": 10,
        }
        for row in rows
    ]
    return {"parent": nodes[0], "children": nodes[1:]}


def _metric(
    code: str, numerator: int | None, denominator: int | None, ratio: float | None, score: float | None, most: float
) -> dict[str, Any]:
    return {
        **{"code": code, "name": code.capitalize(), "numerator": numerator, "denominator": denominator},
        **{"ratio": ratio, "score": score, "maxScore": most},
    }


def _progress(received: int, on_time: int, score: float) -> dict[str, Any]:
    return {
        **{"totalReceived": received, "totalOnTime": on_time, "totalOverdue": received - on_time},
        **{"ratio": on_time / received if received else 0, "score": score, "maxScore": 20, "scoreDelta": None},
    }


@pytest.fixture
def portal_server() -> Iterator[PortalServer]:
    server = PortalServer()
    yield server
    server.stop()
