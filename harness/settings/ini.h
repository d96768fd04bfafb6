// INI files as Python's configparser reads them: alembic.ini, setup.cfg, tox.ini, pytest.ini, settings.ini.
// No INI library has its continuation lines, DEFAULT section and %(name)s.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::settings {

class Ini {
 public:
  // Lenient on lines that configparser would refuse: they are kept as mistakes.
  static Ini parse(std::string_view text);

  struct Line {
    std::string text;
    int line = 0;
  };
  struct Value {
    std::string text;              // as written, continuation lines joined by newlines
    int line = 0;                  // of the key
    std::vector<Line> lines = {};  // of the value, trimmed, without the empty ones
  };

  std::vector<std::string> sections() const;  // in the order of the file, without DEFAULT
  bool has(std::string_view section) const;
  std::vector<std::string> keys(std::string_view section) const;  // lower case, sorted; without DEFAULT's
  // As written, falling back to DEFAULT; keys are lower case.
  const Value* find(std::string_view section, std::string_view key) const;
  // With %(name)s worked out from the section, DEFAULT and `extra`; nullopt when the key is not there.
  // `failed` is set to the name that nothing gives, or to the text that is not an interpolation.
  std::optional<std::string> get(std::string_view section, std::string_view key,
                                 const std::map<std::string, std::string>& extra, std::string& failed) const;
  int line_of(std::string_view section) const;
  const std::vector<int>& mistakes() const { return mistakes_; }

 private:
  struct Section {
    std::string name;
    int line = 0;
    std::map<std::string, Value, std::less<>> values;
  };
  const Section* section(std::string_view name) const;
  bool expand(std::string_view section, std::string_view text,
              const std::map<std::string, std::string>& extra, int depth, std::string& out,
              std::string& failed) const;
  std::vector<Section> sections_;
  std::vector<int> mistakes_;
};

}  // namespace exitgate::settings
