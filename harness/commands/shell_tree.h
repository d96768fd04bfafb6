// How the commands of a script stand to each other: lists, pipelines, groups and conditions.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "harness/commands/shell.h"

namespace exitgate::commands {

struct ShellNode {
  enum Kind {
    command,     // the command `index` of parse_shell()
    assignment,  // `text`
    pipeline,    // children joined by `|`
    and_or,      // children joined by `separators`: `&&` and `||`
    list,        // children one after the other; `separators` behind each
    subshell,    // one list
    group,       // one list, in braces or of a loop; of a `case` one for each pattern
    loop,        // of `while` and `until` the condition and the list, of `for` the list
    branches,    // of `if`: condition, list, condition, list, …, and a list for `else`
    function,    // its body
  };
  Kind kind = list;
  std::size_t index = 0;
  std::string text;
  bool negated = false;  // a pipeline after `!`
  std::vector<Separator> separators;
  std::vector<std::unique_ptr<ShellNode>> children;
  const ShellNode* parent = nullptr;

  std::size_t place() const;  // among the children of its parent
};

// Of the tokens of a script, those within `$( )` left out. Text that no shell would take is read as far as it goes.
std::unique_ptr<ShellNode> shell_tree(const std::vector<ShellToken>& tokens);

}  // namespace exitgate::commands
