import pytest

from nnsim import memory
from nnsim.errors import SizeError

GIB = 2**30


def test_refusal_names_size_available_and_remedy(monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 2 * GIB)
    with pytest.raises(SizeError) as refusal:
        memory.refuse_if_too_large(3 * GIB, "a network of 2 layers", "lower units")
    assert str(refusal.value) == (
        "a network of 2 layers needs 3.0 GiB of memory, but 2.0 GiB are available; lower units"
    )


def test_what_fits_passes(monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 2 * GIB)
    memory.refuse_if_too_large(2 * GIB, "a network")


def test_sizes_beyond_every_float_are_refused():
    with pytest.raises(SizeError, match="GiB"):
        memory.refuse_if_too_large(10**400, "a network")


def test_free_memory_of_linux(monkeypatch, tmp_path):
    figures = tmp_path / "meminfo"
    figures.write_text("MemTotal:  24000000 kB\nMemAvailable:    1024 kB\n")
    monkeypatch.setattr(memory, "_MEMINFO", figures)
    monkeypatch.setattr(memory, "_CONTROL_GROUP", tmp_path / "absent")
    assert memory.available_memory() == 1024 * 1024


def _group(folder, limit, used, cache):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cache}\n")


def test_a_control_group_limits_and_so_do_those_above_it(monkeypatch, tmp_path):
    (tmp_path / "meminfo").write_text("MemAvailable: 99999999 kB\n")
    (tmp_path / "cgroup").write_text("0::/outer/inner\n")
    root = tmp_path / "groups"
    _group(root / "outer", 5000, 1000, 300)
    _group(root / "outer" / "inner", "max", 10, 0)
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_CONTROL_GROUP", tmp_path / "cgroup")
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", root)
    assert memory.available_memory() == 4300
    _group(root / "outer" / "inner", 2000, 10, 0)
    assert memory.available_memory() == 1990


def test_the_older_control_groups_limit_as_well(monkeypatch, tmp_path):
    (tmp_path / "meminfo").write_text("MemAvailable: 99999999 kB\n")
    (tmp_path / "cgroup").write_text("12:cpu,cpuacct:/x\n7:memory:/x\n")
    folder = tmp_path / "groups" / "memory" / "x"
    folder.mkdir(parents=True)
    (folder / "memory.limit_in_bytes").write_text("7000")
    (folder / "memory.usage_in_bytes").write_text("500")
    (folder / "memory.stat").write_text("total_inactive_file 100\n")
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_CONTROL_GROUP", tmp_path / "cgroup")
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", tmp_path / "groups")
    assert memory.available_memory() == 6600


def test_without_linux_the_installed_memory_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "absent")
    monkeypatch.setattr(memory, "_CONTROL_GROUP", tmp_path / "absent")
    monkeypatch.setattr(memory, "_free_on_windows", lambda: None)
    monkeypatch.setattr(memory, "_installed", lambda: 4096)
    assert memory.available_memory() == 4096
    monkeypatch.setattr(memory, "_installed", lambda: None)
    assert memory.available_memory() == 2**47
