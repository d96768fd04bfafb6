// Gates that teams have asked for in public, each written from docs/own-gates.md alone in at most 12 lines, with where it was asked.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/asked/try_gate.h"

namespace exitgate::asked {
namespace {

struct Asked {
  const char* name;
  const char* by;    // the issue or pull request that asks for it
  const char* gate;  // an entry of `gates:`
  Files good;
  Files bad;
  const char* said;  // of the bad files
};

class RealGates : public testing::TestWithParam<Asked> {};

TEST_P(RealGates, AreGreenAndRedAndProven) {
  const std::string text = GetParam().gate;
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 12);
  EXPECT_EQ(try_gate(text, GetParam().good), "pass, red under its counterexample\n");
  EXPECT_EQ(try_gate(text, GetParam().bad),
            std::string("fail, red under its counterexample\n") + GetParam().said);
}

const Asked kAsked[] = {
    {"LatestImage",
     "https://github.com/open-policy-agent/conftest/pull/352",
     R"y(- id: no-latest
  title: Each container's image is pinned to a tag other than latest
  check: document
  with:
    files: "deploy/**/*.yaml"
    path: /spec/template/spec/containers/*/image
    where: {path: /kind, equals: Deployment}
    matches: ':[^:/]*[0-9][^:/]*$'
  counterexample:
    file: deploy/a.yaml
    content: "{kind: Deployment, spec: {template: {spec: {containers: [{image: 'a:latest'}]}}}}"
)y",
     {{"deploy/a.yaml",
       "kind: Deployment\nspec: {template: {spec: {containers: [{image: 'r:5000/a:1.2'}]}}}\n---\nkind: "
       "Service\n"}},
     {{"deploy/a.yaml",
       "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: r:5000/a\n      "
       "  - image: b:latest\n"}},
     "FAIL deploy/a.yaml:6: /spec/template/spec/containers/0/image is 'r:5000/a', and must match "
     ":[^:/]*[0-9][^:/]*$\n"
     "FAIL deploy/a.yaml:7: /spec/template/spec/containers/1/image is 'b:latest', and must match "
     ":[^:/]*[0-9][^:/]*$\n"},
    {"PrivilegeEscalation",
     "https://github.com/open-policy-agent/conftest/pull/352",
     R"y(- id: no-escalation
  title: No container may raise its privileges
  check: document
  with:
    files: "deploy/*.yaml"
    path: /spec/containers/*/securityContext/allowPrivilegeEscalation
    equals: false
  counterexample: {file: deploy/a.yaml, content: "{spec: {containers: [{name: a}]}}"}
)y",
     {{"deploy/a.yaml", "spec: {containers: [{securityContext: {allowPrivilegeEscalation: false}}]}\n"}},
     {{"deploy/a.yaml", "spec:\n  containers:\n    - name: a\n"}},
     "FAIL deploy/a.yaml:3: /spec/containers/0/securityContext/allowPrivilegeEscalation is missing\n"},
    {"DockerfileLatest",
     "https://github.com/open-policy-agent/conftest/pull/352",
     R"y(- id: dockerfile-pinned
  title: No image is built from latest
  check: text
  with: {pattern: '^FROM\s+\S+:latest\b', files: "**/Dockerfile*", ignore-case: true}
  counterexample: {file: Dockerfile, content: "FROM python:latest"}
)y",
     {{"a/Dockerfile", "FROM python:3.12\n"}},
     {{"a/Dockerfile", "ARG X\nfrom python:latest AS b\n"}},
     "FAIL a/Dockerfile:2: 'from python:latest' must not occur\n"},
    {"CommunityFiles",
     "https://github.com/DSACMS/automated-codejson-generator/pull/7",
     R"y(- id: community-files
  title: The files that a public repository must have are there
  check: files
  with: {files: ["{docs/,.github/,}SECURITY.md", "{docs/,.github/,}CONTRIBUTING.md"]}
)y",
     {{".github/SECURITY.md", "x"}, {"CONTRIBUTING.md", "x"}},
     {{"docs/SECURITY.md", "x"}},
     "FAIL : {docs/,.github/,}CONTRIBUTING.md is missing: no tracked file matches it\n"},
    {"License",
     "https://github.com/github/.github/pull/570",
     R"y(- id: license-is-mit
  title: The licence is MIT
  check: files
  with: {files: "LICENSE*", must: exist, contains: 'MIT License'}
  counterexample: {file: LICENSE, content: "Apache License"}
)y",
     {{"LICENSE.txt", "The MIT License (MIT)\n"}},
     {{"LICENSE", "BSD\n"}},
     "FAIL LICENSE: does not contain MIT License\n"},
    {"CopyrightHeader",
     "https://github.com/model-checking/kani/issues/1449",
     R"y(- id: copyright
  title: Each source file begins with the copyright
  check: text
  with: {pattern: '\A(#!.*\n)?// Copyright .* Contributors$', files: "**/*.rs", multiline: true, must: occur, per: file}
  counterexample: {file: src/a.rs, content: "fn main() {}"}
)y",
     {{"src/a.rs", "// Copyright Kani Contributors\nfn main() {}\n"}},
     {{"src/a.rs", "fn main() {}\n// Copyright Kani Contributors\n"}},
     "FAIL src/a.rs: the pattern \\A(#!.*\\n)?// Copyright .* Contributors$ does not occur in this file\n"},
    {"FocusedTests",
     "https://github.com/specta/specta/issues/215",
     R"y(- id: no-focused-tests
  title: No test is focused, so that all of them run
  check: syntax
  with:
    language: typescript
    files: "**/*.spec.ts"
    query: '(call_expression function: (identifier) @name (#any-of? @name "fdescribe" "fit")) @finding'
    message: "{name}: only this is run"
  counterexample: {file: src/a.spec.ts, content: "fit('works', () => {});"}
)y",
     {{"src/a.spec.ts", "it('fits', () => { fit; });\n"}},
     {{"src/a.spec.ts", "// fit(\nfdescribe('a', () => {});\n"}},
     "FAIL src/a.spec.ts:2: fdescribe: only this is run\n"},
    {"Debugger",
     "https://github.com/angular/components/issues/175",
     R"y(- id: no-debugger
  title: No debugger statement is left
  check: syntax
  with: {language: javascript, query: (debugger_statement) @finding}
  counterexample: {file: a.js, content: "debugger;"}
)y",
     {{"a.js", "// debugger;\nlet debuggers;\n"}},
     {{"a.js", "function f() {\n  debugger;\n}\n"}},
     "FAIL a.js:2: 'debugger;' must not occur\n"},
    {"RequestsTimeout",
     "https://github.com/semgrep/semgrep-rules/pull/2213",
     R"y(- id: requests-time-out
  title: Each request has a time limit
  check: syntax
  with:
    language: python
    query: '(call function: (attribute object: (identifier) @m attribute: (identifier) @f)
      arguments: (argument_list) @args (#eq? @m "requests") (#any-of? @f "get" "post" "put")
      (#not-match? @args "[(,]\\s*timeout\\s*=")) @finding'
    message: "requests.{f} waits for ever: say timeout="
  counterexample: {file: a.py, content: "requests.get(url)"}
)y",
     {{"a.py", "requests.get(url, timeout=3)\nother.get(url)\n"}},
     {{"a.py", "x = requests.post(\n    url, my_timeout=3)\n"}},
     "FAIL a.py:1: requests.post waits for ever: say timeout=\n"},
    {"NetworkManagerDns",
     "https://github.com/mitre/redhat-enterprise-linux-9-stig-baseline/pull/67",
     R"y(- id: dns-mode
  title: NetworkManager has a DNS mode
  check: document
  with: {files: etc/NetworkManager.conf, format: ini, path: /main/dns, one-of: [none, default]}
  counterexample: {file: etc/NetworkManager.conf, content: "[main]"}
)y",
     {{"etc/NetworkManager.conf", "[main]\ndns = none\n"}},
     {{"etc/NetworkManager.conf", "[main]\nplugins = keyfile\n"}},
     "FAIL etc/NetworkManager.conf:1: /main/dns is missing\n"},
};

INSTANTIATE_TEST_SUITE_P(Of, RealGates, testing::ValuesIn(kAsked),
                         [](const testing::TestParamInfo<Asked>& one) {
                           return std::string(one.param.name);
                         });

}  // namespace
}  // namespace exitgate::asked
