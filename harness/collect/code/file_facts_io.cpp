#include "harness/collect/code/file_facts_io.h"

#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace exitgate::collect::code {

namespace {

// All members of each struct. One that is added and not named here is an error of the compiler: a structured binding has as
// many names as the struct has members.
template <typename Row>
auto members(Row& row) {
  using Plain = std::remove_const_t<Row>;
  if constexpr (std::is_same_v<Plain, Fixture>) {
    auto& [line, name, function, scope, framework] = row;
    return std::tie(line, name, function, scope, framework);
  } else if constexpr (std::is_same_v<Plain, Hook>) {
    auto& [line, name, framework, moment] = row;
    return std::tie(line, name, framework, moment);
  } else if constexpr (std::is_same_v<Plain, FrameworkSign>) {
    auto& [framework, language, line, evidence] = row;
    return std::tie(framework, language, line, evidence);
  } else if constexpr (std::is_same_v<Plain, TestFile>) {
    auto& [language, framework, own_test] = row;
    return std::tie(language, framework, own_test);
  } else if constexpr (std::is_same_v<Plain, SetupReference>) {
    auto& [framework, path, line] = row;
    return std::tie(framework, path, line);
  } else if constexpr (std::is_same_v<Plain, SchemaCall>) {
    auto& [line, callee, kind, imported, library, instead, command] = row;
    return std::tie(line, callee, kind, imported, library, instead, command);
  } else if constexpr (std::is_same_v<Plain, EnvironmentRead>) {
    auto& [line, variable, required, condition, at_import, imported_by, given_by, sets, overrides, functions,
           when_called, reader] = row;
    return std::tie(line, variable, required, condition, at_import, imported_by, given_by, sets, overrides,
                    functions, when_called, reader);
  } else if constexpr (std::is_same_v<Plain, Import>) {
    auto& [module, line, plugin] = row;
    return std::tie(module, line, plugin);
  } else if constexpr (std::is_same_v<Plain, FunctionCall>) {
    auto& [within, module, function, line] = row;
    return std::tie(within, module, function, line);
  } else if constexpr (std::is_same_v<Plain, StoredVariable>) {
    auto& [variable, line] = row;
    return std::tie(variable, line);
  } else if constexpr (std::is_same_v<Plain, Mention>) {
    auto& [line, term, context, text] = row;
    return std::tie(line, term, context, text);
  } else if constexpr (std::is_same_v<Plain, FileReference>) {
    auto& [start, path, upwards, format] = row;
    return std::tie(start, path, upwards, format);
  } else {
    static_assert(std::is_same_v<Plain, FileFacts>);
    auto& [language, parsed, fixtures, hooks, frameworks, test_file, setup_references, setup_exports,
           schema_calls, own_functions, environment_reads, mentions, stored_variables, imports, calls,
           references, problems] = row;
    return std::tie(language, parsed, fixtures, hooks, frameworks, test_file, setup_references, setup_exports,
                    schema_calls, own_functions, environment_reads, mentions, stored_variables, imports,
                    calls, references, problems);
  }
}

class Writer {
 public:
  std::string bytes;

  template <typename Number>
  std::enable_if_t<std::is_integral_v<Number> || std::is_enum_v<Number>> put(Number value) {
    auto left = static_cast<std::uint64_t>(value);
    for (; left >= 0x80; left >>= 7U) bytes += static_cast<char>(left | 0x80U);
    bytes += static_cast<char>(left);
  }
  void put(const std::string& text) {
    put(text.size());
    bytes += text;
  }
  template <typename Value>
  void put(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename Value>
  void put(const std::vector<Value>& values) {
    put(values.size());
    for (const auto& value : values) put(value);
  }
  template <typename Row>
  std::enable_if_t<std::is_class_v<Row>> put(const Row& row) {
    std::apply([&](const auto&... member) { (put(member), ...); }, members(row));
  }
};

struct Damaged {};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }

  template <typename Number>
  std::enable_if_t<std::is_integral_v<Number> || std::is_enum_v<Number>> get(Number& value) {
    std::uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (rest_.empty() || shift > 63) throw Damaged{};
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) break;
    }
    value = static_cast<Number>(number);
  }
  void get(std::string& text) {
    const std::size_t size = count();
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  template <typename Value>
  void get(std::optional<Value>& value) {
    bool there = false;
    get(there);
    if (there) get(value.emplace());
  }
  template <typename Value>
  void get(std::vector<Value>& values) {
    values.resize(count());
    for (auto& value : values) get(value);
  }
  template <typename Row>
  std::enable_if_t<std::is_class_v<Row>> get(Row& row) {
    std::apply([&](auto&... member) { (get(member), ...); }, members(row));
  }

 private:
  // Nothing takes less than a byte.
  std::size_t count() {
    std::size_t size = 0;
    get(size);
    if (size > rest_.size()) throw Damaged{};
    return size;
  }
  std::string_view rest_;
};

}  // namespace

std::string to_bytes(const FileFacts& facts) {
  Writer writer;
  writer.put(facts);
  return std::move(writer.bytes);
}

std::optional<FileFacts> from_bytes(std::string_view bytes) {
  try {
    FileFacts facts;
    Reader reader(bytes);
    reader.get(facts);
    if (!reader.at_end()) return std::nullopt;
    return facts;
  } catch (const Damaged&) {
    return std::nullopt;
  }
}

}  // namespace exitgate::collect::code
