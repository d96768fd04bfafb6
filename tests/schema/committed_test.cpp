// A schema that the repository keeps as SQL, restored: what matters, and what does not.
#include "harness/collect/schema/committed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/compare.h"

namespace exitgate::collect::schema {
namespace {

class Committed : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    programs_ = new database::ServerPrograms(database::find_server_programs());
    cluster_ = new database::Cluster(*programs_);
  }
  static void TearDownTestSuite() {
    delete cluster_;
    delete programs_;
  }
  static Snapshot restore(const std::string& text) {
    return restore_committed(*cluster_, *programs_, "db/structure.sql", text, std::chrono::seconds(60));
  }
  static std::string refused(const std::string& text) {
    try {
      restore(text);
    } catch (const Undecided& problem) {
      return problem.what();
    }
    return "restored";
  }
  static std::string objects(const Snapshot& snapshot) {
    std::vector<std::string> names;
    for (const auto& object : snapshot.objects) {
      const bool other = object.kind == "owner" || object.kind == "grant" || object.kind == "schema" ||
                         object.kind == "extension" || object.kind == "column order";
      if (!other) names.push_back(object.kind + " " + object.identity);
    }
    return join(names, ", ");
  }
  static database::ServerPrograms* programs_;
  static database::Cluster* cluster_;
};
database::ServerPrograms* Committed::programs_ = nullptr;
database::Cluster* Committed::cluster_ = nullptr;

constexpr const char* kPlain =
    "CREATE TABLE public.orders (id integer NOT NULL, note varchar CHECK (note IN ('a', 'b')));\n";

// As newer and older pg_dump, Rails and dbmate write it.
TEST_F(Committed, WhatSaysNothingAboutTheSchema) {
  const std::string dressed =
      "--\n-- PostgreSQL database dump\n--\n\n\\restrict aBcD1234\n\n-- Dumped from database version 17.6\n"
      "SET statement_timeout = 0;\nSET transaction_timeout = 0;\nSET standard_conforming_strings = on;\n"
      "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE SCHEMA public;\n"
      "ALTER SCHEMA public OWNER TO nobody_here;\n\\connect production\nSET default_table_access_method = "
      "heap;\n" +
      std::string(kPlain) +
      "ALTER TABLE public.orders OWNER TO \"Some Owner\";\nGRANT SELECT ON public.orders TO reader;\n"
      "COPY public.orders (id, note) FROM stdin;\n1\ta\n\\.\n\n\\unrestrict aBcD1234\n";
  const auto plain = restore(kPlain);
  const auto found = restore(dressed);
  EXPECT_EQ(objects(plain),
            "column public.orders.id, column public.orders.note, constraint public.orders.orders_note_check, "
            "table public.orders");
  std::vector<std::string> differences;
  for (const auto& one : compare(plain.objects, found.objects).differences) {
    if (one.kind != "owner" && one.kind != "grant") differences.push_back(one.kind + " " + one.identity);
  }
  EXPECT_THAT(differences, ::testing::IsEmpty());
}

TEST_F(Committed, TheFirstStatementThatFails) {
  EXPECT_EQ(
      refused("CREATE TABLE a (id int);\n\nCREATE INDEX i ON no_such_table (id);\nDROP TABLE nothing;\n"),
      "db/structure.sql:3: it cannot be restored: relation \"no_such_table\" does not exist");
  EXPECT_EQ(refused("ALTER TABLE b OWNER TO somebody;\n"),
            "db/structure.sql:1: it cannot be restored: relation \"b\" does not exist");
  EXPECT_EQ(refused("CREATE TABLE a (id int;\n"),
            "db/structure.sql:1: it cannot be restored: syntax error at or near \";\"");
}

TEST_F(Committed, RolesThatAreMadeForIt) {
  EXPECT_EQ(objects(restore("CREATE SCHEMA s AUTHORIZATION first_role;\nCREATE TABLE s.t (a int);\n"
                            "CREATE POLICY p ON s.t TO second_role;\n")),
            "column s.t.a, policy s.t.p, table s.t");
}

TEST_F(Committed, NothingIsLeftOfTheOneBefore) {
  EXPECT_EQ(objects(restore("CREATE TABLE first (a int);")), "column public.first.a, table public.first");
  EXPECT_EQ(objects(restore("")), "");
}

}  // namespace
}  // namespace exitgate::collect::schema
