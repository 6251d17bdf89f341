"""A small shop that cannot divide. argv: DSN, release, environment."""

import json
import sys

import sentry_sdk

dsn, release, environment = sys.argv[1:4]
sentry_sdk.init(dsn=dsn, release=release, environment=environment, server_name="python-1")
sentry_sdk.set_user({"id": "7"})
sentry_sdk.set_tag("shop.region", "us")
sentry_sdk.add_breadcrumb(category="cart", message="added 3 lines", level="info")


def unit_price(amount, quantity):
    currency = "EUR"
    return amount / quantity


def render_total(lines):
    return sum(unit_price(amount, quantity) for amount, quantity in lines)


try:
    try:
        render_total([(10, 2), (5, 0)])
    except ZeroDivisionError as cause:
        raise RuntimeError("cannot render the invoice") from cause
except RuntimeError:
    event_id = sentry_sdk.capture_exception()
    sentry_sdk.flush(10)
    print(json.dumps({"eventId": event_id}))
