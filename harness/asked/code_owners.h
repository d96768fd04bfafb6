// CODEOWNERS, as each provider reads it: who owns a file.
//
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
// https://docs.gitlab.com/user/project/codeowners/reference/
// https://docs.gitea.com/usage/code-owners
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/asked/pattern.h"

namespace exitgate::asked {

enum class OwnersProvider { github, gitlab, gitea };

std::optional<OwnersProvider> owners_provider_named(std::string_view name);

// The content of a file of the commit; nullopt when it is not there.
using ReadFile = std::function<std::optional<std::string>(std::string_view)>;

class CodeOwners {
 public:
  // The file that the provider takes; `provider` is told by the files that there are when it is not given. Nullopt without such
  // a file.
  static std::optional<CodeOwners> find(std::optional<OwnersProvider> provider, const ReadFile& read);

  // The file among those of a gate's example, which stands for the commit's wherever either of them is: without one, there are no
  // rules. `commit` only tells the provider.
  static std::optional<CodeOwners> find_in_example(std::optional<OwnersProvider> provider,
                                                   const ReadFile& example, const ReadFile& commit);

  CodeOwners(OwnersProvider provider, std::string file, std::string_view text);

  struct Owned {
    std::vector<std::string> owners;  // empty: a rule says that nobody owns it
    int line = 0;                     // of the rule that decides, the last of several
  };
  // Nullopt when no rule fits.
  std::optional<Owned> of(std::string_view path) const;

  const std::string& file() const { return file_; }

 private:
  struct Rule {
    std::vector<std::string> pattern;   // segments of the path; "**" is any number of them
    std::optional<Pattern> expression;  // of Gitea
    bool negated = false;
    bool below = false;  // what is below a folder that it matches, too
    std::vector<std::string> owners;
    int line = 0;
    std::size_t section = 0;
  };
  void read_github(const std::vector<std::string>& words, int line);
  void read_gitlab(const std::vector<std::string>& words, std::string_view whole, int line);
  void read_gitea(const std::vector<std::string>& words, int line);
  bool fits(const Rule& rule, const std::vector<std::string>& segments, std::string_view path) const;
  std::optional<Owned> in_section(std::size_t section, const std::vector<std::string>& segments,
                                  std::string_view path) const;

  OwnersProvider provider_;
  std::string file_;
  std::vector<Rule> rules_;
  std::vector<std::string> sections_ = {""};
  std::vector<std::vector<std::string>> defaults_ = {{}};
  std::size_t section_ = 0;
};

}  // namespace exitgate::asked
