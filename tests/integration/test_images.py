"""The images of Beltoon and its Asterisk: built as a company builds them, and run as far as buildah runs anything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.cli import _gather, app
from desk.settings import variables

TOP = Path(__file__).parents[2]
COMPOSE = (TOP / "docker/compose.yaml").read_text()
#: Where the two containers' shared folder is.
SHARED = "/srv/asterisk"


class Images:
    """A store of images of our own, with both images built into it."""

    def __init__(self, folder: Path) -> None:
        self._buildah = ["buildah", "--storage-driver=vfs", f"--root={folder}/root", f"--runroot={folder}/run"]
        own = {"BUILDAH": " ".join(self._buildah), "IMAGE_PREFIX": "localhost", "IMAGE_TAG": "tried"}
        subprocess.run([TOP / "tools/build-images"], env=os.environ | own, check=True)

    def ask(self, *arguments: str) -> str:
        """What buildah answers."""
        done = subprocess.run([*self._buildah, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def container(self, image: str) -> str:
        """A fresh container of this image."""
        return self.ask("from", "--pull-never", f"localhost/{image}:tried")

    def command(self, container: str, *command: str, shared: Path | None = None, **settings: str) -> list[str]:
        """How a command is run in a container, as the image's own user."""
        volume = [f"--volume={shared}:{SHARED}"] if shared else []
        environment = [f"--env={name}={value}" for name, value in settings.items()]
        options = ["--isolation=chroot", "--network=host", *volume, *environment]
        return [*self._buildah, "run", *options, container, "--", *command]

    def run(self, container: str, *command: str, shared: Path | None = None, **settings: str) -> str:
        """What a command says in a container."""
        full = self.command(container, *command, shared=shared, **settings)
        done = subprocess.run(full, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def remove(self) -> None:
        """All containers and images."""
        self.ask("rm", "--all")
        self.ask("rmi", "--all", "--force")


@pytest.fixture(scope="module")
def images() -> Iterator[Images]:
    if shutil.which("buildah") is None:
        pytest.fail("buildah is missing; run: tools/system-packages test")
    with tempfile.TemporaryDirectory(prefix="images-", ignore_cleanup_errors=True) as folder:
        built = Images(Path(folder))
        yield built
        built.remove()


@pytest.mark.containers
@pytest.mark.parametrize("image", ["beltoon", "beltoon-asterisk"])
def test_an_image_runs_as_an_ordinary_user_and_has_no_shell(images: Images, image: str) -> None:
    assert images.ask("inspect", "--type=image", "--format={{.OCIv1.Config.User}}", f"localhost/{image}:tried")
    container = images.container(image)
    with pytest.raises(AssertionError, match="sh"):
        images.run(container, "/bin/sh", "-c", "true")


@pytest.mark.containers
def test_the_two_images_work_together(images: Images, tmp_path: Path) -> None:
    beltoon, asterisk = images.container("beltoon"), images.container("beltoon-asterisk")
    assert "Calls people about unpaid invoices" in images.run(beltoon, "beltoon", "--help")
    assert "ready" in images.run(beltoon, "beltoon", "migrate")
    assert re.search(r"Asterisk 2\d\.", images.run(asterisk, "asterisk", "-V"))
