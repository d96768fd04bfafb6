// Ruby: hooks, environment reads and tables made past the migrations.
#include <gtest/gtest.h>

#include "tests/code/record_lines.h"

namespace exitgate::collect::code {
namespace {

class Ruby : public testing::TestWithParam<RecordSample> {};

TEST_P(Ruby, IsReadBySyntax) {
  EXPECT_EQ(record_lines(GetParam()), GetParam().lines);
}

const std::vector<RecordSample> kHooks = {
    {"RSpecConfiguration", "spec/spec_helper.rb", R"rb(
RSpec.configure do |config|
  config.before(:suite) { start }
  config.after :suite do finish end
  config.before(:each) { }
  config.prepend_before(:context) { }
  config.around(:each) { |example| example.run }
  other.before(:suite) { }
  # config.before(:suite) { }
end
before(:suite) { }
)rb",
     "3 hook before(:suite) of RSpec: session-start\n4 hook after(:suite) of RSpec: session-end\n"
     "6 hook prepend_before(:context) of RSpec: file-start\n7 hook around of RSpec: other\n"},
    {"RSpecGroup", "spec/models/a_spec.rb", R"rb(
describe A do
  before(:all) { @a = 1 }
  after(:context) { }
  before { }
  around { |example| example.run }
end
)rb",
     "3 hook before(:all) of RSpec: file-start\n4 hook after(:context) of RSpec: file-end\ntests of RSpec\n"},
    {"Minitest", "test/test_helper.rb", R"rb(
Minitest.after_run { finish }
class ActiveSupport::TestCase
  parallelize_setup { |worker| }
  parallelize_teardown { |worker| }
  setup { }
end
module Minitest
  def self.plugin_evidence_init(options) = start
end
def Minitest.plugin_other_init(options); end
)rb",
     "2 hook Minitest.after_run of Minitest: session-end\n4 hook parallelize_setup of Minitest: other\n"
     "5 hook parallelize_teardown of Minitest: other\n"
     "9 hook Minitest.plugin_evidence_init of Minitest: session-start\n"
     "11 hook Minitest.plugin_other_init of Minitest: session-start\n"},
    {"TestUnit", "test/test_a.rb", R"rb(
Test::Unit.at_start { }
class A < Test::Unit::TestCase
  def self.startup; end
  def self.shutdown; end
end
)rb",
     "2 hook Test::Unit.at_start of test-unit: session-start\n4 hook startup of test-unit: file-start\n"
     "5 hook shutdown of test-unit: file-end\ntests of test-unit\n"},
    {"Cucumber", "features/support/hooks.rb", "BeforeAll do\nend\nAfterAll { }\nat_exit { }\nBefore { }\n",
     "1 hook BeforeAll of Cucumber: session-start\n3 hook AfterAll of Cucumber: session-end\n"
     "4 hook at_exit of Cucumber: session-end\n"},
    {"CucumberElsewhere", "lib/a.rb", "BeforeAll do\nend\nat_exit { }\n", ""},
    {"Gemfile", "Gemfile", "group :test do\n  gem \"rspec-rails\"\n  gem 'minitest' # gem 'cucumber'\nend\n",
     "2 framework RSpec\n3 framework Minitest\n"},
    {"RSpecSettings", ".rspec", "--require spec_helper\n", "0 framework RSpec\n"},
    {"RailsTest", "test/models/a_test.rb", "class ATest < ActiveSupport::TestCase\nend\n",
     "tests of Minitest\n"},
};
INSTANTIATE_TEST_SUITE_P(Hooks, Ruby, testing::ValuesIn(kHooks),
                         [](const auto& sample) { return std::string(sample.param.name); });

const std::vector<RecordSample> kReads = {
    {"EveryForm", "a.rb", R"rb(
a = ENV["A"]
b = ENV.fetch("B")
c = ENV.fetch("C", "c")
d = ENV.fetch("D") { "d" }
e = ENV.fetch("E", nil)
f = ENV["F"] || "f"
g = ENV["G"].presence || "g"
h = ENV["H"]&.to_i || 1
i = ENV["I"] or raise "I"
j = ENV.fetch("J") { raise "J" }
k = ENV[name]
l = ::ENV['L']
m = ENV.key?("M")
n = ENV["N"] || ENV["O"]
p = ENV.fetch("P") rescue "p"
q = request.env["Q"]
# ENV["R"]
s = 'ENV["S"]'
t = "#{ENV["T"]}"
u, v = ENV.values_at("U", "V")
)rb",
     "2 A unknown by ENV\n3 B required by ENV.fetch\n4 C default by ENV.fetch\n5 D default by ENV.fetch\n"
     "6 E unknown by ENV.fetch\n7 F default by ENV\n8 G default by ENV\n9 H default by ENV\n10 I required by "
     "ENV\n"
     "11 J required by ENV.fetch\n12 NULL unknown by ENV\n13 L unknown by ENV\n14 M unknown by ENV.key?\n"
     "15 N unknown by ENV\n15 O unknown by ENV\n16 P default by ENV.fetch\n20 T unknown by ENV\n"
     "21 U unknown by ENV.values_at\n21 V unknown by ENV.values_at\n"},
    {"Guards", "a.rb", R"rb(
raise "A" unless ENV["A"]
abort "B" if ENV["B"].blank?
c = ENV["C"]
raise "C" if c.nil?
d = ENV["D"]
d ||= "d"
if ENV["E"].nil?
  ENV["E"] = "e"
end
f = ENV["F"].present? ? ENV["F"] : "f"
use(ENV["G"]) if ENV["G"]
unless ENV.key?("H")
  exit 1
end
i = ENV["I"]
skip "no I" unless i
)rb",
     "2 A required by ENV\n3 B required by ENV\n4 C required by ENV\n6 D default by ENV\n8 E default by ENV\n"
     "9 E default by ENV set if ENV[\"E\"].nil?\n11 F unknown by ENV\n"
     "11 F default by ENV if ENV[\"F\"].present?\n12 G default by ENV if ENV[\"G\"]\n12 G unknown by ENV\n"
     "13 H required by ENV.key?\n16 I unknown by ENV\n"},
    {"Rescued", "a.rb", "def a\n  ENV.fetch(\"A\")\nrescue KeyError\n  nil\nend\n",
     "2 A unknown by ENV.fetch\n"},
    {"Stores", "spec/rails_helper.rb", R"rb(
ENV["RAILS_ENV"] ||= "test"
ENV["A"] = "a"
ENV["B"] = compute
ENV["C"] = nil
it("x") { ENV["D"] = "d" }
before { ENV["E"] = "e" }
)rb",
     "2 RAILS_ENV default by ENV set\n3 A default by ENV set\n4 B unknown by ENV set\n"},
    {"Conditions", "a.rb",
     "if a\n  use(ENV[\"A\"])\nelsif b\n  use(ENV[\"B\"])\nend\nuse(ENV[\"C\"]) unless d\n",
     "2 A unknown by ENV if a\n4 B unknown by ENV if not (a) and b\n6 C unknown by ENV if not (d)\n"},
    {"Libraries", "config/application.rb", R"rb(
Figaro.env.stripe_key!
Figaro.env.other
Dotenv.require_keys("A", "B")
class HerokuConfig < Anyway::Config
  attr_config :app_id, region: "eu"
  attr_config :token
  required :token
end
class Other < Anyway::Config
  config_name :my_app
  attr_config :port
end
)rb",
     "2 STRIPE_KEY required by Figaro.env\n3 OTHER unknown by Figaro.env\n4 A required by "
     "Dotenv.require_keys\n"
     "4 B required by Dotenv.require_keys\n6 HEROKU_APP_ID unknown by attr_config\n"
     "6 HEROKU_REGION default by attr_config\n7 HEROKU_TOKEN required by attr_config\n"
     "12 MY_APP_PORT unknown by attr_config\n"},
    {"Template", "config/database.yml", R"rb(production:
  url: <%= ENV.fetch("DATABASE_URL") %>
  pool: <%= ENV.fetch("POOL") { 5 } -%>
  # <%# ENV["A"] %>
  name: ENV["B"]
<% if ENV["C"] %>
  c: <%= ENV["C"] %>
<% end %>
)rb",
     "2 DATABASE_URL required by ENV.fetch\n3 POOL default by ENV.fetch\n6 C unknown by ENV\n"
     "7 C default by ENV if ENV[\"C\"]\n"},
    {"Rakefile", "Rakefile", "task(:a) { ENV.fetch('A') }\n", "1 A required by ENV.fetch\n"},
};
INSTANTIATE_TEST_SUITE_P(Reads, Ruby, testing::ValuesIn(kReads),
                         [](const auto& sample) { return std::string(sample.param.name); });

const std::vector<RecordSample> kSchema = {
    {"ActiveRecordSchema", "spec/support/schema.rb", R"rb(ActiveRecord::Schema[7.1].define do
  create_table :users
end
ActiveRecord::Base.connection.create_table(:orders)
ActiveRecord::Base.connection.drop_table :orders
connection.create_table :t, temporary: true
# ActiveRecord::Schema.define
)rb",
     "1 makes Active Record: ActiveRecord::Schema[7.1].define\n"
     "4 makes Active Record: ActiveRecord::Base.connection.create_table\n"
     "5 drops Active Record: ActiveRecord::Base.connection.drop_table\n"},
    {"SchemaFileOfMigrations", "db/schema.rb", "ActiveRecord::Schema[7.1].define(version: 1) do\nend\n", ""},
    {"Unreadable", "a.rb", "a = 1\nb = = ENV[\"A\"]\nc = ENV[\"B\"]\n",
     "2 A unknown by ENV\n3 B unknown by ENV\nline 2: does not parse as Ruby, and facts may be hidden in "
     "it\n"},
};
INSTANTIATE_TEST_SUITE_P(Schema, Ruby, testing::ValuesIn(kSchema),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST(RubyText, OfAnyKindIsReadOrAProblem) {
  for (const char* const more : {"((((", "\"#{", "<<~A\n", "<%=", "if ENV[", "\xff\xfe"}) {
    std::string text = "ENV[\"A\"] <%= ENV %> ";
    for (int i = 0; i < 2000; ++i) text += more;
    EXPECT_NO_THROW(record_lines({"", "a.rb", text.c_str(), ""}));
    EXPECT_NO_THROW(record_lines({"", "config/a.yml", text.c_str(), ""}));
  }
}

}  // namespace
}  // namespace exitgate::collect::code
