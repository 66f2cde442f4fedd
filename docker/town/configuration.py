"""The rest of the town's Asterisk configuration: pure text from a few settings. Everything listens on 127.0.0.1."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dialplan import Softphone

#: What the town needs and no more: no app_system, no func_shell, no bridge_native_rtp, no anonymous endpoint. Without
#: res_pjsip_rfc3326, too: many networks send no Reason, so causes must follow from the SIP status.
MODULES = """
res_timing_timerfd codec_ulaw codec_alaw codec_resample format_wav format_pcm
pbx_config pbx_spool app_dial app_playback app_senddtmf app_waitforsilence app_record app_originate
func_callerid func_cdr func_channel func_dialplan func_global func_logic func_strings func_timeout cdr_custom
bridge_simple
res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip res_pjsip_session res_pjsip_sdp_rtp
res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_endpoint_identifier_ip
res_pjsip_endpoint_identifier_user res_pjsip_caller_id res_pjsip_nat res_pjsip_registrar
res_pjsip_outbound_registration res_pjsip_pubsub res_pjsip_acl res_pjsip_dlg_options res_pjsip_maintenance
func_pjsip_aor func_pjsip_contact func_pjsip_endpoint res_rtp_asterisk chan_pjsip
"""
#: cdr_custom stands on it in newer versions; older ones have no such module.
MODULES_IF_PRESENT = ("res_cdrel_custom",)
#: Empty files that keep Asterisk from warning that they are missing.
EMPTY = ("features", "acl", "udptl", "sorcery", "ccss", "codecs", "dnsmgr", "extconfig", "stasis", "cel", "http")

#: The columns of the call log, in order; `docker/town/log.py` reads them.
CALL_LOG = {
    "direction": "CDR(direction)",
    "number": "CDR(number)",
    "caller": "CDR(caller)",
    "start": "CDR(start,u)",
    "answer": "CDR(answer,u)",
    "end": "CDR(end,u)",
    "line": "CDR(line)",
    "keys": "CDR(keys)",
    "step": "CDR(step)",
    "ended_by": "CDR(ended_by)",
    "message": "CDR(message)",
    "channel": "CDR(channel)",
}


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a town stands: its folder, its Asterisk and its ports."""

    out: Path
    #: The tree that holds Asterisk: `/`, or where it was unpacked.
    root: Path
    modules: Path
    sip_port: int
    rtp_ports: tuple[int, int]
    #: Beltoon's Asterisk, SIP over UDP.
    peer: tuple[str, int]
    #: 0: no manager interface at all.
    ami_port: int
    ami_secret: str


def configuration(site: Site, softphone: Softphone | None) -> dict[str, str]:
    """File name to text, all but extensions.conf."""
    files = {
        "asterisk.conf": _asterisk(site),
        "modules.conf": _modules(site),
        "logger.conf": "[general]\ndateformat = %F %T.%3q\n[logfiles]\nmessages = notice,warning,error\n",
        "cdr.conf": "[general]\nenable = yes\nunanswered = yes\nbatch = no\n",
        "cdr_custom.conf": "[mappings]\ncalls.csv => " + ",".join(map(_quoted, CALL_LOG.values())) + "\n",
        "rtp.conf": f"[general]\nrtpstart = {site.rtp_ports[0]}\nrtpend = {site.rtp_ports[1]}\n"
        "strictrtp = no\nicesupport = no\n",
        "pjproject.conf": "[startup]\ntype = startup\nlog_level = 2\n",
        "indications.conf": _INDICATIONS,
        "manager.conf": _manager(site),
        "pjsip.conf": _pjsip(site, softphone),
    }
    return files | {f"{name}.conf": "" for name in EMPTY}


def _quoted(field: str) -> str:
    return "${CSV_QUOTE(${" + field + "})}"


def _asterisk(site: Site) -> str:
    folders = {
        "astetcdir": site.out / "etc",
        "astmoddir": site.modules,
        "astvarlibdir": site.out / "data",
        "astdbdir": site.out / "db",
        "astkeydir": site.out / "keys",
        "astdatadir": site.out / "data",
        "astagidir": site.out / "data" / "agi-bin",
        "astspooldir": site.out / "spool",
        "astrundir": site.out / "run",
        "astlogdir": site.out / "log",
        "astsbindir": site.root / "usr" / "sbin",
    }
    # transmit_silence: without it Wait() sends nothing at all, as no telephone does.
    return (
        "[directories]\n"
        + "".join(f"{name} => {folder}\n" for name, folder in folders.items())
        + "\n[options]\nverbose = 1\nnocolor = yes\nhideconnect = yes\ntransmit_silence = yes\n"
        "documentation_language = en_US\nlive_dangerously = no\n"
    )


def _modules(site: Site) -> str:
    present = [name for name in MODULES_IF_PRESENT if (site.modules / f"{name}.so").exists()]
    names = [*present, *MODULES.split()]
    return "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in names)


def _manager(site: Site) -> str:
    if not site.ami_port:
        return "[general]\nenabled = no\n"
    return (
        f"[general]\nenabled = yes\nbindaddr = 127.0.0.1\nport = {site.ami_port}\nwebenabled = no\n"
        "\n; to watch the town's calls and to end them by hand\n"
        f"[town]\nsecret = {site.ami_secret}\ndeny = 0.0.0.0/0.0.0.0\npermit = 127.0.0.1/255.255.255.255\n"
        "read = system,call\nwrite = call\n"
    )


def _pjsip(site: Site, softphone: Softphone | None) -> str:
    host, port = site.peer
    text = _PJSIP.format(sip_port=site.sip_port, host=host, port=port)
    if softphone is not None:
        text += _SOFTPHONE.format(user=softphone.user, secret=softphone.secret, number=softphone.number)
    return text


# The user name is looked at before the address: else the trunk's line would claim the softphone's requests too.
_PJSIP = """[global]
type = global
user_agent = town
endpoint_identifier_order = username,ip
max_initial_qualify_time = 0
keep_alive_interval = 0

[system]
type = system
disable_tcp_switch = yes
threadpool_initial_size = 4
threadpool_auto_increment = 4
threadpool_max_size = 50

[udp]
type = transport
protocol = udp
bind = 127.0.0.1:{sip_port}

[trunk]
type = endpoint
transport = udp
context = trunk
disallow = all
allow = ulaw,alaw
aors = trunk
direct_media = no
dtmf_mode = rfc4733
timers = no
send_pai = no
media_address = 127.0.0.1
bind_rtp_to_media_address = yes

[trunk]
type = aor
contact = sip:{host}:{port}
qualify_frequency = 0

[trunk]
type = identify
endpoint = trunk
match = {host}:{port}
"""

_SOFTPHONE = """
[{user}]
type = endpoint
transport = udp
context = softphone
disallow = all
allow = ulaw,alaw
aors = {user}
auth = {user}
callerid = <{number}>
direct_media = no
rtp_symmetric = yes
rewrite_contact = yes
dtmf_mode = rfc4733
timers = no
media_address = 127.0.0.1
bind_rtp_to_media_address = yes

[{user}]
type = auth
auth_type = digest
username = {user}
password = {secret}

[{user}]
type = aor
max_contacts = 1
remove_existing = yes
"""

_INDICATIONS = """[general]
country = be

[be]
description = Belgium
ringcadence = 1000,3000
dial = 425
busy = 425/500,0/500
ring = 425/1000,0/3000
congestion = 425/167,0/167
"""
