"""An engine is installed once, whole or not at all, and anew when its recipe changes."""

from pathlib import Path

import pytest

from tests.engines.installation import Engine, InstallationError, run


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "recipe"
    path.write_text("first", encoding="utf-8")
    return path


def engine(recipe: Path) -> Engine:
    return Engine("toy", "1.0", (recipe,), lambda folder: (folder / "tool").symlink_to(recipe))


def in_cache(made: Engine) -> list[str]:
    return [path.name for path in made.home.parent.iterdir()]


def test_once_per_version(recipe: Path, tmp_path: Path) -> None:
    made = engine(recipe)
    assert made.home == tmp_path / "cache" / "ruleport" / "toy-1.0"
    assert [made.is_installed(), made.install(), made.is_installed(), made.install()] == [False, True, True, False]
    assert (made.home / "tool").exists()
    assert in_cache(made) == ["toy-1.0"]


def test_a_changed_recipe_is_built_anew(recipe: Path) -> None:
    made = engine(recipe)
    made.install()
    (made.home / "left over").touch()
    recipe.write_text("second", encoding="utf-8")
    assert not made.is_installed()
    assert made.install()
    assert not (made.home / "left over").exists()
    assert in_cache(made) == ["toy-1.0"]


def test_nothing_is_left_of_a_build_that_fails(recipe: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").touch()
        run("ls", folder / "absent", folder=folder)

    made = Engine("toy", "1.0", (recipe,), fails)
    with pytest.raises(InstallationError, match="`ls` failed with exit code"):
        made.install()
    assert not made.is_installed()
    assert in_cache(made) == []


def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match="`no-such-tool` is needed and not found"):
        run("no-such-tool", folder=tmp_path)
