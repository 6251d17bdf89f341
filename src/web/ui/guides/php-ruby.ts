import type { Guide } from "./guide.ts"

const php: Guide = {
  install: [{ with: "composer", code: "composer require sentry/sentry" }],
  file: "the first lines of your entry script",
  init: (dsn) => `require __DIR__ . '/vendor/autoload.php';

\\Sentry\\init([
    'dsn' => '${dsn}',
    'release' => 'my-app@1.0.0',
    'environment' => 'production',
]);`,
  test: { file: "anywhere after it", code: "throw new RuntimeException('The first error');" },
}

const laravel: Guide = {
  install: [{ with: "composer", code: "composer require sentry/sentry-laravel" }],
  file: ".env",
  init: (dsn) => `SENTRY_LARAVEL_DSN=${dsn}
SENTRY_RELEASE=my-app@1.0.0
SENTRY_ENVIRONMENT=production`,
  test: {
    file: "routes/web.php",
    code: `Route::get('/break-it', function () {
    throw new Exception('The first error');
});`,
  },
  notes: [
    "In bootstrap/app.php, hand exceptions over: ->withExceptions(function (Exceptions $exceptions) { \\Sentry\\Laravel\\Integration::handles($exceptions); })",
  ],
}

const symfony: Guide = {
  install: [{ with: "composer", code: "composer require sentry/sentry-symfony" }],
  file: "config/packages/sentry.yaml",
  init: (dsn) => `sentry:
    dsn: '${dsn}'
    options:
        release: 'my-app@1.0.0'
        environment: '%kernel.environment%'`,
  test: {
    file: "src/Controller/BreakItController.php",
    code: `#[Route('/break-it')]
public function breakIt(): Response
{
    throw new \\RuntimeException('The first error');
}`,
  },
}

const ruby: Guide = {
  install: [{ with: "bundler", code: "bundle add sentry-ruby" }],
  file: "the first lines of your program",
  init: (dsn) => `require "sentry-ruby"

Sentry.init do |config|
  config.dsn = "${dsn}"
  config.release = "my-app@1.0.0"
  config.environment = "production"
end`,
  test: {
    file: "anywhere after it",
    code: `begin
  1 / 0
rescue ZeroDivisionError => error
  Sentry.capture_exception(error)
end`,
  },
}

const rails: Guide = {
  install: [{ with: "bundler", code: "bundle add sentry-ruby sentry-rails" }],
  file: "config/initializers/sentry.rb",
  init: (dsn) => `Sentry.init do |config|
  config.dsn = "${dsn}"
  config.breadcrumbs_logger = [:active_support_logger]
  config.release = "my-app@1.0.0"
end`,
  test: {
    file: "app/controllers/break_it_controller.rb, with a route to it",
    code: `class BreakItController < ApplicationController
  def show
    1 / 0
  end
end`,
  },
}

export const phpGuides = { php, "php-laravel": laravel, "php-symfony": symfony }
export const rubyGuides = { ruby, "ruby-rails": rails }
