from decimal import Decimal

def num2words(
    number: int | float | Decimal | str, ordinal: bool = ..., lang: str = ..., to: str = ..., **kwargs: object
) -> str: ...
