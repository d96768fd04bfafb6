// Placeholders of Spring's and Quarkus' settings: `${DATABASE_URL:jdbc:…}`.
#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/code/languages/java/java_facts.h"

namespace exitgate::collect::code::java {

bool is_variable_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string_view::npos;
}

namespace {

// The end of the placeholder that begins at `${`: its `}`, or npos.
std::size_t end_of(std::string_view text, std::size_t begin) {
  int depth = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth == 0) return at;
  }
  return std::string_view::npos;
}

// Whether the text may be left with a variable that is not set: it asks for one without a default of its own.
bool may_fail(std::string_view text, int depth) {
  for (std::size_t at = 0; depth > 0 && (at = text.find("${", at)) != std::string_view::npos;) {
    const std::size_t end = end_of(text, at);
    if (end == std::string_view::npos) return true;
    const auto inside = text.substr(at + 2, end - at - 2);
    const std::size_t colon = inside.find(':');
    if (colon == std::string_view::npos) {
      if (is_variable_name(trim(inside))) return true;
    } else if (may_fail(inside.substr(colon + 1), depth - 1)) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

constexpr int kDepth = 8;

void collect(std::string_view text, std::size_t offset, bool nested, int depth,
             std::vector<Placeholder>& found) {
  for (std::size_t at = 0; depth > 0 && (at = text.find("${", at)) != std::string_view::npos;) {
    const std::size_t end = end_of(text, at);
    if (end == std::string_view::npos) return;
    const auto inside = text.substr(at + 2, end - at - 2);
    const std::size_t colon = inside.find(':');
    const auto name = trim(inside.substr(0, colon));
    const bool has_default = colon != std::string_view::npos;
    const auto other = has_default ? inside.substr(colon + 1) : std::string_view();
    if (is_variable_name(name)) {
      std::optional<bool> required;
      if (has_default) {
        if (!may_fail(other, kDepth)) required = false;
      } else if (!nested) {
        required = true;
      }
      found.push_back({std::string(name), required, offset + at});
    }
    collect(other, offset + at + 3 + colon, true, depth - 1, found);
    at = end + 1;
  }
}

}  // namespace

std::vector<Placeholder> placeholders_of(std::string_view text) {
  std::vector<Placeholder> found;
  collect(text, 0, false, kDepth, found);
  return found;
}

void find_setting_reads(std::string_view path, std::string_view content, FileFacts& facts) {
  const bool properties = path.ends_with(".properties");
  int line = 1;
  for (std::size_t at = 0; at < content.size();) {
    std::size_t end = std::min(content.find('\n', at), content.size());
    const auto first = trim(content.substr(at, end - at));
    const bool comment = first.starts_with("#") || (properties && first.starts_with("!"));
    // A value goes on behind a backslash.
    while (properties && !comment && end < content.size() && end > at &&
           (content[end - 1] == '\\' || content.substr(at, end - at).ends_with("\\\r")))
      end = std::min(content.find('\n', end + 1), content.size());
    auto shown = content.substr(at, end - at);
    const auto lines = static_cast<int>(std::count(shown.begin(), shown.end(), '\n'));
    if (!properties) shown = shown.substr(0, shown.find(" #"));
    if (!comment) {
      for (auto& one : placeholders_of(shown)) {
        EnvironmentRead read;
        read.line = line + static_cast<int>(std::count(
                               shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(one.offset), '\n'));
        read.variable = std::move(one.variable);
        // Without a default it depends on who asks for the property.
        if (one.required == false) read.required = false;
        read.reader = "${}";
        facts.environment_reads.push_back(std::move(read));
      }
    }
    line += lines + 1;
    at = end + 1;
  }
}

}  // namespace exitgate::collect::code::java
