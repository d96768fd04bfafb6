#include "harness/suites/objects.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/cache_folder.h"
#include "harness/base/file.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"

namespace exitgate::suites {

namespace {

namespace fs = std::filesystem;

bool is_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// As git itself hashes it.
std::string framed(const Object& object) {
  std::string text = fmt::format("{} {}", object.type, object.content.size());
  text.push_back('\0');
  return text.append(object.content);
}

bool has_id(const std::string& id, std::string_view framed) {
  return (id.size() == 64 ? digest::sha256_hex(framed) : digest::sha1_hex(framed)) == id;
}

[[noreturn]] void tampered(const fs::path& entry) {
  throw VerificationError(
      fmt::format("{}: the kept copy of an included suite is not what its name says: it was changed",
                  entry.string()),
      "delete the file: it is fetched again; then find out who changed it");
}

}  // namespace

bool is_object_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && is_hexadecimal(text);
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && is_hexadecimal(text);
}

ObjectCache ObjectCache::standard() {
  const auto cache = cache_folder();
  return ObjectCache(cache ? std::optional<fs::path>(*cache / "suites") : std::nullopt);
}

std::optional<std::string> ObjectCache::read(const std::string& name) const {
  std::error_code none;
  if (!folder_ || !fs::is_regular_file(*folder_ / name, none)) return std::nullopt;
  return read_file(*folder_ / name);
}

void ObjectCache::keep(const std::string& name, const std::string& content) const {
  std::error_code none;
  if (!folder_ || fs::exists(*folder_ / name, none)) return;
  try {
    make_directories(*folder_);
    write_file(*folder_ / name, content);
  } catch (const Error&) {
    // A cache that cannot be written to costs the next fetch, and nothing else.
  }
}

std::optional<Object> ObjectCache::object(const std::string& id) const {
  auto text = read("git-" + id);
  if (!text) return std::nullopt;
  const auto space = text->find(' ');
  const auto zero = text->find('\0');
  if (!has_id(id, *text) || space > zero || zero == std::string::npos) tampered(*folder_ / ("git-" + id));
  return Object{text->substr(0, space), text->substr(zero + 1)};
}

std::optional<std::string> ObjectCache::blob(const std::string& sha256) const {
  auto text = read("sha256-" + sha256);
  if (text && digest::sha256_hex(*text) != sha256) tampered(*folder_ / ("sha256-" + sha256));
  return text;
}

void ObjectCache::keep_object(const std::string& id, const Object& object) const {
  const auto text = framed(object);
  if (!has_id(id, text))
    throw VerificationError(fmt::format("git gave an object that is not {}", id), "fetch it again");
  keep("git-" + id, text);
}

void ObjectCache::keep_blob(const std::string& sha256, const std::string& content) const {
  if (digest::sha256_hex(content) != sha256) {
    throw VerificationError(fmt::format("what was fetched is not what its digest sha256:{} says", sha256),
                            "the registry or the connection to it is damaged: fetch it again");
  }
  keep("sha256-" + sha256, content);
}

}  // namespace exitgate::suites
