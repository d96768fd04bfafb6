// What a tool's configuration says, where it is written as properties or as a program's source.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect {

// "key = value" or "key: value" lines, as in flyway.conf, application.properties and .env: comments begin with '#' or
// '!', a backslash at the end continues a line, quotes around a value are taken off, `export ` before a key too.
std::map<std::string, std::string, std::less<>> properties(std::string_view text);

// The strings that a program's source gives a key: `directory: "./db"`, `'path' => 'db'`, `out = "a"`, a list of them,
// `path.join(__dirname, "db", "migrations")` as "db/migrations". `within`: only inside the braces of that key, as
// `migrations: { directory: … }`; "" for anywhere. What is not a literal is left out.
std::vector<std::string> source_setting(std::string_view text, std::string_view key,
                                        std::string_view within = "");

}  // namespace exitgate::collect
