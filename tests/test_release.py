"""What is released is whole: the wheel alone, in an empty folder, does what the checkout does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

import rollcall

ROOT = Path(__file__).resolve().parents[1]
NAME = f"rollcall_directory-{rollcall.__version__}"
NOT_SHIPPED = {".po"}

pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists() or not shutil.which("git"), reason="only a checkout is released"
)


def run(words: Sequence[str | Path], **more: str) -> str:
    """What a command printed; a failure shows all that it said."""
    environment = {**os.environ, "PYTHON": sys.executable, **more}
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=580
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of wheel and sdist."""
    folder = tmp_path_factory.mktemp("built")
    run(["scripts/build", folder])
    return folder


def tracked(folder: str) -> set[str]:
    """The files of a folder that belong to the project."""
    names = run(["git", "ls-files", folder]).splitlines()
    return {name for name in names if (ROOT / name).is_file()}


def test_every_file_of_the_package_is_in_the_wheel(built: Path) -> None:
    with zipfile.ZipFile(built / f"{NAME}-py3-none-any.whl") as wheel:
        inside = set(wheel.namelist())
    needed = {
        name.removeprefix("src/") for name in tracked("src") if Path(name).suffix not in NOT_SHIPPED
    }
    assert needed - inside == set()
    assert {name.partition("/")[0] for name in inside} == {"rollcall", f"{NAME}.dist-info"}


def test_the_source_holds_tests_and_documents_too(built: Path) -> None:
    with tarfile.open(built / f"{NAME}.tar.gz") as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {*tracked("tests"), *tracked("scripts"), *tracked("src"), "pyproject.toml"} <= inside


def test_the_same_commit_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    run(["scripts/build", tmp_path])
    for file in built.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes(), file.name


@pytest.mark.slow
def test_the_wheel_alone_carries_the_demo(built: Path, tmp_path: Path) -> None:
    package, empty = tmp_path / "package", tmp_path / "empty"
    empty.mkdir()
    wheel = built / f"{NAME}-py3-none-any.whl"
    install = ("install", "--quiet", "--no-deps", "--no-index", "--target", str(package))
    run([sys.executable, "-m", "pip", *install, wheel])
    environment = {"PYTHONPATH": str(package), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    words = [sys.executable, "-c", "import rollcall.__main__ as it; print(it.__file__); it.run()"]
    done = subprocess.run(
        [*words, "demo", "--no-serve", "--people", "40"],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(package))
    assert (empty / "data" / "demo" / "rollcall.db").is_file()


@pytest.mark.slow
def test_a_release_is_tried_in_a_fresh_environment(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    lock = ROOT / "requirements-build.lock"
    reached = subprocess.run(
        [*words, "-r", lock, "-d", tmp_path / "probe"],
        capture_output=True,
        check=False,
        timeout=200,
    )
    if reached.returncode != 0:
        pytest.skip("pip reaches no package registry from here")
    said = run(["scripts/release", tmp_path / "dist"])
    assert f"rollcall {rollcall.__version__}\n" in said
    assert (tmp_path / "dist" / f"{NAME}-py3-none-any.whl").is_file()
