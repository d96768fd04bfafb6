#include "harness/collect/code/languages/javascript/tests.h"

namespace exitgate::collect::code::javascript {

std::vector<Framework> frameworks() {
  return {
      {.name = "Jest",
       .configuration = {"*jest*.config.*", "jest-*.json", "jest-*.js"},
       .dependencies = {"jest", "@jest/core", "ts-jest", "jest-cli", "react-scripts", "jest-expo"},
       .modules = {"@jest/globals", "jest"},
       .global = true,
       .session_start = "globalSetup",
       .start_hint = "write `globalSetup: \"<rootDir>/test/global-setup.js\"` there, and in that file "
                     "`module.exports = async () => { … }`",
       .session_end = "globalTeardown",
       .end_hint = "write `globalTeardown: \"<rootDir>/test/global-teardown.js\"` there, and in that file "
                   "`module.exports = async () => { … }`",
       .place = "jest.config.js",
       .remark = "no fixtures of a session: what all tests share is made by globalSetup"},
      {.name = "Vitest",
       .configuration = {"*vitest*.config.*", "vitest.workspace.*"},
       .dependencies = {"vitest"},
       .modules = {"vitest"},
       .global = true,
       .extended = true,
       .session_start = "globalSetup",
       .start_hint = "write `globalSetup: \"./test/global-setup.ts\"` under `test:` there, and in that file "
                     "`export async function setup() { … }`",
       .session_end = "teardown",
       .end_hint = "write `export async function teardown() { … }` in the file that globalSetup names",
       .place = "vitest.config.ts",
       .remark = "Vitest's fixtures are of a test, a file or a worker: what all tests share is made by "
                 "globalSetup"},
      {.name = "Playwright",
       .configuration = {"*playwright*.config.*"},
       .dependencies = {"@playwright/test"},
       .modules = {"@playwright/test", "@playwright/experimental-ct-react", "playwright/test"},
       .extended = true,
       .session_start = "globalSetup",
       .start_hint = "write `globalSetup: require.resolve(\"./global-setup\")` there, or a project that the "
                     "others name under "
                     "`dependencies`",
       .session_end = "globalTeardown",
       .end_hint = "write `globalTeardown: require.resolve(\"./global-teardown\")` there, or `teardown: "
                   "\"…\"` in the project "
                   "that the others depend on",
       .place = "playwright.config.ts",
       .remark = "fixtures are of a test or of a worker: what all tests share is made by globalSetup or by a "
                 "project that the others depend on"},
      {.name = "Mocha",
       .configuration = {".mocharc.*"},
       .dependencies = {"mocha"},
       .modules = {"mocha"},
       .global = true,
       .session_start = "mochaGlobalSetup",
       .start_hint = "write `exports.mochaGlobalSetup = async function () { … }` in a file that `require:` "
                     "of .mocharc.json names",
       .session_end = "mochaGlobalTeardown",
       .end_hint = "write `exports.mochaGlobalTeardown = async function () { … }` in a file that `require:` "
                   "of .mocharc.json "
                   "names",
       .remark = "its fixtures of a session are its global hooks: mochaGlobalSetup and mochaGlobalTeardown"},
      {.name = "Cypress",
       .configuration = {"*cypress*.config.*", "cypress.json"},
       .dependencies = {"cypress"},
       .modules = {"cypress"},
       .tests = {"*.cy.js", "*.cy.ts", "*.cy.jsx", "*.cy.tsx", "*.cy.mjs", "cypress/e2e/*.js",
                 "cypress/e2e/*.ts", "cypress/integration/*.js", "cypress/integration/*.ts"},
       .session_start = "before:run",
       .start_hint =
           "write `on(\"before:run\", async (details) => { … })` in `setupNodeEvents(on, config)` there",
       .session_end = "after:run",
       .end_hint =
           "write `on(\"after:run\", async (results) => { … })` in `setupNodeEvents(on, config)` there",
       .place = "cypress.config.ts",
       .remark = "fixtures are files of data, not of a session"},
      {.name = "node:test",
       .modules = {"node:test"},
       .remark = "each file runs in a process of its own: no hooks or fixtures of a whole session but "
                 "`--test-global-setup` of "
                 "Node.js 24"},
      {.name = "Jasmine",
       .configuration = {"jasmine.json", "jasmine.mjs", "jasmine.js"},
       .dependencies = {"jasmine", "jasmine-core", "karma-jasmine"},
       .global = true,
       .session_start = "globalSetup",
       .start_hint = "write `globalSetup: async () => { … }` there",
       .session_end = "globalTeardown",
       .end_hint = "write `globalTeardown: async () => { … }` there",
       .place = "spec/support/jasmine.mjs",
       .remark = "no fixtures of a session"},
      {.name = "AVA",
       .configuration = {"ava.config.*"},
       .dependencies = {"ava"},
       .modules = {"ava"},
       .remark = "each file runs in a process of its own: no hooks or fixtures of a whole session"},
  };
}

}  // namespace exitgate::collect::code::javascript
