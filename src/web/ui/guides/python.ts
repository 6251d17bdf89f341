import type { Guide } from "./guide.ts"

const pip = (name: string) => [
  { with: "pip", code: `pip install --upgrade '${name}'` },
  { with: "uv", code: `uv add '${name}'` },
  { with: "poetry", code: `poetry add '${name}'` },
]

const init = (dsn: string) => `import sentry_sdk

sentry_sdk.init(
    dsn="${dsn}",
    release="my-app@1.0.0",      # your version, or a commit
    environment="production",
    send_default_pii=False,      # True adds user names, addresses and cookies
)`

const python: Guide = {
  install: pip("sentry-sdk"),
  file: "the first lines of your program",
  init,
  test: { file: "anywhere after it", code: "1 / 0" },
  notes: [
    "Uncaught exceptions and logging.error() calls are sent by themselves. For one that you catch, call sentry_sdk.capture_exception(error).",
  ],
}

const django: Guide = {
  install: pip("sentry-sdk[django]"),
  file: "settings.py",
  init,
  test: {
    file: "urls.py",
    code: `from django.urls import path

def break_it(request):
    return 1 / 0

urlpatterns += [path("break-it/", break_it)]`,
  },
  notes: ["Django is found by itself: no middleware and no INSTALLED_APPS entry is needed."],
}

const flask: Guide = {
  install: pip("sentry-sdk[flask]"),
  file: "app.py, before Flask(__name__)",
  init,
  test: {
    file: "app.py",
    code: `@app.route("/break-it")
def break_it():
    return str(1 / 0)`,
  },
}

const fastapi: Guide = {
  install: pip("sentry-sdk[fastapi]"),
  file: "main.py, before FastAPI()",
  init,
  test: {
    file: "main.py",
    code: `@app.get("/break-it")
async def break_it():
    return 1 / 0`,
  },
}

const celery: Guide = {
  install: pip("sentry-sdk[celery]"),
  file: "the module with your Celery() app",
  init,
  test: {
    file: "tasks.py",
    code: `@app.task
def break_it():
    return 1 / 0

break_it.delay()`,
  },
  notes: ["The worker must run the same start-up code as the program that sends the tasks."],
}

export const pythonGuides = {
  python,
  "python-django": django,
  "python-flask": flask,
  "python-fastapi": fastapi,
  "python-celery": celery,
}
