// Gate files that are not in the suite's own folders: what `include:` brought, as harness/suites resolved it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/gate/labels.h"

namespace exitgate::gate {

// A mistake in a gate file or in exitgate.yaml.
struct Mistake {
  std::string message;  // "gates/EG-CG1.yaml:7: unknown check 'retentoin' (did you mean …)"
  std::string hint;
  Labels labels;  // of what it stands in, so that a selection by label meets the mistake
};

// A gate's name, a glob of such names, or a label.
struct SelectionEntry {
  std::string text;
  std::string where;  // "exitgate.yaml:5"
};

// Which gates of an include are asked.
struct Selection {
  std::vector<SelectionEntry> only;  // empty: all
  std::vector<SelectionEntry> except;
  std::string where;  // of the include: "exitgate.yaml:4"
};

// A gate that is there and not asked.
struct LeftOut {
  std::string gate;
  std::string title;
  std::string by;  // "profile minimal", "exitgate.yaml:4"
};

struct IncludedFile {
  std::string shown;   // as messages and Gate::where name it: "https://host/team/gates@1234abcd5678:ci.yaml"
  std::string sealed;  // its name in the folder suite/ of the run: "included/git-1234…/ci.yaml"
  std::string
      origin;  // in full, so that anyone can fetch it again: "https://host/team/gates@<40 digits>:ci.yaml"
  std::string include;  // where it was asked for: "exitgate.yaml:4"
  std::string content;
  // Whether its gates may run programs and ask the database: each include of somebody else's files on the path to it says so.
  bool trusted = true;
  // One for each path of includes that leads to it: indices of Included::selections, all of which a gate must pass.
  std::vector<std::vector<std::size_t>> selections;
};

struct Included {
  std::vector<IncludedFile> files;
  std::vector<Selection> selections;
  std::vector<Mistake> mistakes;
};

}  // namespace exitgate::gate
