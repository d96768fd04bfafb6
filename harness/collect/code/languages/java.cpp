// Java: JUnit 4 and 5, TestNG and Cucumber-JVM; the environment by System.getenv, Spring and MicroProfile, also in their
// settings; Hibernate's SchemaExport (its settings are read in hibernate.cpp). Kotlin and Groovy are not read.
#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/language.h"
#include "harness/collect/code/languages/java/java_facts.h"

namespace exitgate::collect::code::languages {

namespace {

constexpr const char* kJUnit5 = "JUnit 5";
constexpr const char* kJUnit4 = "JUnit 4";
constexpr const char* kTestNg = "TestNG";
constexpr const char* kCucumber = "Cucumber-JVM";

void find(const ParsedFile& file, FileFacts& facts) {
  const java::JavaNames names(file.tree);
  java::find_hooks(names, facts.hooks);
  java::find_environment_reads(names, facts.environment_reads);
  java::find_schema_calls(names, facts.schema_calls);
}

void look(std::string_view path, std::string_view content, FileFacts& facts) {
  (void)path;
  const auto has = [&](std::string_view word) { return content.find(word) != std::string_view::npos; };
  const bool junit5 = has("import org.junit.jupiter.");
  const bool junit4 = has("import org.junit.Test;") || has("import org.junit.*;");
  const bool testng = has("import org.testng.annotations.");
  const bool cucumber = has("import io.cucumber.java.");
  if (!junit5 && !junit4 && !testng && !cucumber) return;
  if (cucumber && (has("@Given") || has("@When") || has("@Then"))) {
    add_test_file("java", kCucumber, 0, facts);
    return;
  }
  if (!has("@Test") && !has("@ParameterizedTest") && !has("@RepeatedTest")) return;
  add_test_file("java", junit5 ? kJUnit5 : junit4 ? kJUnit4 : kTestNg, 0, facts);
}

struct Artifact {
  std::string_view text;
  const char* framework;
};

void read_build(std::string_view content, FileFacts& facts) {
  constexpr Artifact kArtifacts[] = {
      {"junit-jupiter", kJUnit5},     {"<artifactId>junit</artifactId>", kJUnit4},
      {"junit:junit:", kJUnit4},      {"<artifactId>testng</artifactId>", kTestNg},
      {"org.testng:testng", kTestNg}, {"cucumber-java", kCucumber},
  };
  int line = 0;
  for (const auto& text : split(content, '\n')) {
    ++line;
    const auto plain = trim(text);
    if (plain.starts_with("//") || plain.starts_with("<!--") || plain.starts_with("#")) continue;
    for (const auto& artifact : kArtifacts) {
      if (plain.find(artifact.text) == std::string_view::npos) continue;
      facts.frameworks.push_back(
          {artifact.framework, "java", line, facts::code::FrameworkEvidence::dependency});
      break;
    }
  }
}

void read_manifest(std::string_view path, std::string_view content, FileFacts& facts) {
  const auto name = name_of(path);
  if (name.starts_with("application") || name.starts_with("bootstrap")) {
    java::find_setting_reads(path, content, facts);
  } else if (path.find("META-INF/services/") != std::string_view::npos) {
    java::find_listeners(path, content, facts);
  } else {
    if (name == "pom.xml") java::find_listeners(path, content, facts);
    read_build(content, facts);
  }
}

std::vector<Framework> frameworks() {
  return {
      {.name = kJUnit5,
       .configuration = {"junit-platform.properties"},
       .session_start = "LauncherSessionListener",
       .start_hint =
           "name a class with `implements LauncherSessionListener`: `launcherSessionOpened` begins the "
           "evidence, `launcherSessionClosed` ends it",
       .session_end = "LauncherSessionListener",
       .end_hint = "write `launcherSessionClosed` in that class",
       .place = "src/test/resources/META-INF/services/org.junit.platform.launcher.LauncherSessionListener",
       .remark = "@BeforeAll and @AfterAll are of one class; what an extension keeps in the root's store "
                 "lives for the "
                 "whole run"},
      {.name = kJUnit4,
       .session_start = "RunListener",
       .start_hint =
           "write a class with `extends RunListener`, and name it in pom.xml as Surefire's property "
           "`listener`",
       .session_end = "RunListener",
       .end_hint = "write `testRunFinished` in that class",
       .place = "pom.xml",
       .remark = "@BeforeClass, @AfterClass and @ClassRule are of one class",
       .run_by = {kJUnit5}},
      {.name = kTestNg,
       .configuration = {"testng.xml"},
       .session_start = "@BeforeSuite",
       .start_hint = "write a method with `@BeforeSuite`",
       .session_end = "@AfterSuite",
       .end_hint = "write a method with `@AfterSuite`",
       .remark = "@BeforeTest and @AfterTest are of one <test> of testng.xml"},
      {.name = kCucumber,
       .session_start = "@BeforeAll",
       .start_hint = "write a static method with `@BeforeAll` of io.cucumber.java",
       .session_end = "@AfterAll",
       .end_hint = "write a static method with `@AfterAll` of io.cucumber.java"},
  };
}

}  // namespace

Language java() {
  return {
      .name = "java",
      .endings = {{".java", "java", syntax::java}},
      .words = {"getenv", "@BeforeAll", "@AfterAll", "@BeforeClass", "@AfterClass", "@ClassRule",
                "AllCallback", "@BeforeSuite", "@AfterSuite", "@BeforeTest", "@AfterTest", "@Value(",
                "@ConfigProperty(", "getRequiredProperty", "nvironment.getProperty(", "env.getProperty(",
                "nvironment().getProperty(", "SchemaExport", "SchemaUpdate"},
      .find = find,
      .look = look,
      .manifests = {"pom.xml", "build.gradle", "build.gradle.kts", "libs.versions.toml",
                    "application*.properties", "application*.yml", "application*.yaml",
                    "bootstrap*.properties", "bootstrap*.yml",
                    "META-INF/services/org.junit.platform.launcher.LauncherSessionListener",
                    "META-INF/services/org.junit.platform.launcher.TestExecutionListener",
                    "META-INF/services/org.testng.ITestNGListener"},
      .read_manifest = read_manifest,
      .frameworks = frameworks(),
  };
}

}  // namespace exitgate::collect::code::languages
