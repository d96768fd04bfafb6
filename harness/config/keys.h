// The keys of what people write for Exitgate, declared once: the readers take from here which keys they know, and the JSON
// Schema for editors (harness/gate/schema_document.h) is made of the same. A new key is one line here and its reading.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace exitgate::config {

struct Key {
  std::string_view name;
  std::string_view meaning;  // a sentence without a period, as an editor shows it
  std::string_view
      shape;  // JSON Schema of its value; {"$ref": "#/$defs/NAME"} stands for a mapping or a definition
  bool required = false;
};

// A mapping with these keys and no other.
struct Mapping {
  std::string_view name;  // of its definition in the schema: "step"
  std::string_view what;  // as messages call it: "a step"
  std::span<const Key> keys;
};

// Shapes that many keys have.
namespace shapes {
inline constexpr std::string_view kText = R"({"$ref": "#/$defs/text"})";        // a scalar that is not blank
inline constexpr std::string_view kTexts = R"({"$ref": "#/$defs/texts"})";      // a list of them
inline constexpr std::string_view kBoolean = R"({"type": "boolean"})";          // true or false
inline constexpr std::string_view kSteps = R"({"$ref": "#/$defs/steps"})";      // commands
inline constexpr std::string_view kReports = R"({"$ref": "#/$defs/reports"})";  // reports made elsewhere
// Gates of others: `include:`.
inline constexpr std::string_view kIncludes =
    R"({"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/include"}]}})";
inline constexpr std::string_view kSeconds = R"({"type": "integer", "minimum": 1, "maximum": 86400})";
inline constexpr std::string_view kRoom = R"({"type": "integer", "minimum": 64, "maximum": 1048576})";  // MB
}  // namespace shapes

// Of exitgate.yaml.
extern const Mapping kConfiguration;
extern const Mapping kDatabase;
extern const Mapping kRole;
extern const Mapping kStep;
extern const Mapping kStairway;
extern const Mapping kRehearsal;
extern const Mapping kTests;
extern const Mapping kReport;
extern const Mapping kEvidence;
extern const Mapping kInclude;
extern const Mapping kWaiver;

// All of them.
std::vector<const Mapping*> configuration_mappings();

}  // namespace exitgate::config
