"""What can go wrong while reaching people."""


class DialerError(Exception):
    """Reaching people failed; the message says what happened and what to do. Never raised directly."""


class CarrierError(DialerError):
    """The carrier can't do what was asked. `permanent`: asking again is of no use."""

    permanent = False


class CarrierDown(CarrierError):
    """The link to the carrier is down."""


class CarrierRefused(CarrierError):
    """The carrier refused the order: surely no call was placed."""


class CarrierUnsure(CarrierError):
    """The order left, but no answer came: the call may or may not ring."""


class SignInRefused(CarrierError):
    """The carrier does not accept our user and secret."""

    permanent = True


class AsteriskMissing(DialerError):
    """No Asterisk of a good version is here."""


class AsteriskDidNotStart(DialerError):
    """Asterisk was started and did not come up."""


class SettingUnfit(DialerError):
    """A setting can't stand in Asterisk's configuration."""


class AlreadyRunning(DialerError):
    """Another instance holds this folder or this post."""


class BadAgent(DialerError):
    """What was said of an agent can't be; the message names the field."""
