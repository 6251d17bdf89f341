# A small shop in Ruby that finds no customer. ARGV: DSN, release, environment.
require "json"
require "sentry-ruby"

dsn, release, environment = ARGV
Sentry.init do |config|
  config.dsn = dsn
  config.release = release
  config.environment = environment
  config.server_name = "ruby-1"
  config.background_worker_threads = 0
  config.project_root = __dir__
  config.app_dirs_pattern = /ruby_shop/
  config.breadcrumbs_logger = []
  config.logger = Logger.new($stderr)
end
Sentry.set_user(id: "42", email: "ann@example.test")
Sentry.set_tags("shop.region": "eu")
Sentry.add_breadcrumb(Sentry::Breadcrumb.new(category: "cart", message: "added 3 lines", level: "info"))

def find_customer(customers, id)
  customers.fetch(id)
end

def print_invoice(id)
  find_customer({ 1 => "Ann" }, id)
end

begin
  print_invoice(7)
rescue KeyError => e
  event = Sentry.capture_exception(e)
  puts JSON.generate(eventId: event.event_id)
end
