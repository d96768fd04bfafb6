#include "harness/collect/ci/json.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "harness/facts/secrets.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::ci {

namespace {

void append(std::string& out, const yaml::Node& node, Scalars scalars,
            const redact::Redactor* masks = nullptr) {
  switch (node.kind) {
    case yaml::Kind::null:
      out += "null";
      return;
    case yaml::Kind::sequence:
      out += '[';
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i != 0) out += ',';
        append(out, node.items[i], scalars, masks);
      }
      out += ']';
      return;
    case yaml::Kind::mapping:
      out += '{';
      for (std::size_t i = 0; i < node.entries.size(); ++i) {
        if (i != 0) out += ',';
        append_json_string(out, node.entries[i].key.text);
        out += ':';
        append(out, node.entries[i].value, scalars, masks);
      }
      out += '}';
      return;
    default:
      break;
  }
  if (scalars == Scalars::typed && node.kind == yaml::Kind::boolean) {
    out += node.boolean ? "true" : "false";
  } else if (scalars == Scalars::typed && node.kind == yaml::Kind::integer) {
    fmt::format_to(std::back_inserter(out), "{}", node.integer);
  } else if (scalars == Scalars::typed && node.kind == yaml::Kind::real && std::isfinite(node.real)) {
    fmt::format_to(std::back_inserter(out), "{}", node.real);
  } else {
    append_json_string(out, masks == nullptr ? node.text : masks->redact(node.text));
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

std::string raw_json(const yaml::Node& node, const std::function<bool(const yaml::Entry&)>& without) {
  const auto written = [&](const redact::Redactor* masks) {
    std::string out;
    if (!without || !node.is_mapping()) {
      append(out, node, Scalars::typed, masks);
      return out;
    }
    out += '{';
    for (const yaml::Entry& entry : node.entries) {
      if (without(entry)) continue;
      if (out.size() > 1) out += ',';
      append_json_string(out, entry.key.text);
      out += ':';
      append(out, entry.value, Scalars::typed, masks);
    }
    out += '}';
    return out;
  };
  const redact::Redactor& secrets = facts::secrets();
  std::string json = written(nullptr);
  return secrets.redacted(json) ? written(&secrets) : json;
}

std::string to_json(const yaml::Node& node, Scalars scalars) {
  std::string out;
  append(out, node, scalars);
  return out;
}

}  // namespace exitgate::collect::ci
