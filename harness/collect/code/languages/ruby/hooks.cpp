// Hooks of RSpec, Minitest, test-unit and Cucumber.
#include "harness/collect/code/languages/ruby/ruby_calls.h"
#include "harness/collect/code/languages/ruby/ruby_facts.h"

namespace exitgate::collect::code::ruby {

using facts::code::HookMoment;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

class Finder {
 public:
  Finder(std::string_view path, const Tree& tree, std::vector<Hook>& found)
      : tree_(tree),
        found_(found),
        features_(path.starts_with("features/") || path.find("/features/") != std::string_view::npos) {}

  void find() {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::call) && tree_.child(id, Field::block) != kNoNode) call(id);
      if (tree_.is(id, Kind::singleton_method)) singleton(id);
    }
  }

 private:
  void add(Id place, std::string name, std::string framework, HookMoment moment) {
    found_.push_back({tree_.line(place), std::move(name), std::move(framework), moment});
  }

  void call(Id id) {
    const auto method = method_of(tree_, id);
    const auto receiver = receiver_of(tree_, id);
    const auto given = arguments(tree_, id);
    const std::string scope = given.empty() ? "" : literal(tree_, given[0]).value_or("");
    const bool group = scope == "all" || scope == "context";
    // prepend_before and append_after are these as well.
    const bool before = method.ends_with("before") && (method == "before" || method.ends_with("_before"));
    const bool after = method.ends_with("after") && (method == "after" || method.ends_with("_after"));
    if ((before || after) && (group || scope == "suite")) {
      const bool configured = !receiver.empty() && is_configuration(id, receiver);
      if (!configured && !(receiver.empty() && group)) return;
      const HookMoment moment = group ? (before ? HookMoment::file_start : HookMoment::file_end)
                                      : (before ? HookMoment::session_start : HookMoment::session_end);
      add(id, std::string(method) + "(:" + scope + ")", "RSpec", moment);
    } else if (method == "around" && !receiver.empty() && is_configuration(id, receiver)) {
      add(id, "around", "RSpec", HookMoment::other);
    } else if (method == "after_run" && (receiver == "Minitest" || receiver == "MiniTest")) {
      add(id, "Minitest.after_run", "Minitest", HookMoment::session_end);
    } else if (receiver.empty() && (method == "parallelize_setup" || method == "parallelize_teardown")) {
      // In the worker processes, and only where there are some.
      add(id, std::string(method), "Minitest", HookMoment::other);
    } else if (receiver == "Test::Unit" && (method == "at_start" || method == "at_exit")) {
      add(id, "Test::Unit." + std::string(method), "test-unit",
          method == "at_start" ? HookMoment::session_start : HookMoment::session_end);
    } else if (features_ && receiver.empty()) {
      if (method == "BeforeAll" || method == "InstallPlugin" || method == "AfterConfiguration")
        add(id, std::string(method), "Cucumber", HookMoment::session_start);
      if (method == "AfterAll" || method == "at_exit")
        add(id, std::string(method), "Cucumber", HookMoment::session_end);
    }
  }

  // Whether the name is the parameter of a block of RSpec.configure around the node.
  bool is_configuration(Id node, std::string_view name) const {
    for (Id at = tree_.parent(node); at != kNoNode; at = tree_.parent(at)) {
      tree_.spend(1);
      if (!tree_.is(at, Kind::call) || method_of(tree_, at) != "configure" ||
          receiver_of(tree_, at) != "RSpec")
        continue;
      const Id block = tree_.child(at, Field::block);
      const auto parameters = tree_.children(tree_.child(block, Field::parameters));
      return parameters.size() == 1 && tree_.text(parameters[0]) == name;
    }
    return false;
  }

  void singleton(Id id) {
    const Id name = tree_.child(id, Field::name);
    if (name == kNoNode) return;
    const auto text = tree_.text(name);
    const Id module = tree_.enclosing(id, Kind::module);
    const Id of = tree_.child(module, Field::name);
    // def self.plugin_x_init in the module, or def Minitest.plugin_x_init.
    const Id object = tree_.child(id, Field::object);
    const bool own = (of != kNoNode && tree_.text(of) == "Minitest") ||
                     (object != kNoNode && tree_.text(object) == "Minitest");
    if (own && text.starts_with("plugin_") && text.ends_with("_init"))
      add(id, "Minitest." + std::string(text), "Minitest", HookMoment::session_start);
    if (text != "startup" && text != "shutdown") return;
    const Id superclass = tree_.child(tree_.enclosing(id, Kind::class_), Field::superclass);
    if (superclass != kNoNode && tree_.text(superclass).ends_with("Test::Unit::TestCase"))
      add(id, std::string(text), "test-unit",
          text == "startup" ? HookMoment::file_start : HookMoment::file_end);
  }

  const Tree& tree_;
  std::vector<Hook>& found_;
  const bool features_;
};

}  // namespace

void find_hooks(std::string_view path, const Tree& tree, std::vector<Hook>& found) {
  Finder(path, tree, found).find();
}

}  // namespace exitgate::collect::code::ruby
