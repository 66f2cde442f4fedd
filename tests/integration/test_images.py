"""The images of Beltoon and its Asterisk: built as a company builds them, and run together; and the compose file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.settings import variables
from dialer.ports import pick_ports

TOP = Path(__file__).parents[2]
COMPOSE = (TOP / "docker/compose.yaml").read_text()
#: The folder that both containers see.
SHARED = "/srv/asterisk"
ASTERISK = ("asterisk", "-C", f"{SHARED}/etc/asterisk.conf")


class Images:
    """A store of our own, with both images built into it."""

    def __init__(self, folder: Path) -> None:
        self._buildah = ["buildah", f"--root={folder}/root", f"--runroot={folder}/run"]
        self._shared = folder / "shared"
        self._shared.mkdir(mode=0o777)
        self._shared.chmod(0o777)
        own = {"BUILDAH": " ".join(self._buildah), "PYTHON": sys.executable, "IMAGE_TAG": "tried"}
        done = subprocess.run(
            [TOP / "tools/build-images"], env=os.environ | own, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.beltoon = self.ask("from", "--pull-never", "localhost/beltoon:tried")
        self.asterisk = self.ask("from", "--pull-never", "localhost/beltoon-asterisk:tried")

    def ask(self, *arguments: str) -> str:
        """What buildah answers."""
        done = subprocess.run([*self._buildah, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def command(self, container: str, *command: str, **settings: str) -> list[str]:
        """How a command is run in a container, as the image's own user, with the shared folder and these settings."""
        options = ["--isolation=chroot", "--network=host", f"--volume={self._shared}:{SHARED}"]
        options += [f"--env={name}={value}" for name, value in settings.items()]
        return [*self._buildah, "run", *options, container, "--", *command]

    def run(self, container: str, *command: str, **settings: str) -> str:
        """What a command says in a container."""
        return self.ask(*self.command(container, *command, **settings)[len(self._buildah) :])

    def remove(self) -> None:
        """What was made in the shared folder, whoever it belongs to; all containers and images."""
        empty = f"import pathlib, shutil; [shutil.rmtree(p) for p in pathlib.Path('{SHARED}').iterdir()]"
        self.run(self.beltoon, "/usr/bin/python3", "-c", empty)
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


@pytest.fixture
def settings() -> dict[str, str]:
    first = pick_ports(30)
    return {
        "BELTOON_ASTERISK__AMI_PORT": str(first),
        "BELTOON_ASTERISK__SIP_PORT": str(first + 1),
        "BELTOON_MEDIA__PORTS": f"{first + 2}-{first + 3}",
        "BELTOON_ASTERISK__RTP_PORTS": f"{first + 4}-{first + 28}",
        "BELTOON_TRUNK__URI": f"sip:127.0.0.1:{first + 29}",
    }


@pytest.mark.containers
@pytest.mark.parametrize("image", ["beltoon", "asterisk"])
def test_an_image_names_an_ordinary_user_and_holds_no_shell(images: Images, image: str) -> None:
    container = getattr(images, image)
    assert images.ask("inspect", "--format={{.OCIv1.Config.User}}", container) == "10001:10001"
    with pytest.raises(AssertionError, match="/bin/sh"):
        images.run(container, "/bin/sh", "-c", "true")


@pytest.mark.containers
def test_the_image_of_asterisk_holds_a_good_version(images: Images) -> None:
    said = images.run(images.asterisk, "asterisk", "-V")
    assert re.match(r"Asterisk (22\.(10\.[1-9]|1[1-9]\.)|2[3-9]\.)", said)


@pytest.mark.containers
@pytest.mark.speech
def test_beltoon_configures_the_asterisk_beside_it_and_signs_in(images: Images, settings: dict[str, str]) -> None:
    beltoon, asterisk = images.beltoon, images.asterisk
    assert "Calls people about unpaid invoices" in images.run(beltoon, "beltoon", "--help")
    images.run(beltoon, "beltoon", "migrate")
    images.run(beltoon, "beltoon", "asterisk", "config", SHARED, **settings)
    running = subprocess.Popen(images.command(asterisk, *ASTERISK, "-f"), stdout=subprocess.DEVNULL)
    try:
        for _ in range(30):
            asked = images.command(asterisk, *ASTERISK, "-rx", "core waitfullybooted")
            if "fully booted" in subprocess.run(asked, capture_output=True, text=True, check=False).stdout:
                break
            time.sleep(0.3)
        assert "signed in to Asterisk" in images.run(beltoon, "beltoon", "doctor", **settings)
        images.run(asterisk, *ASTERISK, "-rx", "core stop now")
        assert running.wait(20) == 0
    finally:
        running.kill()


def test_the_compose_file_sets_only_what_beltoon_knows() -> None:
    known = {f"BELTOON_{name.upper()}" for name in variables()}
    assert set(re.findall(r"BELTOON_\w+", COMPOSE)) <= known


@pytest.mark.parametrize("line", re.findall(r'(?:command: \[|bin/beltoon", )(".*")\]', COMPOSE))
def test_the_compose_file_runs_only_commands_that_there_are(line: str) -> None:
    words = re.findall(r'"([\w-]+)"', line)
    asked = subprocess.run([sys.executable, "-m", "desk", *words, "--help"], capture_output=True, check=False)
    assert asked.returncode == 0


def test_the_compose_file_publishes_sip_and_rtp_and_nothing_else() -> None:
    published = re.findall(r"ports: \[(.*)\]", COMPOSE)
    assert published == ['"5060:5060/udp", "10000-10199:10000-10199/udp"']
    assert 'BELTOON_ASTERISK__SIP_PORT: "5060"' in COMPOSE
    assert "BELTOON_ASTERISK__RTP_PORTS: 10000-10199" in COMPOSE


def test_every_service_is_an_ordinary_user_with_a_read_only_file_system() -> None:
    assert 'user: "10001:10001"\n  read_only: true\n  cap_drop: [ALL]' in COMPOSE
    services = COMPOSE.split("\nservices:\n")[1].split("\nvolumes:\n")[0]
    for name, body in re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", services, re.MULTILINE):
        assert "<<: *ordinary" in body or "<<: *beltoon" in body, name
        assert "privileged" not in body
        assert "user:" not in body
