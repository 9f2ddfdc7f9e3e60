"""What a measurement was taken on: without it a number says nothing."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """The machine, the file system under the measured data, and how busy it was when the run began."""

    cores: int
    cpu: str
    memory_mb: int
    filesystem: str
    system: str
    python: str
    load_before: float


def describe(folder: Path) -> Machine:
    """This machine; `folder` is where the measured programs write."""
    return Machine(
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        cpu=_cpu_model(),
        memory_mb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        filesystem=filesystem(folder),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        load_before=round(os.getloadavg()[0], 2),
    )


def filesystem(folder: Path) -> str:
    """The type of the file system that holds `folder`; a tmpfs never waits for a disk."""
    import psutil

    where = folder.resolve()
    mounts = [found for found in psutil.disk_partitions(all=True) if where.is_relative_to(found.mountpoint)]
    return max(mounts, key=lambda found: len(found.mountpoint)).fstype if mounts else "unknown"


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
