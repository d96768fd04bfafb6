// Calls that PostgreSQL 14 and later write in the syntax of the SQL standard, and earlier versions as calls.
#pragma once

#include <string>
#include <string_view>

namespace exitgate::schema {

// The definition as a server before 14 writes it:
//   EXTRACT(year FROM at)          date_part('year'::text, at)
//   (at AT TIME ZONE 'UTC'::text)  timezone('UTC'::text, at)
//   POSITION((a) IN (b))           "position"(b, a)
//   SUBSTRING(a FROM 2 FOR 3)      "substring"(a, 2, 3)
//   TRIM(BOTH b FROM a)            btrim(a, b)
//   OVERLAY(a PLACING b FROM 2)    "overlay"(a, b, 2)
// What is none of these, and what stands in quotes, stays as it is.
std::string with_calls(std::string_view definition);

}  // namespace exitgate::schema
