// INI files, as Python's configparser reads them.
#include "harness/settings/ini.h"

#include <gmock/gmock.h>

namespace exitgate::settings {
namespace {

using testing::ElementsAre;

TEST(IniFile, IsReadAsConfigparserReadsIt) {
  const Ini ini = Ini::parse(
      "\xEF\xBB\xBF[DEFAULT]\nbase = /x\n\n[a]\r\nKey = v ; no comment\n# comment\nlong =\n  one\n  # not "
      "this\n  two\nempty\n"
      "colon: c=d\nuse = %(base)s/%%/%(key)s\nbad = %(lost)s\nloop = %(loop)s\n[b]\nkey = 2\n[a]\nlast = "
      "1\n");
  std::string failed;
  EXPECT_THAT(ini.sections(), ElementsAre("a", "b"));
  EXPECT_EQ(ini.get("a", "key", {}, failed), "v ; no comment");
  EXPECT_EQ(ini.get("a", "long", {}, failed), "one\ntwo");
  EXPECT_EQ(ini.get("a", "colon", {}, failed), "c=d");
  EXPECT_EQ(ini.get("a", "use", {}, failed), "/x/%/v ; no comment");
  EXPECT_EQ(ini.get("b", "base", {}, failed), "/x");
  EXPECT_EQ(ini.get("a", "last", {}, failed), "1");
  EXPECT_EQ(ini.get("a", "nothing", {}, failed), std::nullopt);
  EXPECT_EQ(failed, "");
  EXPECT_EQ(ini.get("a", "bad", {}, failed), std::nullopt);
  EXPECT_EQ(failed, "%(lost)s");
  EXPECT_EQ(ini.get("a", "loop", {}, failed), std::nullopt);
  EXPECT_NE(failed, "");
  EXPECT_THAT(ini.mistakes(), ElementsAre(11));
  const auto* const value = ini.find("a", "long");
  ASSERT_EQ(value->lines.size(), 2U);
  EXPECT_EQ(value->lines[0].text, "one");
  EXPECT_EQ(value->lines[1].line, 10);
  EXPECT_THAT(ini.keys("b"), ElementsAre("key"));
}

}  // namespace
}  // namespace exitgate::settings
