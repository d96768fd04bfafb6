// Environment variables that pydantic's settings classes read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/collect/code/extract.h"
#include "tests/code/environment_read_lines.h"

namespace exitgate::collect::code {
namespace {

std::string reads(const std::string& source) {
  const auto tree = syntax::Tree::parse(source);
  std::vector<EnvironmentRead> found;
  find_settings_reads(*tree, syntax::Names(*tree), {}, found);
  std::vector<std::string> lines;
  for (const auto& one : found) {
    lines.push_back(line_of(one));
  }
  return join(lines, ", ");
}

struct SettingsCase {
  const char* name;
  const char* source;
  const char* expected;
};

void PrintTo(const SettingsCase& one, std::ostream* out) {
  *out << one.name;
}

class SettingsReads : public ::testing::TestWithParam<SettingsCase> {};

TEST_P(SettingsReads, Are) {
  EXPECT_EQ(reads(GetParam().source), GetParam().expected);
}

const SettingsCase kCases[] = {
    {"Fields",
     "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    database_url: str\n"
     "    debug: bool = False\n    port: int = ...\n    plain = 1\n    _private: int = 2\n",
     "3 DATABASE_URL required, 4 DEBUG optional, 5 PORT required"},
    {"OfVersionOne", "import pydantic as p\nclass S(p.BaseSettings):\n    a: int\n", "3 A required"},
    {"Prefix",
     "from pydantic import BaseSettings\nclass S(BaseSettings):\n    a: int\n    class Config:\n"
     "        env_prefix = 'APP_'\n        case_sensitive = True\n",
     "3 APP_a required"},
    {"PrefixOfVersionTwo",
     "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n"
     "    model_config = SettingsConfigDict(env_prefix='APP_', extra='ignore')\n    a: int = 1\n",
     "4 APP_A optional"},
    {"PrefixInADictionary",
     "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    model_config = {'env_prefix': "
     "'X_'}\n"
     "    a: int\n",
     "4 X_A required"},
    {"ComputedPrefix",
     "from pydantic import BaseSettings\nclass S(BaseSettings):\n    a: int\n    class Config:\n"
     "        env_prefix = f()\n",
     "3 NULL required"},
    {"Field",
     "from pydantic import BaseSettings, Field, AliasChoices\nclass S(BaseSettings):\n    a: str = "
     "Field(...)\n"
     "    b: str = Field('x')\n    c: str = Field(env='OTHER')\n    d: str = Field(default_factory=f)\n"
     "    e: str = Field(validation_alias=AliasChoices('E1', 'E2'))\n    f: str = Field(default='', "
     "env=['F1', 'F2'])\n",
     "3 A required, 4 B optional, 5 OTHER required, 6 D optional, 7 E1 NULL, 7 E2 NULL, 8 F1 optional, 8 F2 "
     "optional"},
    {"ByABaseOfOnesOwn",
     "from pydantic import BaseSettings\nclass Base(BaseSettings):\n    class Config:\n        env_prefix = "
     "'B_'\n"
     "class S(Base):\n    a: int\n",
     "6 B_A required"},
    {"NoneIsNoDefault",
     "from pydantic_settings import BaseSettings\nfrom pydantic import Field\nclass S(BaseSettings):\n"
     "    a: str | None = None\n    b: str = Field(None)\n    c: str | None\n",
     "4 A NULL, 5 B NULL, 6 C required"},
    {"OptionalOfVersionOne",
     "from pydantic import BaseSettings\nclass S(BaseSettings):\n    a: Optional[str]\n    b: Optional[str] "
     "= ...\n",
     "3 A NULL, 4 B required"},
    {"Annotated",
     "from pydantic_settings import BaseSettings\nfrom pydantic import Field\nclass S(BaseSettings):\n"
     "    a: Annotated[str, Field(alias='OTHER')]\n    b: Annotated[str, Field(min_length=1)] = 'x'\n",
     "4 OTHER required, 5 B optional"},
    {"OwnSources",
     "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    a: str\n    b: str = 'x'\n"
     "    @classmethod\n    def settings_customise_sources(cls, *sources):\n        return sources\n",
     "3 A NULL, 4 B optional"},
    {"Circle", "class A(B):\n    x: int\nclass B(A):\n    y: int\n", ""},
    {"AnotherClass", "class BaseSettings: ...\nclass S(BaseSettings):\n    a: int\n", ""},
    {"NoField",
     "from typing import ClassVar\nfrom pydantic import BaseSettings\nclass S(BaseSettings):\n"
     "    a: ClassVar[int] = 1\n    def f(self):\n        b: int = 2\n",
     ""},
};

INSTANTIATE_TEST_SUITE_P(Pydantic, SettingsReads, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace exitgate::collect::code
