import type { Guide } from "./guide.ts"

const go: Guide = {
  install: [{ with: "go", code: "go get github.com/getsentry/sentry-go" }],
  file: "the first lines of main()",
  init: (dsn) => `err := sentry.Init(sentry.ClientOptions{
    Dsn:         "${dsn}",
    Release:     "my-app@1.0.0",
    Environment: "production",
})
if err != nil {
    log.Fatal(err)
}
// sends what still waits when the program ends
defer sentry.Flush(2 * time.Second)`,
  test: {
    file: "main.go",
    code: `_, err = os.Open("there-is-no-such-file")
if err != nil {
    sentry.CaptureException(err)
}`,
  },
  notes: ["For net/http, gin, echo and fiber there are middlewares in packages of their own."],
}

const rust: Guide = {
  install: [{ with: "cargo", code: "cargo add sentry" }],
  file: "the first lines of main()",
  init: (dsn) => `let _guard = sentry::init((
    "${dsn}",
    sentry::ClientOptions {
        release: sentry::release_name!(),
        environment: Some("production".into()),
        ..Default::default()
    },
));`,
  test: { file: "after it", code: `panic!("The first error");` },
  notes: ["The guard sends what still waits when it is dropped: keep it until the program ends."],
}

const elixir: Guide = {
  install: [{ with: "mix", code: `# mix.exs\n{:sentry, "~> 11.0"},\n{:hackney, "~> 1.20"}` }],
  file: "config/prod.exs",
  init: (dsn) => `config :sentry,
  dsn: "${dsn}",
  environment_name: :prod,
  release: "my-app@1.0.0",
  enable_source_code_context: true,
  root_source_code_paths: [File.cwd!()]`,
  test: { file: "a shell", code: "mix sentry.send_test_event" },
}

const native: Guide = {
  install: [
    { with: "cmake", code: "cmake -B build -DSENTRY_BACKEND=crashpad && cmake --build build" },
  ],
  file: "main.c",
  init: (dsn) => `#include <sentry.h>

sentry_options_t *options = sentry_options_new();
sentry_options_set_dsn(options, "${dsn}");
sentry_options_set_release(options, "my-app@1.0.0");
sentry_init(options);`,
  test: {
    file: "main.c",
    code: `sentry_capture_event(sentry_value_new_message_event(
    SENTRY_LEVEL_ERROR, "custom", "The first error"));
sentry_close();`,
  },
}

const ios: Guide = {
  install: [
    { with: "Xcode", code: "Add Package: https://github.com/getsentry/sentry-cocoa.git" },
    { with: "CocoaPods", code: "pod 'Sentry'" },
  ],
  file: "App.swift, in init()",
  init: (dsn) => `import Sentry

SentrySDK.start { options in
    options.dsn = "${dsn}"
    options.environment = "production"
}`,
  test: {
    file: "any view",
    code: `Button("Break it") { SentrySDK.capture(message: "The first error") }`,
  },
  notes: ["Apps refuse plain http by default: for a server without TLS, allow it in Info.plist."],
}

const flutter: Guide = {
  install: [{ with: "flutter", code: "flutter pub add sentry_flutter" }],
  file: "lib/main.dart",
  init: (dsn) => `import 'package:sentry_flutter/sentry_flutter.dart';

Future<void> main() => SentryFlutter.init(
      (options) {
        options.dsn = '${dsn}';
        options.environment = 'production';
      },
      appRunner: () => runApp(const MyApp()),
    );`,
  test: {
    file: "any widget",
    code: `ElevatedButton(
  onPressed: () => throw StateError('The first error'),
  child: const Text('Break it'),
)`,
  },
}

const reactNative: Guide = {
  install: [{ with: "npm", code: "npm install @sentry/react-native" }],
  file: "App.tsx",
  init: (dsn) => `import * as Sentry from "@sentry/react-native"

Sentry.init({
  dsn: "${dsn}",
  environment: "production",
})

export default Sentry.wrap(App)`,
  test: {
    file: "any component",
    code: `<Button title="Break it" onPress={() => { throw new Error("The first error") }} />`,
  },
  hasSourceMaps: true,
}

export const compiledGuides = {
  go,
  rust,
  elixir,
  native,
  "apple-ios": ios,
  flutter,
  "react-native": reactNative,
}
