// JavaScript and TypeScript: hooks, fixtures, environment reads, and which framework a file shows.
#include <gtest/gtest.h>

#include "tests/code/record_lines.h"

namespace exitgate::collect::code {
namespace {

class JavaScript : public testing::TestWithParam<RecordSample> {};

TEST_P(JavaScript, IsReadBySyntax) {
  EXPECT_EQ(record_lines(GetParam()), GetParam().lines);
}

std::string name_of_sample(const testing::TestParamInfo<RecordSample>& sample) {
  return sample.param.name;
}

const std::vector<RecordSample> kReads = {
    {"Forms", "a.ts", R"js(import { env } from "node:process";
const e = process.env;
const key = "CONSTANT";
a(process.env.A);
a(process.env["B"]);
a(process.env[key]);
a(process.env[name]);
a(e.C, env.D, process?.env?.E);
a(import.meta.env.F, Bun.env.G, Deno.env.get("H"));
// process.env.COMMENT
a("process.env.STRING", other.env.NOT, env2.NOT);
)js",
     "4 A unknown by process.env\n5 B unknown by process.env\n6 CONSTANT unknown by process.env\n"
     "7 NULL unknown by process.env\n8 C unknown by process.env\n8 D unknown by process.env\n"
     "8 E unknown by process.env\n9 F unknown by import.meta.env\n9 G unknown by Bun.env\n"
     "9 H unknown by Deno.env.get\n"},
    {"Defaults", "a.js", R"js(a(process.env.A ?? "x");
a(process.env.B || process.env.C || "x");
const { D, E = "x", F: f = "x", G: g } = process.env;
a(process.env.H ? 1 : 2);
if (process.env.I === "true") a();
a(parseInt(process.env.J, 10) || 3000);
a(process.env.K?.split(",") ?? []);
const l = process.env.L;
a(l || "x");
const m = process.env.M;
if (m) a(m);
a(process.env.N && process.env.N.trim());
a("O" in process.env);
)js",
     "1 A default by process.env\n2 B default by process.env\n2 C default by process.env\n"
     "3 D unknown by process.env\n3 E default by process.env\n3 F default by process.env\n"
     "3 G unknown by process.env\n4 H default by process.env\n5 I default by process.env\n"
     "6 J default by process.env\n7 K default by process.env\n8 L default by process.env\n"
     "10 M default by process.env\n12 N default by process.env\n12 N default by process.env\n"
     "13 O default by process.env\n"},
    {"NoDefaults", "a.js", R"js(a(process.env.A ?? undefined);
a(process.env.B || null);
const { C = undefined } = process.env;
a(`x${process.env.D}`);
a(process.env.E ?? fail("E"));
const f = process.env.F;
if (f) log("F is set");
connect(f);
)js",
     "1 A unknown by process.env\n2 B unknown by process.env\n3 C unknown by process.env\n"
     "4 D unknown by process.env\n5 E unknown by process.env\n6 F unknown by process.env\n"},
    {"Required", "a.ts", R"js(if (!process.env.A) throw new Error("A");
a(process.env.A);
const b = process.env.B;
if (b === undefined || b === "") {
  console.error("B");
  process.exit(1);
}
const { C } = process.env;
if (!C) { throw new Error("C"); }
a(process.env.D.split(","), process.env.E!.trim());
assert(process.env.F);
if (process.env.G) a(); else throw new Error("G");
if (typeof process.env.H === "undefined") throw new Error("H");
)js",
     "1 A required by process.env\n2 A required by process.env\n3 B required by process.env\n"
     "8 C required by process.env\n10 D required by process.env\n10 E required by process.env\n"
     "11 F required by process.env\n12 G required by process.env\n13 H required by process.env\n"},
    {"OnlyWhereItIsCalled", "a.ts", R"js(const a = process.env.A;
export function connect() {
  if (!a) throw new Error("A");
  return new Client(process.env.B!, process.env.C as string);
}
if (process.env.CI) run(process.env.D);
if (!process.env.E || other) throw new Error("E");
if (!process.env.F && other) throw new Error("F");
)js",
     "1 A unknown by process.env\n4 B unknown by process.env\n4 C unknown by process.env\n"
     "6 CI default by process.env\n6 D unknown by process.env if process.env.CI\n"
     "7 E required by process.env\n8 F default by process.env\n"},
    {"Sets", "jest.setup.js", R"js(process.env.A = "x";
process.env.B ??= "x";
delete process.env.C;
process.env.D = undefined;
)js",
     "1 A default by process.env set\n2 B default by process.env set\n"},
    {"OwnFunction", "a.ts", R"js(function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(name);
  return value;
}
const optional = (name: string, other?: string) => process.env[name] ?? other;
a(required("A"), optional("B"), optional("C", "x"), required(name));
)js",
     "2 NULL required by process.env\n6 NULL default by process.env\n7 A required by required\n"
     "7 B default by optional\n7 C unknown by optional\n"},
    {"Zod", "env.ts", R"js(import { z } from "zod";
const url = z.string().url();
const schema = z.object({
  A: z.string().min(1),
  B: z.string().default("x"),
  C: z.coerce.number(),
  D: z.string().optional(),
  E: url,
  F: z.preprocess(fix, z.string()),
  G: other,
});
export const env = schema.parse(process.env);
const p = z.object({ H: z.string() }).partial().safeParse(process.env);
const q = z.object({ I: z.string() }).safeParse({ ...process.env });
z.object({ J: z.string() }).parse(body);
)js",
     "4 A required by zod\n5 B default by zod\n6 C required by zod\n7 D default by zod\n8 E required by zod\n"
     "9 F unknown by zod\n10 G unknown by zod\n13 H default by zod\n14 I unknown by zod\n"},
    {"T3", "env.mjs", R"js(import { createEnv } from "@t3-oss/env-nextjs";
import { z } from "zod";
export const env = createEnv({
  server: { A: z.string(), B: z.enum(["x"]).default("x") },
  client: { NEXT_PUBLIC_C: z.string() },
  runtimeEnv: { A: process.env.A },
});
)js",
     "6 A unknown by process.env\n4 A required by @t3-oss/env\n4 B default by @t3-oss/env\n"
     "5 NEXT_PUBLIC_C required by @t3-oss/env\n"},
    {"Others", "env.ts", R"js(import { cleanEnv, str } from "envalid";
import env from "env-var";
import convict from "convict";
import { parseEnv, z } from "znv";
cleanEnv(process.env, { A: str(), B: str({ default: "x" }), C: str({ devDefault: "x" }) });
env.get("D").required().asString(); env.get("E").default("x").asString(); env.get("F").asString();
convict({ g: { format: String, default: "x", env: "G" }, h: { format: String, default: null, env: "H" } });
parseEnv(process.env, { I: z.string(), J: { schema: z.string(), defaults: { _: "x" } } });
other.get("K");
)js",
     "5 A required by envalid\n5 B default by envalid\n5 C unknown by envalid\n6 D required by env-var\n"
     "6 E default by env-var\n6 F unknown by env-var\n7 G default by convict\n7 H unknown by convict\n"
     "8 I required by znv\n8 J default by znv\n"},
    {"Nest", "app.module.ts", R"js(import { ConfigModule, ConfigService } from "@nestjs/config";
import * as Joi from "joi";
ConfigModule.forRoot({ validationSchema: Joi.object({
  A: Joi.string().required(), B: Joi.number().default(1), C: Joi.string() }) });
class S { constructor(private configService: ConfigService) {
  configService.get("D"); configService.get("E", "x"); this.configService.getOrThrow<string>("F");
  configService.get("database.url"); map.get("G"); } }
)js",
     "4 A required by joi\n4 B default by joi\n4 C default by joi\n6 D unknown by ConfigService.get\n"
     "6 E default by ConfigService.get\n6 F required by ConfigService.getOrThrow\n"},
    {"Tsx", "a.tsx", "export const A = () => <p>{process.env.A ?? \"x\"}</p>;\n",
     "1 A default by process.env\n"},
    {"Unreadable", "a.ts", "const a = = process.env.A;\n",
     "1 A unknown by process.env\nline 1: does not parse as TypeScript, and facts may be hidden in it\n"},
    {"Foreign", "node_modules/a/a.js", "a(process.env.A);\n", ""},
};
INSTANTIATE_TEST_SUITE_P(Reads, JavaScript, testing::ValuesIn(kReads), name_of_sample);

const std::vector<RecordSample> kHooks = {
    {"Jest", "jest.config.ts", R"js(export default {
  globalSetup: "<rootDir>/test/setup.ts",
  globalTeardown: undefined,
  setupFiles: [],
  projects: [{ setupFilesAfterEnv: ["./a.ts"] }],
};
)js",
     "2 hook globalSetup of Jest: session-start\n5 hook setupFilesAfterEnv of Jest: file-start\n0 framework "
     "Jest\n"},
    {"JestAsJson", "test/jest-e2e.json", "{\n  \"globalTeardown\": \"./down.js\"\n}\n",
     "2 hook globalTeardown of Jest: session-end\n0 framework Jest\n"},
    {"Package", "package.json", R"js({
  "scripts": { "test": "node --test" },
  "devDependencies": {
    "vitest": "^1",
    "@playwright/test": "^1", "jest-mock": "1"
  },
  "jest": { "globalSetup": "./a.js" },
  "mocha": "text"
}
)js",
     "7 hook globalSetup of Jest: session-start\n7 framework Jest\n4 framework Vitest\n5 framework "
     "Playwright\n"
     "2 framework node:test\n"},
    {"PackageThatIsNoJson", "package.json", "{ \"jest\": \n", "not read: it is not JSON\n"},
    {"Vite", "vite.config.ts", R"js(import { defineConfig } from "vite";
export default defineConfig({ globalSetup: "./no.ts", test: { globalSetup: ["./a.ts"] } });
)js",
     "2 hook globalSetup of Vitest: session-start\n2 framework Vitest\n"},
    {"ViteWithoutTests", "vite.config.ts", "export default { build: { globalSetup: \"x\" } };\n", ""},
    {"Playwright", "playwright.config.ts", R"js(import { defineConfig } from "@playwright/test";
export default defineConfig({
  globalSetup: require.resolve("./global-setup"),
  projects: [
    { name: "setup", teardown: "cleanup" },
    { name: "chromium", dependencies: ["setup"] },
    { name: "firefox", dependencies: [] },
  ],
});
)js",
     "3 hook globalSetup of Playwright: session-start\n5 hook teardown of Playwright: session-end\n"
     "6 hook dependencies of Playwright: session-start\n0 framework Playwright\n"},
    {"Mocha", "test/hooks.cjs", R"js(exports.mochaHooks = { beforeAll() {}, afterEach() {} };
exports.mochaGlobalSetup = async function () {};
module.exports.mochaGlobalTeardown = () => {};
)js",
     "1 hook mochaHooks.beforeAll of Mocha: session-start\n1 hook mochaHooks.afterEach of Mocha: other\n"
     "2 hook mochaGlobalSetup of Mocha: session-start\n3 hook mochaGlobalTeardown of Mocha: session-end\n"},
    {"MochaAsAModule", "test/hooks.mjs",
     "export const mochaHooks = () => ({ afterAll: async () => {} });\nexport async function "
     "mochaGlobalSetup() {}\n",
     "1 hook mochaHooks.afterAll of Mocha: session-end\n2 hook mochaGlobalSetup of Mocha: session-start\n"},
    {"Cypress", "cypress.config.ts",
     "export default { e2e: { setupNodeEvents(on, config) {\n on(\"before:run\", () => {});\n "
     "on('after:spec', f); } } };\n",
     "2 hook before:run of Cypress: session-start\n3 hook after:spec of Cypress: file-end\n0 framework "
     "Cypress\n"},
    {"VitestTests", "src/a.test.ts", R"js(import { beforeAll, describe } from "vitest";
describe("a", () => {
  beforeAll(async () => {});
  // afterAll(() => {});
});
)js",
     "3 hook beforeAll of Vitest: file-start\ntests of Vitest\n"},
    {"GlobalTests", "src/a.spec.js", "describe('a', () => {\n  afterAll(close);\n  it('b', () => {});\n});\n",
     "2 hook afterAll of : file-end\ntests of NULL\n"},
    {"PlaywrightTests", "e2e/a.spec.ts",
     "import { test } from '@playwright/test';\ntest.beforeAll(async () => {});\ntest('a', async () => "
     "{});\n",
     "2 hook beforeAll of Playwright: file-start\ntests of Playwright\n"},
    {"NodeTests", "test/a.mjs",
     "import { before, test } from 'node:test';\nbefore(() => {});\ntest('a', () => {});\n",
     "2 hook before of node:test: file-start\ntests of node:test\n"},
    {"CypressTests", "cypress/e2e/a.cy.ts", "before(() => {});\nit('a', () => cy.visit('/'));\n",
     "1 hook before of Cypress: file-start\ntests of Cypress\n"},
    {"NotTests", "src/before.ts", "before(() => {});\nobject.beforeAll(x);\n", ""},
    {"HelperOfTests", "test/helper.ts", "export function helper() {}\n", ""},
};
INSTANTIATE_TEST_SUITE_P(Hooks, JavaScript, testing::ValuesIn(kHooks), name_of_sample);

std::string fixtures_of(const char* content) {
  FileFacts facts;
  examine_by_records("e2e/fixtures.ts", content, facts);
  std::string lines;
  for (const auto& one : facts.fixtures)
    lines += fmt::format("{} {} {} {}\n", one.line, one.name.value_or("NULL"),
                         one.scope ? to_text(*one.scope) : "NULL", one.framework);
  return lines;
}

// Many reads by name in a large file: the work grows with what is used, not with the file for each of them.
TEST(JavaScriptReads, OfALargeFileEnd) {
  std::string source;
  for (int i = 0; i < 2000; ++i)
    source += fmt::format("const a{0} = process.env.A{0};\nuse(a{0} ?? {0});\n", i);
  FileFacts facts;
  examine_by_records("a.js", source, facts);
  ASSERT_EQ(facts.environment_reads.size(), 2000U);
  for (const auto& read : facts.environment_reads) EXPECT_EQ(read.required, false) << *read.variable;
}

TEST(JavaScriptReads, OfHostileNestingAreRefusedInTime) {
  std::string source;
  for (int i = 0; i < 3000; ++i) source += "if (process.env.A) {";
  source += "process.env.B;";
  for (int i = 0; i < 3000; ++i) source += "}";
  FileFacts facts;
  try {
    examine_by_records("a.js", source, facts);
    EXPECT_FALSE(facts.environment_reads.empty() && facts.problems.empty());
  } catch (const std::exception& refused) {
    EXPECT_STREQ(refused.what(), "it takes too long: nested too deeply, or too large");
  }
}

TEST(JavaScriptFixtures, OfPlaywright) {
  EXPECT_EQ(fixtures_of(R"js(import { test as base, expect } from "@playwright/test";
export const test = base.extend<A, B>({
  page: async ({ page }, use) => { await use(page); },
  async todo({ page }, use) {},
  database: [async ({}, use) => {}, { scope: "worker", auto: true }],
  computed: [async ({}, use) => {}, { scope: scope }],
  option: ["x", { option: true }],
});
expect.extend({ toBeA() {} });
)js"),
            "3 page function Playwright\n4 todo function Playwright\n5 database worker Playwright\n"
            "6 computed NULL Playwright\n");
}

TEST(JavaScriptFixtures, OfVitest) {
  EXPECT_EQ(fixtures_of(R"js(import { test as base } from "vitest";
const test = base.extend({ a: [async ({}, use) => {}, { scope: "file" }] })
  .extend("b", { scope: "worker" }, async () => 1);
)js"),
            "3 b worker Vitest\n2 a module Vitest\n");
}

TEST(JavaScriptFixtures, OfNeither) {
  EXPECT_EQ(fixtures_of("import { test } from './a';\ntest.extend({ a: async () => {} });\n"), "");
}

}  // namespace
}  // namespace exitgate::collect::code
