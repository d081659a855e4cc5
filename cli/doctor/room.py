"""Room: on the disks of the home and of temporary files, held against what the largest period took; memory."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from contracts.fitness import Fitness, good, unfit, warning
from contracts.province import read_province
from contracts.settings import Settings

MEGABYTE = 1_000_000
LEAST = 500 * MEGABYTE
"""Below it the portal calls itself unwell, too."""
BASE = 1_500 * MEGABYTE
"""Of a run beside what its sources give: warehouse, reports, Prefect's own."""
LEAST_TEMPORARY = 200 * MEGABYTE
LEAST_INODES = 20_000
LEAST_MEMORY = 1_000 * MEGABYTE
OPEN_FILES = 1024
BY_PERIOD = ("landing/*/*", "counted/*", "reports/*", "feedback/*")


def disk() -> Fitness:
    folder = _existing(Settings().home.resolve())
    largest, period = largest_period()
    needed = 2 * largest + BASE
    free = shutil.disk_usage(folder).free
    why = f"kỳ lớn nhất, {period}, chiếm {_size(largest)}" if period else "chưa có kỳ nào để ước tính"
    command = f"du -xh -d 3 {folder} | sort -h | tail -20"
    if free < LEAST:
        return unfit(f"{folder} chỉ còn {_size(free)}", f"giải phóng đĩa; một lượt chạy cần {_size(needed)}", command)
    if free < needed:
        said = f"{folder} còn {_size(free)}, lượt chạy tới cần {_size(needed)} ({why})"
        return warning(said, "giải phóng hoặc thêm đĩa", command)
    return _inodes(folder) or good(f"còn {_size(free)}, lượt chạy tới cần {_size(needed)}")


def temporary() -> Fitness:
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError:
        return unfit(
            "không có thư mục tạm nào ghi được", "cấp quyền, hoặc đặt TMPDIR vào nơi ghi được", "chmod 1777 /tmp"
        )
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK | os.X_OK):
        return unfit(f"không ghi được vào {folder}", "cấp quyền", f"chmod 1777 {folder}")
    if free < LEAST_TEMPORARY:
        said = f"{folder} chỉ còn {_size(free)}"
        return unfit(said, "xóa tệp tạm cũ, hoặc đặt TMPDIR vào đĩa khác", f"du -xh -d 1 {folder} | sort -h | tail")
    return _inodes(folder) or good(f"{folder}: còn {_size(free)}")


def limits() -> Fitness:
    """What the system lets one process do; services and shells have other limits."""
    size, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    files, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if size != resource.RLIM_INFINITY:
        return unfit(f"mỗi tệp chỉ được dài {_size(size)}", "bỏ giới hạn cỡ tệp", "ulimit -f unlimited")
    if files < OPEN_FILES:
        return warning(f"chỉ được mở {files} tệp cùng lúc", "nới giới hạn", f"ulimit -n {min(hard, 4096)}")
    available = _available_memory()
    if available is not None and available < LEAST_MEMORY:
        said = f"còn {_size(available)} bộ nhớ; in báo cáo cần khoảng 1 GB"
        return warning(said, "xem chương trình nào chiếm nhiều nhất", "ps aux --sort=-rss | head")
    told = f"còn {_size(available)} bộ nhớ, " if available is not None else ""
    return good(f"{told}mở được {files} tệp cùng lúc")


def largest_period() -> tuple[int, str]:
    """Bytes that the largest period takes in the home, and which it is; (0, "") before the first."""
    settings = Settings()
    home = settings.province_home(read_province(settings.province_folder).id)
    sizes: Counter[str] = Counter()
    for pattern in BY_PERIOD:
        for folder in home.glob(pattern):
            sizes[folder.name] += _taken(folder)
    return (max(sizes.values()), max(sizes, key=lambda name: (sizes[name], name))) if sizes else (0, "")


def _taken(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file())


def _inodes(folder: Path) -> Fitness | None:
    """None where there are enough, or the disk counts none."""
    system = os.statvfs(folder)
    if system.f_files and system.f_favail < LEAST_INODES:
        said = f"{folder} chỉ còn chỗ cho {system.f_favail} tệp nữa (inode)"
        return warning(said, "xóa bớt tệp nhỏ", f"df -i {folder}")
    return None


def _available_memory() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _existing(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def _size(size: int) -> str:
    """2,4 GB; 310 MB."""
    if size >= 1000 * MEGABYTE:
        return f"{size / 1e9:.1f} GB".replace(".", ",")
    return f"{size // MEGABYTE} MB"
