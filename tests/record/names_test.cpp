#include "harness/record/names.h"

#include <gtest/gtest.h>

#include "harness/record/name_key.h"

namespace exitgate::record {
namespace {

TEST(NameKey, IsTheSameForWhatUnicodeCallsTheSame) {
  EXPECT_EQ(normalized_key("\u00e9"), normalized_key("e\u0301"));
  EXPECT_EQ(normalized_key("\u1ed9"), normalized_key("o\u0323\u0302")) << "two marks";
  EXPECT_EQ(normalized_key("\u1ed9"), normalized_key("o\u0302\u0323")) << "in another order";
  EXPECT_EQ(normalized_key("\ud55c"), normalized_key("\u1112\u1161\u11ab")) << "Hangul";
  EXPECT_EQ(normalized_key("\u212b"), normalized_key("\u00c5")) << "Angstrom";
  EXPECT_EQ(normalized_key("\U0001d15e"), normalized_key("\U0001d157\U0001d165")) << "beyond the basic plane";
  EXPECT_NE(normalized_key("\u00e9"), normalized_key("\u00c9"));
  EXPECT_NE(normalized_key("\u00e9"), normalized_key("e"));
  EXPECT_NE(normalized_key("\ufb01"), normalized_key("fi")) << "compatible is not the same";
}

TEST(NameKey, KnowsNoCase) {
  EXPECT_EQ(caseless_key("E\u0301t\u00c9"), caseless_key("\u00e9T\u00e9"));
  EXPECT_EQ(caseless_key("\u0416\u03a9\u0160\u0141"), caseless_key("\u0436\u03c9\u0161\u0142"));
  EXPECT_EQ(caseless_key("\u00d8"), caseless_key("\u00f8"));
  EXPECT_NE(caseless_key("\u0131"), caseless_key("i"));
  EXPECT_NE(caseless_key("\u0141"), caseless_key("\u0140"));
}

TEST(ArchiveName, IsAFileNameATagAndAnArgument) {
  EXPECT_EQ(archive_name("service"), "service");
  EXPECT_EQ(archive_name("my-Service_2.0"), "my-Service_2.0");
  EXPECT_EQ(archive_name(".github"), "github");
  EXPECT_EQ(archive_name("-rf"), "rf");
  EXPECT_EQ(archive_name("\u00dcn\u00ef s\u00f6\u00df"), "Uni-so");
  EXPECT_EQ(archive_name("a;b\"c${x}[1]"), "a-b-c-x-1");
  EXPECT_EQ(archive_name("\u65e5\u672c"), "repository");
  EXPECT_EQ(archive_name("..."), "repository");
  EXPECT_EQ(archive_name(""), "repository");
  EXPECT_EQ(archive_name("\xff"
                         "a."),
            "a");
  EXPECT_EQ(archive_name(std::string(100, 'a')), std::string(60, 'a'));
}

TEST(NameSet, SaysWhyTwoNamesCannotBeInOneArchive) {
  NameSet names;
  EXPECT_EQ(names.add("d/caf\u00e9"), "");
  EXPECT_EQ(names.add("d/caf\u00e9"), "is there twice");
  EXPECT_EQ(names.add("d/cafe\u0301"), "differs only in its Unicode normalization from another name");
  EXPECT_EQ(names.add("D/CAF\u00c9"), "differs only in case from another name");
  EXPECT_EQ(names.add("d/cafe"), "");
  EXPECT_EQ(names.add("D/cafe\u0301/x"), "is inside a file");
  EXPECT_EQ(names.add("d"), "is a file and a folder");
}

}  // namespace
}  // namespace exitgate::record
