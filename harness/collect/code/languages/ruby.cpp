// Ruby: RSpec, Minitest, test-unit and Cucumber; the environment by ENV, Figaro, Dotenv and Anyway::Config, also in templates
// of configuration; tables made by Active Record past its migrations.
#include "harness/base/path.h"
#include "harness/collect/code/language.h"
#include "harness/collect/code/languages/ruby/ruby_facts.h"
#include "harness/collect/code/manifest_lines.h"

namespace exitgate::collect::code::languages {

Language ruby();

namespace {

void find(const ParsedFile& file, FileFacts& facts) {
  ruby::find_hooks(file.path, file.tree, facts.hooks);
  ruby::find_environment_reads(file.tree, facts.environment_reads);
  ruby::find_schema_calls(file.path, file.tree, facts.schema_calls);
}

bool stands_below(std::string_view path, std::string_view folder) {
  for (std::string_view at = folder_of(path); !at.empty(); at = folder_of(at)) {
    if (name_of(at) == folder) return true;
  }
  return false;
}

void look(std::string_view path, std::string_view content, FileFacts& facts) {
  const auto has = [&](std::string_view word) { return content.find(word) != std::string_view::npos; };
  const auto name = name_of(path);
  if (name.ends_with("_spec.rb")) {
    add_test_file("ruby", has("minitest/spec") || has("minitest/autorun") ? "Minitest" : "RSpec", 0, facts);
  } else if (name.ends_with("_test.rb") || (name.starts_with("test_") && stands_below(path, "test"))) {
    if (name == "test_helper.rb" || !(has("class ") || has("describe"))) return;
    const bool unit = has("Test::Unit::TestCase");
    const bool mini = has("Minitest::") || has("MiniTest::") || has("ActiveSupport::TestCase") ||
                      has("ActionDispatch::") || has("ActionController::TestCase") ||
                      has("ActionMailer::TestCase") || has("ActiveJob::TestCase") ||
                      has("ApplicationSystemTestCase");
    add_test_file("ruby", unit ? "test-unit" : mini ? "Minitest" : "", 0, facts);
  } else if (stands_below(path, "features") &&
             (has("Given(") || has("When(") || has("Then(") || has("Given /"))) {
    add_test_file("ruby", "Cucumber", 0, facts);
  }
}

void read_manifest(std::string_view path, std::string_view content, FileFacts& facts) {
  const auto name = name_of(path);
  if (name.ends_with(".yml") || name.ends_with(".yaml") || name.ends_with(".erb")) {
    ruby::find_template_reads(content, facts);
  } else {
    add_dependencies(ruby(), content, facts);
  }
}

std::vector<Framework> frameworks() {
  return {
      {.name = "RSpec",
       .configuration = {".rspec"},
       .dependencies = {"rspec", "rspec-core", "rspec-rails"},
       .session_start = "before(:suite)",
       .start_hint = "write `config.before(:suite) do` in `RSpec.configure do |config|`",
       .session_end = "after(:suite)",
       .end_hint = "write `config.after(:suite) do` in `RSpec.configure do |config|`",
       .place = "spec/spec_helper.rb",
       .remark = "RSpec has no fixtures of a whole session: before(:suite) is where what all examples share "
                 "is made"},
      {.name = "Minitest",
       .dependencies = {"minitest", "minitest-rails"},
       .global = true,
       .session_start = "Minitest.plugin_NAME_init",
       .start_hint = "write `def Minitest.plugin_evidence_init(options)` and `Minitest.extensions << "
                     "\"evidence\"`: Minitest "
                     "calls it before the first test",
       .session_end = "Minitest.after_run",
       .end_hint = "write `Minitest.after_run do`",
       .place = "test/test_helper.rb",
       .remark = "parallelize_setup and parallelize_teardown are of worker processes, and not called where "
                 "there are "
                 "none; Minitest has no fixtures of a whole session"},
      {.name = "test-unit",
       .dependencies = {"test-unit"},
       .global = true,
       .session_start = "Test::Unit.at_start",
       .start_hint = "write `Test::Unit.at_start do`",
       .session_end = "Test::Unit.at_exit",
       .end_hint = "write `Test::Unit.at_exit do`",
       .place = "test/test_helper.rb",
       .remark = "startup and shutdown are of one class; test-unit has no fixtures of a whole session"},
      {.name = "Cucumber",
       .configuration = {"features/support/env.rb"},
       .dependencies = {"cucumber", "cucumber-rails"},
       .session_start = "BeforeAll",
       .start_hint = "write `BeforeAll do`",
       .session_end = "AfterAll",
       .end_hint = "write `AfterAll do`",
       .place = "features/support/env.rb",
       .remark = "Cucumber has no fixtures of a whole session"},
  };
}

}  // namespace

Language ruby() {
  return {
      .name = "ruby",
      .endings = {{".rb", "ruby", syntax::ruby},
                  {".rake", "ruby", syntax::ruby},
                  {".ru", "ruby", syntax::ruby},
                  {".gemspec", "ruby", syntax::ruby},
                  {"Rakefile", "ruby", syntax::ruby}},
      .words = {"ENV[",
                "ENV.",
                "Figaro.env",
                "require_keys",
                "Anyway::Config",
                ":suite",
                ":context",
                ":all)",
                ":all do",
                "RSpec.configure",
                "after_run",
                "parallelize_setup",
                "parallelize_teardown",
                "plugin_",
                "Test::Unit",
                "BeforeAll",
                "AfterAll",
                "at_exit",
                "InstallPlugin",
                "AfterConfiguration",
                "ActiveRecord::Schema",
                "connection.create_table",
                "connection.drop_table",
                "Migration.create_table",
                "Migration.drop_table"},
      .find = find,
      .look = look,
      .manifests = {"Gemfile", "*.gemspec", "gems.rb", "config/*.yml", "config/*.yaml", "*.yml.erb"},
      .read_manifest = read_manifest,
      .frameworks = frameworks(),
  };
}

}  // namespace exitgate::collect::code::languages
