"""Our Asterisk's configuration as it is written: whole, private, least privileged, and closed to what is slipped in."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dialer.asterisk_config import OurAsterisk, trunk_host, write_config
from dialer.asterisk_tree import AsteriskTree
from dialer.errors import SettingUnfit
from dialer.files import docker_folder

OURS = OurAsterisk(
    sip_port=5060,
    rtp_from=12000,
    rtp_to=12400,
    ami_port=5038,
    ami_user="beltoon",
    ami_secret="s3cret",
    media_host="127.0.0.1",
    audiosocket_port=9092,
    agi_port=4573,
    trunk_uri="sip:127.0.0.1:5160",
)
REGISTERED = replace(
    OURS, register_user="account-7", register_secret="of the trunk", trunk_uri="sip:sip.example.net:5060"
)


def written(folder: Path, ours: OurAsterisk = OURS) -> dict[str, str]:
    """Every file of an instance's configuration."""
    write_config(ours, AsteriskTree(folder / "tree", "22.10.1"), folder / "top", {"inbound": b"\0\0"})
    return {path.name: path.read_text() for path in (folder / "top/etc").iterdir()}


def sections(text: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Sections in order; a name may stand several times, a key too."""
    found: list[tuple[str, dict[str, list[str]]]] = []
    for raw in text.splitlines():
        line = raw.split(";", 1)[0].strip()
        if line.startswith("["):
            found.append((line[1 : line.index("]")], {}))
        elif "=" in line:
            key, _, value = line.partition("=")
            found[-1][1].setdefault(key.strip(), []).append(value.lstrip("> ").strip())
    return found


@pytest.mark.parametrize("ours", [OURS, REGISTERED], ids=["plain", "registered"])
def test_no_place_of_a_template_stays_empty(tmp_path: Path, ours: OurAsterisk) -> None:
    for name, text in written(tmp_path, ours).items():
        dialplans_own = re.sub(r"\$\{|\$\[", "", text)
        assert "$" not in dialplans_own, name


def test_every_template_that_is_shipped_is_written(tmp_path: Path) -> None:
    assert {path.name for path in docker_folder("asterisk").glob("*.conf")} <= written(tmp_path).keys()


def test_nobody_else_may_read_it_even_where_an_older_file_could_be_read(tmp_path: Path) -> None:
    etc = tmp_path / "top/etc"
    etc.mkdir(parents=True)
    (etc / "manager.conf").write_text("old")
    (etc / "manager.conf").chmod(0o644)
    written(tmp_path)
    assert {path.name for path in etc.iterdir() if path.stat().st_mode & 0o177 != 0} == set()


def test_the_manager_listens_on_loopback_alone_and_its_user_may_originate_and_call(tmp_path: Path) -> None:
    (_, general), (user, rights) = sections(written(tmp_path)["manager.conf"])
    assert general["bindaddr"] == ["127.0.0.1"]
    assert general["webenabled"] == ["no"]
    assert user == "beltoon"
    assert rights["secret"] == ["s3cret"]
    assert rights["write"] == ["originate,call"]
    assert rights["read"] == ["system,call,user,agent"]
    assert rights["deny"] == ["0.0.0.0/0.0.0.0"]
    assert rights["permit"] == ["127.0.0.1/255.255.255.255"]


def test_the_secret_stands_in_one_file_alone(tmp_path: Path) -> None:
    assert [name for name, text in written(tmp_path).items() if "s3cret" in text] == ["manager.conf"]


@pytest.mark.parametrize(
    "module", ["app_system", "func_shell", "func_env", "func_curl", "bridge_native_rtp", "app_mixmonitor", "func_db"]
)
def test_what_could_run_programs_or_harm_a_talk_is_not_loaded(tmp_path: Path, module: str) -> None:
    (_, modules), = sections(written(tmp_path)["modules.conf"])  # fmt: skip
    assert modules["autoload"] == ["no"]
    assert f"{module}.so" not in modules["load"]


def test_no_configuration_may_be_rewritten_over_a_link(tmp_path: Path) -> None:
    assert dict(sections(written(tmp_path)["asterisk.conf"]))["options"]["live_dangerously"] == ["no"]


def test_who_calls_in_is_known_by_address_alone_and_there_is_no_anonymous_endpoint(tmp_path: Path) -> None:
    trunk = [keys for name, keys in sections(written(tmp_path)["pjsip.conf"]) if name == "trunk"]
    endpoint, aor, identify = trunk
    assert (endpoint["identify_by"], endpoint["context"]) == (["ip"], ["from-trunk"])
    assert endpoint["direct_media"] == ["no"]
    assert aor["contact"] == ["sip:127.0.0.1:5160"]
    assert identify["match"] == ["127.0.0.1"]
    names = {name for name, _ in sections(written(tmp_path)["pjsip.conf"])}
    assert names == {"global", "system", "udp", "trunk"}


@pytest.mark.parametrize(("uri", "bind"), [("sip:127.0.0.1:5160", "127.0.0.1"), ("sip:x.example", "0.0.0.0")])  # noqa: S104
def test_it_leaves_loopback_only_for_a_trunk_that_is_elsewhere(tmp_path: Path, uri: str, bind: str) -> None:
    pjsip = dict(sections(written(tmp_path, replace(OURS, trunk_uri=uri))["pjsip.conf"]))
    assert pjsip["udp"]["bind"] == [f"{bind}:5060"]


def test_a_trunk_that_wants_it_is_registered_with(tmp_path: Path) -> None:
    pjsip = dict(sections(written(tmp_path, REGISTERED)["pjsip.conf"]))
    assert pjsip["trunk-auth"] | {"type": [], "auth_type": []} == {
        "type": [], "auth_type": [], "username": ["account-7"], "password": ["of the trunk"],
    }  # fmt: skip
    assert pjsip["trunk-registration"]["client_uri"] == ["sip:account-7@sip.example.net"]
    assert pjsip["trunk-registration"]["server_uri"] == ["sip:sip.example.net:5060"]


def test_calls_may_come_in_from_several_addresses(tmp_path: Path) -> None:
    pjsip = sections(written(tmp_path, replace(OURS, match="192.0.2.1, 198.51.100.0/24"))["pjsip.conf"])
    assert pjsip[-1][1]["match"] == ["192.0.2.1", "198.51.100.0/24"]


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("sip:192.0.2.1:5060", "192.0.2.1"),
        ("sip:sip.example.net", "sip.example.net"),
        ("sip:account@sip.example.net:5080", "sip.example.net"),
        ("sip:[2001:db8::1]:5060", "2001:db8::1"),
        ("sip:sip.example.net;transport=udp", "sip.example.net"),
    ],
)
def test_the_host_of_a_trunk(uri: str, host: str) -> None:
    assert trunk_host(uri) == host


def test_the_dialplan_keeps_its_own_variables(tmp_path: Path) -> None:
    dialplan = written(tmp_path)["extensions.conf"]
    assert "AudioSocket(${UUID},127.0.0.1:9092)" in dialplan
    assert "agi://127.0.0.1:4573/inbound" in dialplan


def test_no_value_from_outside_stands_in_the_dialplan_without_a_filter(tmp_path: Path) -> None:
    dialplan = "\n".join(line.split(";", 1)[0] for line in written(tmp_path)["extensions.conf"].splitlines())
    for name in ("EXTEN", "CALLERID(num)", "FALLBACK"):
        for use in re.finditer(re.escape("${" + name + "}"), dialplan):
            before = dialplan[max(0, use.start() - 40) : use.start()]
            assert re.search(r"FILTER\([^)]*$", before) or '$["' in before[-3:], dialplan[use.start() - 40 : use.end()]


def test_the_neutral_sentences_lie_where_the_dialplan_looks(tmp_path: Path) -> None:
    written(tmp_path)
    assert (tmp_path / "top/data/sounds/beltoon/inbound.sln").read_bytes() == b"\0\0"


# -- what is slipped into a value ------------------------------------------------------------------------------------

SLIPPED = [
    "x\nwrite = all",
    "x\r\n[admin]\r\nsecret = mine",
    "x;y",
    "x[y",
    "x]y",
    "x\x00",
    "x\x85y",
    "x\u2028y",
    " x",
    "x ",
    "x\t",
]
TEXTS = [name for name, kind in OurAsterisk.__annotations__.items() if kind == "str"]


@pytest.mark.parametrize("value", SLIPPED, ids=ascii)
@pytest.mark.parametrize("name", TEXTS)
def test_a_value_that_would_say_more_than_its_line_is_refused_before_a_byte_is_written(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingUnfit, match=f"The setting {name} can't stand") as refused:
        written(tmp_path, replace(REGISTERED, **{name: value}))  # type: ignore[arg-type]
    assert value not in str(refused.value)
    assert not (tmp_path / "top").exists()


@pytest.mark.parametrize("host", ["127.0.0.1)", "${SHELL(id)}", "a b", "", "x,y", 'x"y'])
def test_what_stands_in_the_dialplan_is_a_host_and_nothing_else(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingUnfit):
        written(tmp_path, replace(OURS, media_host=host))


@pytest.mark.parametrize("folder", ["a;b", "a\nb"])
def test_a_folder_whose_name_would_be_cut_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(SettingUnfit, match="BELTOON_HOME"):
        write_config(OURS, AsteriskTree(tmp_path, "22.10.1"), tmp_path / folder, {})
    assert list(tmp_path.iterdir()) == []


def test_ordinary_secrets_and_folders_are_taken(tmp_path: Path) -> None:
    ours = replace(REGISTERED, register_secret="pä$$ w:or=d{}#!\\\"'", ami_secret="a$b$ami_port")
    files = written(tmp_path / "a folder [of mine]", ours)
    assert "password = pä$$ w:or=d{}#!\\\"'" in files["pjsip.conf"]
    assert "secret = a$b$ami_port" in files["manager.conf"]
