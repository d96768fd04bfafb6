// Which of JavaScript's test frameworks a file shows, and their hooks and fixtures.
#pragma once

#include "harness/collect/code/languages/javascript/script.h"

namespace exitgate::collect::code::javascript {

std::vector<Framework> frameworks();

// By the file's name and what it imports: it is not parsed for this.
void look(std::string_view path, std::string_view content, FileFacts& facts);

// beforeAll and its like, root hooks of Mocha, Cypress' events, exports that a setting may name, and fixtures.
void find_hooks(const Script& script, FileFacts& facts);
void find_fixtures(const Script& script, FileFacts& facts);

// Settings of a framework in a file that is its configuration: globalSetup, setupFiles, projects.
void find_configuration(const Script& script, FileFacts& facts);
// Of package.json, .mocharc, jest.config.json, cypress.json, jasmine.json.
void read_manifest(std::string_view path, std::string_view content, FileFacts& facts);

}  // namespace exitgate::collect::code::javascript
