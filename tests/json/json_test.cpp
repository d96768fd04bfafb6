#include "harness/json/json.h"

#include <gmock/gmock.h>

#include "harness/base/verification_error.h"
#include "harness/json/strict.h"

namespace exitgate {

namespace {

std::string problem_of(const std::string& text, const Json::Limits& limits = {}) {
  try {
    Json::parse(text, "a.json", limits);
  } catch (const JsonError& error) {
    return error.what();
  }
  return "";
}

TEST(Json, WritesWhatItRead) {
  const std::string text = R"({"z":1,"a":[true,null,-2.5,"x"],"o":{},"l":[]})";
  EXPECT_EQ(Json::parse(text).dump(), text) << "members keep their order";
  EXPECT_EQ(Json::parse(text).dump(2).substr(0, 11), "{\n  \"z\": 1,");
  EXPECT_EQ(Json::parse("9223372036854775807").integer(), INT64_MAX);
  EXPECT_TRUE(Json::parse("9223372036854775808").is_number());
  EXPECT_FALSE(Json::parse("9223372036854775808").is_integer());
}

TEST(Json, IsMadeOfLists) {
  EXPECT_EQ((Json{{"a", 1}, {"b", {{"c", "x"}}}}.dump()), R"({"a":1,"b":{"c":"x"}})");
  EXPECT_EQ(Json::array({"a", "b"}).dump(), R"(["a","b"])");
  EXPECT_EQ((Json{1, "x"}.dump()), R"([1,"x"])");
  EXPECT_EQ(Json(std::optional<std::string>()).dump(), "null");
  EXPECT_EQ(Json("a\xff"
                 "b")
                .dump(),
            "\"a\xEF\xBF\xBD"
            "b\"");
}

TEST(Json, NamesThePlaceOfAMistakeAndQuotesNothing) {
  EXPECT_EQ(problem_of("{\n  \"a\": 1,\n  x}"),
            "a.json: line 3, column 3: syntax error while parsing object key - invalid literal; expected "
            "string literal");
  EXPECT_EQ(problem_of(""),
            "a.json: line 1, column 1: syntax error while parsing value - unexpected end of input; "
            "expected '[', '{', or a literal");
  EXPECT_EQ(problem_of("[\"secret").find("secret"), std::string::npos);
}

TEST(Json, KeepsItsLimits) {
  EXPECT_EQ(problem_of("[[[]]]", {.depth = 3}), "");
  EXPECT_EQ(problem_of("[[[]]]", {.depth = 2}), "a.json: nested deeper than 2 levels");
  EXPECT_EQ(problem_of(R"({"a":1,"a":2})", {.unique_keys = true}), "a.json: the key 'a' is there twice");
  EXPECT_EQ(Json::parse(R"({"a":1,"b":0,"a":2})").dump(), R"({"a":2,"b":0})") << "the last one counts";
  EXPECT_FALSE(Json::try_parse(std::string(100'000, '[')).has_value()) << "no stack is exhausted";
  EXPECT_THROW(parse_strict(R"({"a":1,"a":2})", "a.json"), VerificationError);
}

TEST(Json, SaysWhatElseItIs) {
  const auto json = Json::parse(R"({"s":"x","n":1,"l":["a",2],"b":true})");
  EXPECT_EQ(json.text_or("s"), "x");
  EXPECT_EQ(json.text_or("n", "none"), "none");
  EXPECT_EQ(json.integer_or("s", 7), 7);
  EXPECT_TRUE(json.boolean_or("b", false));
  EXPECT_TRUE(json["missing"]["deeper"].is_null());
  const auto wrong = [&](auto ask) -> std::string {
    try {
      ask();
    } catch (const JsonError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(wrong([&] { json.at("missing"); }), "'missing' is missing");
  EXPECT_EQ(wrong([&] { json.at("n").text(); }), "a string was expected, not a number");
  EXPECT_EQ(wrong([&] { json.at("l").strings(); }), "a string was expected, not a number");
  EXPECT_EQ(wrong([&] { json.at("l")[2]; }), "item 2 is missing");
}

TEST(Json, ComparesWithoutTheOrderOfMembers) {
  EXPECT_EQ(Json::parse(R"({"a":1,"b":[1,2]})") == Json::parse(R"({"b":[1,2],"a":1.0})"), true);
  EXPECT_EQ(Json::parse(R"({"a":[1,2]})") == Json::parse(R"({"a":[2,1]})"), false);
  EXPECT_EQ(Json::parse(R"({"a":1})") == Json::parse(R"({"a":1,"b":null})"), false);
}

}  // namespace

}  // namespace exitgate
