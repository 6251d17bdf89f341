"""Sends a session, a transaction, and an event with an attachment. argv: DSN, release, environment."""

import json
import sys

import sentry_sdk
from sentry_sdk.attachments import Attachment

dsn, release, environment = sys.argv[1:4]
sentry_sdk.init(
    dsn=dsn,
    release=release,
    environment=environment,
    server_name="python-2",
    traces_sample_rate=1.0,
)

hub = sentry_sdk.Hub.current
hub.start_session()
with sentry_sdk.start_transaction(op="task", name="close the day") as transaction:
    with sentry_sdk.start_span(op="db", description="select * from tills"):
        pass
    with sentry_sdk.push_scope() as scope:
        scope.set_extra("tills", {"open": [3], "closed": [1, 2], "share": float("nan")})
        scope.add_attachment(bytes=b"till 3: open\n", filename="tills.txt")
        event_id = sentry_sdk.capture_message("the day does not close", "warning")
hub.end_session()
sentry_sdk.flush(10)
print(json.dumps({"eventId": event_id}))
