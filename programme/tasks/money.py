"""Amounts of money: kept as whole numbers of a currency's smallest unit, and said as people do."""

from decimal import Decimal, InvalidOperation

from babel import Locale
from babel.numbers import format_currency, get_currency_name, get_currency_precision

from linzhang.words import written_in


def minor(words: str, currency: str) -> int | None:
    """An amount that somebody wrote, in the smallest unit; None: it is none, or finer than that.

    Args:
        words: Digits, and a point at most: '50', '62.5'.
        currency: ISO 4217 code.
    """
    try:
        amount = Decimal(words).scaleb(get_currency_precision(currency))
    except InvalidOperation:
        return None
    return int(amount) if amount == amount.to_integral_value() and amount >= 0 else None


def major(amount: int, currency: str) -> Decimal:
    """An amount as one writes it: 6250 of CNY is 62.50."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def said(amount: int, currency: str, language: str) -> str:
    """An amount as it is said in a language: '¥50', '¥62.50'."""
    value = major(amount, currency)
    locale = Locale.parse(written_in(language), sep="-")
    if value == value.to_integral_value():
        return format_currency(value, currency, "¤#,##0;-¤#,##0", locale=locale, currency_digits=False)
    return format_currency(value, currency, locale=locale)


def called(currency: str, language: str) -> str:
    """What a currency is called in a language: '人民币'."""
    locale = Locale.parse(written_in(language), sep="-")
    return str(get_currency_name(currency, locale=locale))
