// JavaScript and TypeScript.
#include "harness/collect/code/languages/javascript/environment.h"
#include "harness/collect/code/languages/javascript/tests.h"
#include "harness/collect/code/other_languages.h"

namespace exitgate::collect::code::languages {

namespace {

void find(const ParsedFile& file, FileFacts& facts) {
  const ScriptNames names(file.tree);
  const javascript::Script script{file.path, file.tree, names};
  javascript::find_configuration(script, facts);
  javascript::find_hooks(script, facts);
  javascript::find_fixtures(script, facts);
  const javascript::Environments environments(script);
  facts.environment_reads = javascript::find_environment_reads(script, environments);
  javascript::find_library_reads(script, environments, facts.environment_reads);
  find_script_schema_calls(file.path, file.tree, facts);
}

}  // namespace

Language javascript() {
  return {
      .name = "javascript",
      .endings = {{".js", "javascript", syntax::javascript},
                  {".mjs", "javascript", syntax::javascript},
                  {".cjs", "javascript", syntax::javascript},
                  {".jsx", "javascript", syntax::javascript},
                  {".ts", "typescript", syntax::typescript},
                  {".mts", "typescript", syntax::typescript},
                  {".cts", "typescript", syntax::typescript},
                  {".tsx", "typescript", syntax::tsx}},
      .words = {"process.env",
                "process?.env",
                "node:process",
                "import.meta.env",
                "Deno.env",
                "Bun.env",
                "$env/dynamic",
                "} = process",
                "env-var",
                "convict",
                "@nestjs/config",
                "createEnv",
                "beforeAll(",
                "afterAll(",
                "beforeAll<",
                "before(",
                "after(",
                "suiteSetup",
                "mochaGlobal",
                "mochaHooks",
                "before:run",
                "after:run",
                "before:spec",
                "after:spec",
                "export async function setup",
                "function setup",
                "teardown",
                ".extend(",
                ".extend<",
                "synchronize",
                "dropSchema",
                "SchemaGenerator",
                "@mikro-orm/",
                "equelize"},
      .always = {"*jest*.config.*", "*vitest*.config.*", "vite.config.*", "*playwright*.config.*",
                 "cypress.config.*", ".mocharc.*", "jest*.js", "vitest.workspace.*", "jasmine.*", "*setup*"},
      .find = find,
      .look = javascript::look,
      .manifests = {"package.json", "jest.config.json", "jest-*.json", ".mocharc.json", ".mocharc.jsonc",
                    "cypress.json", "jasmine.json", "vitest.config.json"},
      .read_manifest = javascript::read_manifest,
      .frameworks = javascript::frameworks()};
}

}  // namespace exitgate::collect::code::languages
