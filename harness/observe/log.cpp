#include "harness/observe/log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace exitgate::observe {

const std::string_view kLinePrefix = "\x1e%n\x1f%c\x1f%p\x1f%v\x1f%i\x1f%e\x1f%a\x1f%u\x1f%d\x1f";

namespace {

constexpr char kRecord = '\x1e';
constexpr char kField = '\x1f';
constexpr std::size_t kFields = 9;

// "1795796980.583"
std::int64_t microseconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  std::int64_t result = seconds * 1'000'000;
  std::int64_t unit = 100'000;
  for (const char* at = end + 1; at < text.data() + text.size() && unit > 0; ++at, unit /= 10)
    result += (*at - '0') * unit;
  return result;
}

struct Line {
  std::array<std::string_view, kFields> fields;
  std::string_view level;
  std::string_view rest;
};

// A line from its separator on, its continuation lines with it.
std::optional<Line> line_of(std::string_view text) {
  Line line;
  text.remove_prefix(1);
  for (auto& field : line.fields) {
    const std::size_t end = text.find(kField);
    if (end == std::string_view::npos) return std::nullopt;
    field = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  const std::size_t colon = text.find(":  ");
  if (colon == std::string_view::npos) return std::nullopt;
  line.level = text.substr(0, colon);
  line.rest = text.substr(colon + 3);
  return line;
}

// The server writes a tab behind each line break of a message.
std::string message_of(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    result += text[at];
    if (text[at] == '\n' && at + 1 < text.size() && text[at + 1] == '\t') ++at;
  }
  return result;
}

Record record_of(const Line& line) {
  Record record;
  const auto& [at, session, process, transaction, tag, state, application, user, database] = line.fields;
  record.at_us = microseconds(at);
  record.session = session;
  std::from_chars(process.data(), process.data() + process.size(), record.process);
  record.virtual_transaction = transaction;
  record.tag = tag;
  record.sqlstate = state;
  record.application = application;
  record.user = user;
  record.database = database;
  record.level = line.level;
  record.message = message_of(line.rest);
  return record;
}

}  // namespace

std::vector<Record> records_of(std::string_view log) {
  std::vector<Record> records;
  std::size_t at = 0;
  while (at < log.size()) {
    std::size_t end = log.find('\n', at);
    if (end == std::string_view::npos) end = log.size();
    if (log[at] != kRecord) {
      at = end + 1;
      continue;
    }
    // A name of a database or role may hold line breaks.
    const auto is_whole = [&] {
      const std::string_view so_far = log.substr(at, end - at);
      return std::count(so_far.begin(), so_far.end(), kField) >= static_cast<std::ptrdiff_t>(kFields);
    };
    while (end + 1 < log.size() && (log[end + 1] == '\t' || (log[end + 1] != kRecord && !is_whole()))) {
      end = log.find('\n', end + 1);
      if (end == std::string_view::npos) end = log.size();
    }
    const auto line = line_of(log.substr(at, end - at));
    at = end + 1;
    if (!line) continue;
    // These follow the message that they belong to, written with it at once.
    std::string Record::*part = nullptr;
    if (line->level == "DETAIL") part = &Record::detail;
    if (line->level == "CONTEXT") part = &Record::context;
    if (line->level == "STATEMENT") part = &Record::statement;
    if (part != nullptr) {
      if (!records.empty() && records.back().session == line->fields[1])
        records.back().*part = message_of(line->rest);
    } else if (line->level != "HINT" && line->level != "QUERY" && line->level != "LOCATION" &&
               line->level != "BACKTRACE") {
      records.push_back(record_of(*line));
    }
  }
  return records;
}

}  // namespace exitgate::observe
