// The records of an observed server's log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::observe {

// How each line of the log begins, as log_line_prefix.
extern const std::string_view kLinePrefix;

struct Record {
  std::int64_t at_us = 0;  // since 1970; exact to the millisecond
  std::string session;
  int process = 0;
  std::string virtual_transaction;  // "3/17"; "3/0" and "" outside of one
  std::string tag;  // of the statement that is carried out, or 'idle', 'idle in transaction', 'PARSE', 'BIND'
  std::string sqlstate;
  std::string application;
  std::string user;
  std::string database;
  std::string level;    // 'LOG', 'ERROR', 'FATAL'
  std::string message;  // with the line breaks that it was written with
  std::string detail;
  std::string context;
  std::string statement;
};

// Of a part of the log that begins at the beginning of a record. What other programs wrote into the log is passed over.
std::vector<Record> records_of(std::string_view log);

}  // namespace exitgate::observe
