// Hooks of JUnit 4 and 5, TestNG and Cucumber-JVM: by the import of the annotation or the interface.
#include <array>

#include "harness/base/text.h"
#include "harness/collect/code/languages/java/java_facts.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code::java {

using facts::code::HookMoment;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

struct Annotated {
  std::string_view name;  // of the annotation
  std::string_view framework;
  HookMoment moment;
};

constexpr std::array kAnnotations = {
    Annotated{"org.junit.jupiter.api.BeforeAll", "JUnit 5", HookMoment::file_start},
    Annotated{"org.junit.jupiter.api.AfterAll", "JUnit 5", HookMoment::file_end},
    Annotated{"org.junit.platform.suite.api.BeforeSuite", "JUnit 5", HookMoment::other},
    Annotated{"org.junit.platform.suite.api.AfterSuite", "JUnit 5", HookMoment::other},
    Annotated{"org.junit.BeforeClass", "JUnit 4", HookMoment::file_start},
    Annotated{"org.junit.AfterClass", "JUnit 4", HookMoment::file_end},
    // A rule is asked before the tests of the class and behind them.
    Annotated{"org.junit.ClassRule", "JUnit 4", HookMoment::file_start},
    Annotated{"org.junit.ClassRule", "JUnit 4", HookMoment::file_end},
    Annotated{"org.testng.annotations.BeforeSuite", "TestNG", HookMoment::session_start},
    Annotated{"org.testng.annotations.AfterSuite", "TestNG", HookMoment::session_end},
    Annotated{"org.testng.annotations.BeforeTest", "TestNG", HookMoment::other},
    Annotated{"org.testng.annotations.AfterTest", "TestNG", HookMoment::other},
    Annotated{"org.testng.annotations.BeforeClass", "TestNG", HookMoment::file_start},
    Annotated{"org.testng.annotations.AfterClass", "TestNG", HookMoment::file_end},
    Annotated{"io.cucumber.java.BeforeAll", "Cucumber-JVM", HookMoment::session_start},
    Annotated{"io.cucumber.java.AfterAll", "Cucumber-JVM", HookMoment::session_end},
};

class Finder {
 public:
  Finder(const JavaNames& names, std::vector<Hook>& found)
      : names_(names), tree_(names.tree()), found_(found) {}

  void find() {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::marker_annotation) || tree_.is(id, Kind::annotation)) annotation(id);
      if (tree_.is(id, Kind::class_declaration)) extension(id);
    }
  }

 private:
  void add(Id place, std::string name, std::string_view framework, HookMoment moment) {
    found_.push_back({tree_.line(place), std::move(name), std::string(framework), moment});
  }

  void annotation(Id id) {
    const Id name = tree_.child(id, Field::name);
    if (name == kNoNode) return;
    for (const auto& known : kAnnotations) {
      const auto simple = known.name.substr(known.name.rfind('.') + 1);
      if (!tree_.text(name).ends_with(simple) || !names_.is(tree_.text(name), known.name)) continue;
      add(id, "@" + std::string(simple), known.framework, known.moment);
    }
  }

  // class X implements BeforeAllCallback: an extension. What it keeps in the root's store it makes once for the whole run, and
  // what is closed with that store is closed at its end.
  void extension(Id id) {
    const Id interfaces = tree_.child(id, Field::interfaces);
    if (interfaces == kNoNode) return;
    const auto text = tree_.text(tree_.child(id, Field::body));
    const bool root =
        text.find("getRoot()") != std::string_view::npos && text.find("getStore(") != std::string_view::npos;
    bool callback = false;
    Id closed = kNoNode;
    for (const Id type : tree_.children(tree_.child(interfaces, Kind::type_list))) {
      const auto written = tree_.text(type);
      const std::string api = "org.junit.jupiter.api.extension.";
      if (names_.is(written, api + "BeforeAllCallback")) {
        callback = true;
        add(type, "BeforeAllCallback", "JUnit 5", root ? HookMoment::session_start : HookMoment::file_start);
      } else if (names_.is(written, api + "AfterAllCallback")) {
        add(type, "AfterAllCallback", "JUnit 5", HookMoment::file_end);
      } else if (written.ends_with("CloseableResource") || written == "AutoCloseable") {
        closed = type;
      }
    }
    if (callback && root && closed != kNoNode)
      add(closed, std::string(tree_.text(closed)), "JUnit 5", HookMoment::session_end);
  }

  const JavaNames& names_;
  const Tree& tree_;
  std::vector<Hook>& found_;
};

}  // namespace

void find_hooks(const JavaNames& names, std::vector<Hook>& found) {
  Finder(names, found).find();
}

void find_schema_calls(const JavaNames& names, std::vector<SchemaCall>& found) {
  using facts::code::SchemaCallKind;
  if (!names.imports("org.hibernate.tool.")) return;
  const Tree& tree = names.tree();
  for (Id id = 0; id < tree.size(); ++id) {
    const auto method = method_of(tree, id);
    if (method != "create" && method != "createOnly" && method != "execute" && method != "drop") continue;
    Id object = inner(tree, tree.child(id, Field::object));
    if (tree.is(object, Kind::identifier)) {
      const auto& known = names.bindings(object);
      if (known.size() != 1) continue;
      object = known[0].value;
    }
    // new SchemaExport().setFormat(true).create(…)
    while (tree.is(object, Kind::method_invocation)) object = tree.child(object, Field::object);
    if (!tree.is(object, Kind::object_creation_expression)) continue;
    const auto type = tree.text(tree.child(object, Field::type));
    if (!type.ends_with("SchemaExport") && !type.ends_with("SchemaUpdate")) continue;
    found.push_back(schema_call_of(kHibernate, tree.line(id), std::string(type) + "." + std::string(method),
                                   method == "drop" ? SchemaCallKind::drop_all : SchemaCallKind::create_all));
  }
}

void find_listeners(std::string_view path, std::string_view content, FileFacts& facts) {
  int line = 0;
  const bool services = path.find("META-INF/services/") != std::string_view::npos;
  const auto interface = path.substr(path.rfind('.') + 1);
  bool named = false;  // <name>listener</name>
  for (const auto& text : split(content, '\n')) {
    ++line;
    const auto plain = trim(text);
    if (plain.empty()) continue;
    if (services) {
      if (plain.starts_with("#")) continue;
      facts.hooks.push_back({line, std::string(interface),
                             path.find("testng") != std::string_view::npos ? "TestNG" : "JUnit 5",
                             HookMoment::session});
      continue;
    }
    // Surefire's property of JUnit 4's runner and of TestNG's.
    if (plain.find("<name>listener</name>") != std::string_view::npos) named = true;
    if (!named || plain.find("<value>") == std::string_view::npos) continue;
    const bool testng = content.find("<artifactId>testng</artifactId>") != std::string_view::npos;
    facts.hooks.push_back(
        {line, testng ? "listener" : "RunListener", testng ? "TestNG" : "JUnit 4", HookMoment::session});
    named = false;
  }
}

}  // namespace exitgate::collect::code::java
