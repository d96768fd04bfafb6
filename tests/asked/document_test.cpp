// `check: document`: what each format's values are, where they stand, and what is said of those that are not as they must be.
#include <gtest/gtest.h>

#include "harness/asked/value_conditions.h"
#include "tests/asked/try_gate.h"

namespace exitgate::asked {
namespace {

std::string gate(const std::string& with, const std::string& counterexample) {
  return "- {id: g, title: t, check: document, with: " + with + ", counterexample: " + counterexample + "}\n";
}

TEST(Document, JsonByPointerWithLines) {
  const std::string with = R"({files: "**/package.json", path: /engines/node, version-at-least: "18"})";
  const std::string bad = R"({file: package.json, content: '{"engines": {"node": ">=16.4"}}'})";
  EXPECT_EQ(try_gate(gate(with, bad), {{"package.json", "{\n \"engines\": {\n  \"node\": \">=16\"\n }\n}\n"},
                                       {"web/package.json", "{\n \"name\": \"web\"\n}\n"},
                                       {"api/package.json", R"({"engines": {"node": "^20.1.0"}})"}}),
            "fail, red under its counterexample\n"
            "FAIL package.json:3: /engines/node is '>=16', and must be at least 18\n"
            "FAIL web/package.json:1: /engines/node is missing\n");
}

TEST(Document, YamlOfSeveralDocumentsWithMergeKeys) {
  const std::string with =
      R"({files: "k8s/*.yaml", path: /spec/containers/*/image, where: {path: /kind, equals: Pod}, not-matches: ':latest$'})";
  const std::string bad =
      R"({file: k8s/a.yaml, content: "{kind: Pod, spec: {containers: [{image: 'a:latest'}]}}"})";
  EXPECT_EQ(try_gate(gate(with, bad), {{"k8s/a.yaml",
                                        "# first\nkind: Pod\nspec:\n  containers:\n    - image: web:1.2\n    "
                                        "- image: db:latest\n---\nkind: List\n"
                                        "spec: {containers: [{image: 'x:latest'}]}\n---\nkind: Pod\nspec:\n  "
                                        "containers:\n  - &c {name: c, image: "
                                        "'y:latest'}\n  - {<<: *c, image: 'y:1'}\n"}}),
            "fail, red under its counterexample\n"
            "FAIL k8s/a.yaml:6: /spec/containers/1/image is 'db:latest', and must not match :latest$\n"
            "FAIL k8s/a.yaml:14: /spec/containers/0/image is 'y:latest', and must not match :latest$\n");
}

TEST(Document, WhereIsBoundToTheSameItem) {
  const std::string with =
      R"({files: compose.yaml, path: /services/*/image, where: {path: "/services/*/build", must: not-exist}, matches: '@sha256:'})";
  EXPECT_EQ(try_gate(gate(with, "{file: compose.yaml, content: '{services: {a: {image: b}}}'}"),
                     {{"compose.yaml", "services:\n  a:\n    image: a\n  b:\n    build: .\n    image: b\n"}}),
            "fail, red under its counterexample\nFAIL compose.yaml:3: /services/a/image is 'a', and must "
            "match @sha256:\n");
}

TEST(Document, TomlIniAndJsonWithComments) {
  EXPECT_EQ(try_gate(gate("{files: pyproject.toml, path: /project/requires-python, matches: '3\\.1[12]'}",
                          R"({file: pyproject.toml, content: "[project]\nrequires-python = '>=3.8'"})"),
                     {{"pyproject.toml", "[project]\nname = \"x\"\nrequires-python = \">=3.9\"\n"}}),
            "fail, red under its counterexample\n"
            "FAIL pyproject.toml:3: /project/requires-python is '>=3.9', and must match 3\\.1[12]\n");
  EXPECT_EQ(try_gate(gate("{files: .editorconfig, path: /~2/indent_style, equals: space}",
                          R"({file: .editorconfig, content: "[*]\nindent_style = tab"})"),
                     {{".editorconfig", "root = true\n\n[*]\nindent_style = tab\n"}}),
            "fail, red under its counterexample\nFAIL .editorconfig:4: /~2/indent_style is 'tab', and must "
            "be 'space'\n");
  EXPECT_EQ(try_gate(gate("{files: tsconfig.json, path: /compilerOptions/strict, equals: true}",
                          "{file: tsconfig.json, content: '{}'}"),
                     {{"tsconfig.json",
                       "{\n  // strict is off\n  \"compilerOptions\": {\"strict\": false,},\n}\n"}}),
            "fail, red under its counterexample\nFAIL tsconfig.json:3: /compilerOptions/strict is false, and "
            "must be true\n");
}

TEST(Document, XmlByXPath) {
  const std::string pom =
      "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n <dependencies>\n  <dependency>\n   "
      "<version>1.0</version>\n"
      "  </dependency>\n  <dependency>\n   <version>2.0-SNAPSHOT</version>\n  </dependency>\n "
      "</dependencies>\n</project>\n";
  const std::string with = "{files: pom.xml, path: //dependency/version, not-matches: SNAPSHOT}";
  const std::string bad =
      "{file: pom.xml, content: '<p><dependency><version>1-SNAPSHOT</version></dependency></p>'}";
  EXPECT_EQ(try_gate(gate(with, bad), {{"pom.xml", pom}}),
            "fail, red under its counterexample\n"
            "FAIL pom.xml:7: /project/dependencies/dependency[2]/version is '2.0-SNAPSHOT', and must not "
            "match SNAPSHOT\n");
  EXPECT_EQ(try_gate(gate(with, bad), {{"pom.xml", "<project>"}}).substr(0, 41),
            "error: 1 subject could not be decided\n? p");
}

TEST(Document, TagsThatAreNotYamlsOwnStayInFrontOfTheirScalars) {
  const std::string with = "{files: t.yaml, path: /Resources/*/Name, matches: '^prod-'}";
  const std::string bad = "{file: t.yaml, content: \"{Resources: {a: {Name: !Ref prod-x}}}\"}";
  EXPECT_EQ(try_gate(gate(with, bad), {{"t.yaml",
                                        "Resources:\n  \u00e4:\n    Name: !Ref prod-x\n  b:\n    Name: "
                                        "prod-b\n    Tags: !If [a, !Sub '${x}', c]\n"
                                        "  c: {Name: !GetAtt 'prod-c'}\n"}}),
            "fail, red under its counterexample\n"
            "FAIL t.yaml:3: /Resources/\u00e4/Name is '!Ref prod-x', and must match ^prod-\n"
            "FAIL t.yaml:7: /Resources/c/Name is '!GetAtt prod-c', and must match ^prod-\n");
}

TEST(Document, FormatsAreToldByNames) {
  EXPECT_EQ(try_gate(gate("{files: \"**/*.{xml,csproj}\", path: /Project/@Sdk, equals: a}",
                          "{file: a.csproj, content: '<Project/>'}"),
                     {{"x/a.csproj", "<Project Sdk='a'/>"}}),
            "pass, red under its counterexample\n");
  EXPECT_EQ(try_gate(gate("{files: .vscode/settings.json, path: /a, equals: 1}",
                          "{file: .vscode/settings.json, content: '{}'}"),
                     {{".vscode/settings.json", "{ // why\n \"a\": 1,\n}\n"}}),
            "pass, red under its counterexample\n");
}

TEST(Document, IsUndecidedOfWhatCannotBeRead) {
  const std::string with = "{files: \"*.json\", path: /a, equals: 1}";
  const std::string bad = "{file: x.json, content: '{\"a\": 2}'}";
  EXPECT_EQ(try_gate(gate(with, bad), {{"x.json", "{\"a\": 1,\n \"a\": 2}"}, {"y.json", "{\n\"a\": 1,}"}}),
            "error: 2 subjects could not be decided\n"
            "? x.json:2: it cannot be read as JSON: the key 'a' is there twice\n"
            "? y.json:2: it cannot be read as JSON: a comma behind the last item\n");
  EXPECT_EQ(try_gate(gate(with, bad), {{"x.json", "{\"a\": 1.0}"}}), "pass, red under its counterexample\n");
  EXPECT_EQ(
      try_gate(gate("{files: \"*.json\", path: /a/*/b, equals: 1}",
                    "{file: x.json, content: '{\"a\": [{\"b\": 2}]}'}"),
               {{"x.json", "{\"a\": []}"}}),
      "error: 1 file examined, and nothing stands at /a/*/b (see 'files'; or write skip-when-empty: true)\n");
}

TEST(Document, AbsentOptionalAndUnique) {
  const Files files = {{"a.json", "{\"name\": \"x\"}"}, {"b.json", "{\"name\": \"x\"}"}, {"c.json", "{}"}};
  EXPECT_EQ(try_gate(gate("{files: \"*.json\", path: /name, optional: true, unique: true}",
                          "{files: {a.json: '{\"name\": 1}', b.json: '{\"name\": 1}'}}"),
                     files),
            "fail, red under its counterexample\nFAIL b.json:1: /name is 'x', as /name in a.json:1 is\n");
  EXPECT_EQ(
      try_gate(gate("{files: \"*.json\", path: /name, must: not-exist, message: \"{file} has {value}\"}",
                    "{file: a.json, content: '{\"name\": 1}'}"),
               files),
      "fail, red under its counterexample\nFAIL a.json:1: a.json has x\nFAIL b.json:1: b.json has x\n");
}

TEST(Document, ConditionsOfNumbersTypesAndLists) {
  const Files files = {{"a.yaml", "port: 80\nname: web\ntags: [a]\npython: 3.10\n"}};
  const auto with = [&](const std::string& path, const std::string& condition) {
    return try_gate(
        gate("{files: a.yaml, path: " + path + ", " + condition + "}", "{file: a.yaml, content: x}"), files);
  };
  EXPECT_EQ(with("/port", "at-least: 1024"),
            "fail, red under its counterexample\nFAIL a.yaml:1: /port is 80, and must be at least 1024\n");
  EXPECT_EQ(
      with("/python", "type: string"),
      "fail, red under its counterexample\nFAIL a.yaml:4: /python is a number (3.10), and must be string\n");
  EXPECT_EQ(with("/python", "version-at-least: '3.9'"), "pass, red under its counterexample\n");
  EXPECT_EQ(with("/name", "one-of: [api, worker]"),
            "fail, red under its counterexample\nFAIL a.yaml:2: /name is 'web', and must be one of 'api', "
            "'worker'\n");
  EXPECT_EQ(with("/tags", "equals: [a]"), "pass, red under its counterexample\n");
  EXPECT_EQ(
      with("/*", "key-matches: '^[a-o]'"),
      "fail, red under its counterexample\nFAIL a.yaml:1: /port has the key 'port', which must match ^[a-o]\n"
      "FAIL a.yaml:3: /tags has the key 'tags', which must match ^[a-o]\n"
      "FAIL a.yaml:4: /python has the key 'python', which must match ^[a-o]\n");
}

TEST(Document, MistakesAreSaidWhereTheyStand) {
  const auto said = [](const std::string& more) {
    return mistakes(gate_file("- id: g\n  title: t\n  check: document\n  with:\n" + more +
                              "\n  counterexample: {file: a.json, content: x}\n"));
  };
  EXPECT_EQ(said("    files: a.json\n    path: name"),
            "own.yaml:9: check 'document': parameter 'path': 'name': a JSON Pointer begins with '/'\n"
            "  > write /dependencies/react, or /services/*/image with * for each\n");
  EXPECT_EQ(said("    files: a.xml\n    path: /a[").substr(0, 82),
            "own.yaml:9: check 'document': parameter 'path' is not an XPath of elements or attr");
  EXPECT_EQ(said("    files: a.json\n    path: /a\n    type: text"),
            "own.yaml:10: check 'document': 'type' names 'text'\n"
            "  > the types are object, array, string, number, boolean, null\n");
  EXPECT_EQ(
      said("    files: a.json\n    path: /a\n    where: {pth: /b}"),
      "own.yaml:10: check 'document': parameter 'where' has the unknown key 'pth' (did you mean 'path'?)\n"
      "  > its parameters are path, format, where, must, optional, equals, one-of, not-one-of, matches, "
      "not-matches, "
      "key-matches, type, at-least, at-most, version-at-least, unique, files, except, message, "
      "skip-when-empty\n");
}

TEST(Versions, AreComparedNumberByNumber) {
  EXPECT_EQ(compare_versions("^18.2.0", "18.10"), -1);
  EXPECT_EQ(compare_versions(">=3.10", "3.9"), 1);
  EXPECT_EQ(compare_versions("v1.0", "1"), 0);
  EXPECT_EQ(compare_versions("latest", "1"), std::nullopt);
}

}  // namespace
}  // namespace exitgate::asked
