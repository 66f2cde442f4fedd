"""A telephone of our own for tests and benches: SIP, RTP, keys, people who answer. It knows nothing of the product."""

from phone.call import Acted, Call, CallOver, CallRefused
from phone.call_log import CallLog, CallRecord
from phone.ear import Packet, Reception
from phone.incoming_call import IncomingCall
from phone.outgoing_call import OutgoingCall
from phone.phone import Persona, Phone
from phone.sdp import Endpoint
from phone.sip import Credentials

__all__ = [
    "Acted",
    "Call",
    "CallLog",
    "CallOver",
    "CallRecord",
    "CallRefused",
    "Credentials",
    "Endpoint",
    "IncomingCall",
    "OutgoingCall",
    "Packet",
    "Persona",
    "Phone",
    "Reception",
]
