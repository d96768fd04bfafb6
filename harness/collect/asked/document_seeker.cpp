#include <fmt/core.h>

#include <algorithm>

#include "harness/asked/document_question.h"
#include "harness/base/path.h"
#include "harness/collect/asked/seeker.h"
#include "harness/documents/xml.h"

namespace exitgate::collect::asked {

namespace rows = facts::asked;
using documents::Found;

namespace {

// A larger one is not kept: it is a document of its own.
constexpr std::size_t kValueLimit = 64U << 10U;

rows::ValueType type_of(const documents::Node* node) {
  if (node == nullptr) return rows::ValueType::absent;
  return rows::value_type_from(documents::name_of(node->type)).value_or(rows::ValueType::null);
}

std::optional<std::string> value_of(const documents::Node* node) {
  if (node == nullptr) return std::nullopt;
  const bool structured = node->type == documents::Type::object || node->type == documents::Type::array;
  auto value = structured ? to_json(*node).dump() : node->text;
  if (value.size() > kValueLimit) return std::nullopt;
  return value;
}

class DocumentSeeker : public Seeker {
 public:
  explicit DocumentSeeker(const check::Parameters& with) : question_(with) {}

  rows::RequestKind kind() const override { return rows::RequestKind::document; }
  const exitgate::asked::FileSet& files() const override { return question_.files; }

  Interest interest(std::string_view path, std::string_view /*mode*/) const override {
    return question_.files.contains(path) ? Interest::content : Interest::none;
  }

  FileAnswer examine(Content& file) const override {
    FileAnswer answer;
    const auto format = question_.format_of(file.path());
    if (!file.unread().empty()) {
      pass_over(file, true, answer);
      return answer;
    }
    const auto problem = [&](std::optional<std::int64_t> line, std::string reason) {
      answer.problems.push_back({.gate = "",
                                 .example = false,
                                 .file = std::string(file.path()),
                                 .line = line,
                                 .reason = std::move(reason)});
    };
    if (!format) {
      problem(std::nullopt, "its name does not tell its format: say it with 'format'");
      return answer;
    }
    if ((*format == documents::Format::xml) == question_.pointer.has_value()) {
      problem(std::nullopt, fmt::format("it is {}, whose paths are written differently", name_of(*format)));
      return answer;
    }
    try {
      if (question_.pointer) {
        values(documents::read_documents(file.text(), *format), file, answer);
      } else {
        xml_values(file, answer);
      }
      answer.examined = true;
    } catch (const documents::DocumentError& error) {
      answer.values.clear();
      answer.found = 0;
      problem(error.line > 0 ? std::optional<std::int64_t>(error.line) : std::nullopt,
              fmt::format("it cannot be read as {}: {}", name_of(*format), error.what()));
    }
    return answer;
  }

  bool is_first(const rows::Value& row) const override { return !question_.violation(row).empty(); }

 private:
  void values(const std::vector<documents::Node>& all, const Content& file, FileAnswer& answer) const {
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const auto& found : select(all[i], *question_.pointer)) {
        if (!holds(all[i], found)) continue;
        add({.gate = "",
             .example = false,
             .file = std::string(file.path()),
             .document = static_cast<std::int64_t>(i),
             .path = found.path,
             .line = found.line > 0 ? std::optional<std::int64_t>(found.line) : std::nullopt,
             .type = type_of(found.node),
             .value = value_of(found.node)},
            answer);
      }
    }
  }

  void xml_values(const Content& file, FileAnswer& answer) const {
    const auto all = documents::select_xml(file.text(), question_.path);
    for (const auto& found : all) {
      add({.gate = "",
           .example = false,
           .file = std::string(file.path()),
           .document = 0,
           .path = found.path,
           .line = found.line,
           .type = found.type == documents::Type::object ? rows::ValueType::object : rows::ValueType::string,
           .value = found.value},
          answer);
    }
    if (all.empty()) {
      add({.gate = "",
           .example = false,
           .file = std::string(file.path()),
           .document = 0,
           .path = question_.path,
           .type = rows::ValueType::absent},
          answer);
    }
  }

  static void add(rows::Value row, FileAnswer& answer) {
    ++answer.found;
    answer.values.push_back(std::move(row));
  }

  // Whether each `where` holds of one value at least that it names.
  bool holds(const documents::Node& root, const Found& found) const {
    return std::all_of(question_.where.begin(), question_.where.end(),
                       [&](const exitgate::asked::Where& where) {
                         const auto values = select(root, bound_to(where.path, *question_.pointer, found));
                         return std::any_of(values.begin(), values.end(), [&](const Found& one) {
                           const auto value = value_of(one.node).value_or("");
                           return where.conditions
                               .violation({to_text(type_of(one.node)), value,
                                           one.keys.empty() ? std::string_view() : one.keys.back()})
                               .empty();
                         });
                       });
  }

  exitgate::asked::DocumentQuestion question_;
};

}  // namespace

std::unique_ptr<Seeker> seek_document(const check::Parameters& with) {
  return std::make_unique<DocumentSeeker>(with);
}

}  // namespace exitgate::collect::asked
